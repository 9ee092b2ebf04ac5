# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034 # for those who source it
# Sourced by scripts of the host and by the scenarios' library in dom0 (POSIX sh):
# what an exit status means.

# Of our scripts.
readonly status_failed=1      # a check failed
readonly status_usage=2       # wrong arguments
readonly status_unavailable=3 # no source to build from, or our patches do not apply
readonly status_skip=4        # there was nothing to check
readonly status_error=5       # no verdict: the lab, an emulator or the host broke

# Of commands, as timeout(1), the shell and the lab's guest have them.
readonly status_timeout=124
readonly status_no_answer=125 # the command that runs it failed itself
readonly status_not_executable=126
readonly status_not_found=127
readonly status_signal=128 # and above: the signal's number is added
