#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# doc: every "$ tcpwhy" line of the tutorial is run, and the lines shown below it must be in its output; "..." stands for any.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$TOP_SRCDIR/captures" || exit 99
LC_ALL=C.UTF-8
export LC_ALL
n=0
known=0

check() { # the command in $command, what it must say in $work/want
	n=$((n + 1))
	# Words are separated by spaces; none of the tutorial's is quoted.
	set -f
	# shellcheck disable=SC2086
	set -- $command
	set +f
	shift
	"$TCPWHY" "$@" >"$work/out" 2>"$work/err" </dev/null
	status=$?
	sed 's/^/# /' "$work/err"
	good=$status
	while IFS= read -r wanted; do
		grep -qxF -e "$wanted" "$work/out" && continue
		echo "# not said: $wanted"
		good=1
	done <"$work/want"
	if [ "$good" -eq 0 ]; then echo "ok $n - $command"; else echo "not ok $n - $command (exit $status)"; fi
}

command=
while IFS= read -r line; do
	case $line in
	'    $ tcpwhy '*)
		[ -z "$command" ] || check
		command=${line#????\$ }
		: >"$work/want"
		known=$((known + 1))
		;;
	'    ...' | '') ;;
	'    '*) [ -z "$command" ] || printf '%s\n' "${line#????}" >>"$work/want" ;;
	*)
		[ -z "$command" ] || check
		command=
		;;
	esac
done <"$TOP_SRCDIR/doc/tutorial.md"
[ -z "$command" ] || check
[ "$known" -ge 10 ] || echo "Bail out! only $known commands were found in the tutorial"
echo "1..$n"
