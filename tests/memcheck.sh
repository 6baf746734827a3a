#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# memcheck: every output of every capture under valgrind's memcheck; in a build with sanitizers, which valgrind does not bear, under these.
# The shipped captures by themselves; MEMCHECK=all (make check-sanitize) also those of TCPWHY_CAPTURES (../shared/captures), where they are.
# shellcheck disable=SC2086,SC2046 # $memcheck and names are words: no name here has a space
BROKEN=126
case " $BUILD_CFLAGS " in *' -fsanitize'*) memcheck= ;; *) memcheck="valgrind -q --error-exitcode=$BROKEN --leak-check=full --errors-for-leak-kinds=definite" ;; esac
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}exitcode=$BROKEN" UBSAN_OPTIONS="${UBSAN_OPTIONS:+$UBSAN_OPTIONS:}exitcode=$BROKEN"
if [ -n "$memcheck" ] && ! command -v valgrind >/dev/null; then
	echo '1..0 # SKIP valgrind is not installed'
	exit 0
fi
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$TOP_SRCDIR/tests/tap.sh"
clean() { # DESCRIPTION ARGUMENT...: nothing is found, and it ends by itself
	what=$1
	shift
	timeout 590 $memcheck "$TCPWHY" "$@" >"$work/out" 2>"$work/err" </dev/null
	status=$?
	[ $status -lt 124 ]
	result $? "$what (exit $status)"
	[ $status -lt 124 ] || head -n 40 "$work/err" | sed 's/^/# /'
}
outputs() { # DESCRIPTION FILE...: what is written of several files at once
	name=$1
	shift
	clean "$name: NDJSON with steps" --json --steps "$@"
	clean "$name: report" --report "$@"
	clean "$name: CSV, with a filter" --csv -e 'refused|host:x !resets>0' "$@"
}
shipped=$(echo "$TOP_SRCDIR"/captures/*.pcap "$TOP_SRCDIR"/captures/*.pcapng)
outputs shipped $shipped
demo=$TOP_SRCDIR/captures/demo.pcapng
for how in --ladder=3 --mermaid=3 --svg=3 --graph=3 --detail=44; do
	clean "demo: $how" $how "$demo"
done
clean 'as one' --json --join $shipped
clean 'as several places' --report --vantage "a=$demo" --vantage "b=$demo"
clean 'a capture filter' --report -r "$demo" tcp port 8443

# Thirty at a time: valgrind takes its second to begin.
others=${TCPWHY_CAPTURES:-$TOP_SRCDIR/../shared/captures}
if [ "${MEMCHECK:-}" = all ] && [ -d "$others" ]; then
	find -L "$others" -type f ! -name '*.json' ! -name '*.tsv' ! -name '*.md' ! -name '* *' | sort >"$work/names"
	count=$(grep -c . "$work/names")
	from=1
	while [ $from -le "$count" ]; do
		to=$((from + 29))
		outputs "captures $from to $to of $count" $(sed -n "$from,${to}p" "$work/names")
		from=$((to + 1))
	done
fi
echo "1..$n"
