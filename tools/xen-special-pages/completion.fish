# SPDX-License-Identifier: GPL-2.0-only
# fish completion for xen-special-pages

# Whether the command on the line is this one; without an argument, whether there is none yet.
function __xen_special_pages_at
    set -l words (commandline -opc)
    set -e words[1]
    while set -q words[1]
        switch $words[1]
            case --sysfs --proc
                set -e words[1]
            case '-*'
            case '*'
                test "$words[1]" = "$argv[1]"
                return
        end
        set -e words[1]
    end
    not set -q argv[1]
end

complete -c xen-special-pages -f
complete -c xen-special-pages -n __xen_special_pages_at -a status -d 'show where the special pages are, and how cached'
complete -c xen-special-pages -n __xen_special_pages_at -a explain -d 'say why they are there, and what would change that'
complete -c xen-special-pages -n __xen_special_pages_at -a place -d 'move them there'
complete -c xen-special-pages -n __xen_special_pages_at -a measure -d 'time accesses to them'
complete -c xen-special-pages -n __xen_special_pages_at -a metrics -d 'print them for Prometheus, or replace FILE'
complete -c xen-special-pages -n __xen_special_pages_at -a watch -d 'show status again and again'
complete -c xen-special-pages -n __xen_special_pages_at -a help -d 'show this'
complete -c xen-special-pages -n __xen_special_pages_at -l sysfs -x -a '(__fish_complete_directories)'
complete -c xen-special-pages -n __xen_special_pages_at -l proc -x -a '(__fish_complete_directories)'
complete -c xen-special-pages -n __xen_special_pages_at -l version
complete -c xen-special-pages -n __xen_special_pages_at -l help

complete -c xen-special-pages -n '__xen_special_pages_at status' -l json
complete -c xen-special-pages -n '__xen_special_pages_at status' -l check
complete -c xen-special-pages -n '__xen_special_pages_at place' -a 'auto range bar boot'
complete -c xen-special-pages -n '__xen_special_pages_at measure' -l both
complete -c xen-special-pages -n '__xen_special_pages_at measure' -l json
complete -c xen-special-pages -n '__xen_special_pages_at watch' -l interval -x
complete -c xen-special-pages -n '__xen_special_pages_at watch' -l count -x
complete -c xen-special-pages -n '__xen_special_pages_at metrics' -F
