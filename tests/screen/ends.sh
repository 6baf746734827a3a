#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# ends: SIGHUP, SIGTERM and SIGINT on each screen, at each prompt, and while it waits for more of a pipe: the exit status is the manual's,
# the settings of the terminal (stty -a) are as they were, and the main screen shows again.
if [ ! -x "$TOP_BUILDDIR/tests/screen/screen" ]; then
	echo '1..0 # SKIP libvterm is not installed'
	exit 0
fi
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT

# NAME|lines of the script that lead there, separated by ";"
places='flows|wait 1 of 15
filter|key /;type refused;wait refused
bad-filter|key /;type (;wait missing closing
ready|key f;wait tcpwhy  Ready filters
columns|key C;wait tcpwhy  Columns
settings|key S;wait tcpwhy  Settings
summary|key s;wait tcpwhy  Summary
help|key ?;wait tcpwhy  Help
ladder|key Enter;wait tcpwhy  Ladder
segment|key Enter;wait tcpwhy  Ladder;key Enter;wait tcpwhy  Segment
graph|key Enter;wait tcpwhy  Ladder;key T;wait tcpwhy  Graph
ladder-export|key Enter;wait tcpwhy  Ladder;key e;wait tcpwhy  Export
export|key e;wait tcpwhy  Export
export-name|key e;wait tcpwhy  Export;key Enter;wait Enter writes
save|key w;wait Save
text|key V;wait tcpwhy  Text
small|resize 20 5;wait too small
suspended|key ^Z;stopped;signal CONT;key Down;wait 2 of 15
waiting|feed-fifo'

script() { # NAME LINES: which leads there
	if [ "$2" = feed-fifo ]; then
		printf 'shell mkfifo {tmp}/%s && { (cat {captures}/demo.pcapng; sleep 20) >{tmp}/%s & }\nrun {tmp}/%s\nwait of 15\n' "$1" "$1" "$1"
	else
		printf 'run {captures}/demo.pcapng\nwait 1 of 15\n%s\n' "$2" | tr ';' '\n'
	fi
}
number=10
echo "$places" | while IFS='|' read -r name lines; do
	for signal in HUP TERM INT; do
		case $signal in
		HUP) ends='exit 129' ;;
		TERM) ends='exit 143' ;;
		INT) ends='exit 0' ;;
		esac
		{
			echo "# $name, SIG$signal"
			script "$name-$signal" "$lines"
			printf 'signal %s\n%s\n' "$signal" "$ends"
		} >"$work/$number-$name-$signal.txt"
	done
	number=$((number + 1))
done
"$TOP_BUILDDIR/tests/screen/screen" -s "$work"/*.txt
