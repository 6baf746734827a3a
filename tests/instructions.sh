#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# instructions: how many instructions a packet costs, counted by valgrind: a slip shows without a clock and on a busy machine. The ceilings
# stand a tenth above what was measured when they were set, without optimisation across files (with it: another twelfth below); whoever makes
# the program faster lowers them.
ceilings='load 1370
verdicts 570
refused 24500
json 2200
storm 120'
skip() {
	echo "1..0 # SKIP $*"
	exit 0
}
command -v valgrind >/dev/null || skip "valgrind is not installed"
case " $BUILD_CFLAGS " in
*" -fsanitize"*) skip "built with sanitizers" ;;
*" -O2 "* | *" -O3 "*) ;;
*) skip "not built with -O2" ;;
esac
[ "$(uname -m)" = x86_64 ] || skip "the ceilings are for x86-64"

# An old valgrind cannot read what a newer compiler says for debuggers, and then runs nothing.
valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null "$TCPWHY" --version 2>&1 >/dev/null | grep -q 'refs:' ||
	skip "this valgrind cannot run what this compiler built"

work=$(mktemp -d "${TMPDIR:-/tmp}/tcpwhy-instructions-XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
flows=$TOP_BUILDDIR/tests/bench/flows syns=$TOP_BUILDDIR/tests/bench/syns
"$flows" 100 "$work/few.pcap" && "$flows" 3100 "$work/many.pcap" || { echo "Bail out! no captures"; exit 1; }
"$syns" 300 refused >"$work/few-refused.pcap" && "$syns" 6300 refused >"$work/many-refused.pcap" || { echo "Bail out! no captures"; exit 1; }
many=$("$TOP_BUILDDIR/tests/bench/loop" "$work/many.pcap") few=$("$TOP_BUILDDIR/tests/bench/loop" "$work/few.pcap")
packets=$((many - few))

count() { # ARGUMENT... CAPTURE: instructions of a run
	valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null "$TCPWHY" "$@" 2>&1 >/dev/null |
		sed -n 's/.*I *refs: *//p' | tr -d ,
}
each() { # ARGUMENT...: instructions a packet, start-up left out
	echo $((($(count "$@" "$work/many.pcap") - $(count "$@" "$work/few.pcap")) / packets))
}

# Instructions a packet. load: every packet into its flow, no reset explained. The other two are what comes on top.
load=$(each --report -e resets=0)
verdicts=$(($(each --report) - load))
json=$(($(each --json) - load))
# refused: the verdict of a connection of two packets, a SYN and the reset in answer.
refused=$((($(count --report "$work/many-refused.pcap") - $(count --report "$work/few-refused.pcap") -
	$(count --report -e resets=0 "$work/many-refused.pcap") + $(count --report -e resets=0 "$work/few-refused.pcap")) / 6000))
# storm: twice the resets in one flow are at most so many hundredths of the instructions; 200 would be linear from the first one on.
"$flows" 100 "$work/storm.pcap" 3000 && "$flows" 100 "$work/storms.pcap" 6000 || { echo "Bail out! no storms"; exit 1; }
storm=$(($(count --report "$work/storms.pcap") * 100 / $(count --report "$work/storm.pcap")))
echo "1..5"
echo "$ceilings" | {
	n=0
	while read -r name ceiling; do
		n=$((n + 1))
		case $name in
		load) is=$load ;;
		verdicts) is=$verdicts ;;
		refused) is=$refused ;;
		json) is=$json ;;
		storm) is=$storm ;;
		esac
		[ "$is" -gt 0 ] && [ "$is" -le "$ceiling" ] && result=ok || result='not ok'
		echo "$result $n - $name: $is, at most $ceiling"
	done
}
