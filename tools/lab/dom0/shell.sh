# SPDX-License-Identifier: GPL-2.0-only
# What a shell in dom0 begins with: the scenarios' library (lib.sh, --stop-at-failure).

. /lab/job/env
. "/etc/leg-$LEG.sh"
. /lab/job/lib.sh
PS1='dom0# '
