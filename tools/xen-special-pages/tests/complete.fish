# SPDX-License-Identifier: GPL-2.0-only
# complete.fish COMPLETION LINE - the words that fish offers at the end of LINE, one a line.
source $argv[1]
complete -C"$argv[2]" | string replace -r '\t.*' ''
