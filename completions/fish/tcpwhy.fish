# SPDX-License-Identifier: GPL-3.0-or-later
# tcpwhy: completion for fish. Options, causes, fields and interfaces are asked of the program itself.

function __tcpwhy_values # KIND
    switch $argv[1]
        case CAUSE
            tcpwhy --causes 2>/dev/null | string replace -r ' +' \t
        case CAUSES
            # what stands before the last comma stays
            set -l before (commandline -ct | string replace -r '^--fail-on=' '' | string match -r '.*,')
            printf '%s\n' $before"any"
            tcpwhy --causes 2>/dev/null | string replace -r '^([^ ]+) +' $before'$1'\t
        case IFACE
            tcpwhy -D 2>/dev/null | string replace -r ' +' \t
        case FILTER
            set -l not (commandline -ct | string match -r '^!')
            tcpwhy --list=fields 2>/dev/null | string replace -r '^([^\t]+)\t([^\t]+)\t' "$not"'$1$2'\t
        case WHEN
            printf '%s\n' auto always never
        case WHAT
            printf '%s\n' options fields
    end
end

for line in (tcpwhy --list=options 2>/dev/null)
    set -l option (string split \t -- $line)
    set -l arguments -c tcpwhy -d $option[4]
    test -n "$option[1]"; and set -a arguments -s (string sub -s 2 -- $option[1])
    test -n "$option[2]"; and set -a arguments -l (string sub -s 3 -- $option[2])
    switch "$option[3]"
        case ''
        case FILE
            set -a arguments -r -F
        case '*'
            set -a arguments -x -a "(__tcpwhy_values $option[3])"
    end
    complete $arguments
end
