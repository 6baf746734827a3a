#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# faults: what tcpwhy makes of calls that fail: memory that runs out at any allocation, a disk that is full at any byte, reads and writes
# that are interrupted or short, readers that go away. FAULTS=all (make check-faults) tries each place, else a sample is.
program=$TOP_BUILDDIR/tests/faults/tcpwhy-faults
if [ ! -x "$program" ]; then
	echo '1..0 # SKIP the linker knows no --wrap'
	exit 0
fi
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$TOP_SRCDIR/captures" || exit 99
# What a sanitizer finds is no error message.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}exitcode=126" UBSAN_OPTIONS="${UBSAN_OPTIONS:+$UBSAN_OPTIONS:}exitcode=126"
. "$TOP_SRCDIR/tests/tap.sh"
step=1
[ "${FAULTS:-}" = all ] || step=11

# Judges one run: its output is whole and it says nothing, or it says once each what went wrong and its status tells so.
judge() { # WHERE STATUS WANTED-STATUS MESSAGE-PATTERN
	if [ "$2" -eq "$3" ] && [ ! -s "$work/err" ]; then
		cmp -s "$work/out" "$work/whole" && return 0
		echo "# $1: the output is not whole, and nothing says so"
	elif [ "$2" -ge 126 ]; then
		echo "# $1: status $2"
	elif [ "$2" -eq 0 ]; then
		echo "# $1: complained, and status 0"
	elif ! grep -q -e "$4" "$work/err"; then
		echo "# $1: status $2, but no line says $4"
	elif [ -n "$(sort "$work/err" | uniq -d)" ]; then
		echo "# $1: said twice"
	else
		return 0
	fi
	head -n 5 "$work/err" | sed 's/^/#   /'
	bad=$((bad + 1))
	return 1
}

# --- memory ---
fed() { # COMMAND...: standard input is $input, or a pipe
	if [ "$input" = pipe ]; then cat demo.pcapng | "$@"; else "$@" <"$input"; fi
}
allocations() { # DESCRIPTION ARGUMENT...: each allocation fails in turn, alone and with all after it
	what=$1
	shift
	bad=0
	fed env FAULT_COUNT="$work/count" "$program" "$@" >"$work/whole" 2>/dev/null
	normal=$?
	for after in '' +; do
		at=1
		while [ "$at" -le "$(cat "$work/count")" ]; do
			fed env FAULT="alloc:$at$after" timeout 20 "$program" "$@" >"$work/out" 2>"$work/err"
			judge "allocation $at$after of $what" $? "$normal" memory
			[ $bad -lt 20 ] || break 2
			at=$((at + step))
		done
	done
	[ $bad -eq 0 ] && [ "$(cat "$work/count")" -gt 5 ]
	result $? "memory runs out: $what, $(cat "$work/count") allocations ($bad wrong)"
}
input=/dev/null
allocations 'NDJSON with steps' --json --steps demo.pcapng
allocations 'report' --report demo.pcapng
allocations 'CSV, with a filter' --csv -e 'refused|host:x resets>0' demo.pcapng
allocations 'ladder' --ladder 4 demo.pcapng
allocations 'diagram' --mermaid 4 demo.pcapng
allocations 'graph' --graph 4 demo.pcapng
allocations 'detail' --detail 1 demo.pcapng
allocations 'two files as one' --json --join closed-port.pcap graceful-close.pcap
allocations 'catalogue' --causes
allocations 'a cause' --explain refused-closed-port
allocations 'settings' --dump-config
allocations 'a gate' --fail-on any --report closed-port.pcap
input=demo.pcapng
allocations 'standard input' --json -
input=pipe
usual=${TMPDIR:-/tmp}
export TMPDIR="$work"
allocations 'a pipe' --json -
TMPDIR=$usual
[ -z "$(find "$work" -name 'spool-*')" ]
result $? '... and of no run a spool is left'
gzip -c demo.pcapng >"$work/demo.gz"
input=/dev/null
allocations 'a compressed file' --json "$work/demo.gz"

# --- calls that are interrupted, or do only a part ---
for how in eintr short; do
	for what in '--json --steps demo.pcapng' "--json $work/demo.gz" '--ladder 4 demo.pcapng'; do
		# shellcheck disable=SC2086 # options are words
		"$program" $what >"$work/whole" && FAULT=$how "$program" $what >"$work/out" 2>"$work/err" && cmp -s "$work/out" "$work/whole" &&
			[ ! -s "$work/err" ]
		result $? "$how: ${what##*/} says the same"
	done
	"$program" --json - <demo.pcapng >"$work/whole" && FAULT=$how "$program" --json - <demo.pcapng >"$work/out" && cmp -s "$work/out" "$work/whole"
	result $? "$how: a file on standard input"
	cat demo.pcapng | FAULT=$how "$program" --json - >"$work/out" && cmp -s "$work/out" "$work/whole"
	result $? "$how: a pipe"
done

# --- a full disk ---
full() { # DESCRIPTION ARGUMENT...: the file that the output goes to can grow to this and no further
	what=$1
	shift
	bad=0
	"$program" "$@" >"$work/whole"
	size=$(wc -c <"$work/whole")
	at=0
	while [ $at -lt "$size" ]; do
		# standard error is a pipe, which no limit holds for
		{ FAULT=disk:$at "$program" "$@" 2>&3 >"$work/out"; echo $? >"$work/status"; } 3>&1 | cat >"$work/err"
		judge "disk full at $at" "$(cat "$work/status")" 0 'File too large'
		cmp -s "$work/out" "$work/whole" || head -c "$(wc -c <"$work/out")" "$work/whole" | cmp -s - "$work/out" || bad=$((bad + 1))
		at=$((at + size / 7 / step + 1))
	done
	[ $bad -eq 0 ]
	result $? "the disk is full: $what ($bad wrong)"
}
full 'NDJSON' --json demo.pcapng
full 'report' --report demo.pcapng
full 'CSV' --csv demo.pcapng
full 'ladder' --ladder 4 demo.pcapng
full 'settings' --dump-config
full 'picture' --svg 4 demo.pcapng
full 'diagram' --mermaid 4 demo.pcapng
full 'graph' --graph 4 demo.pcapng
full 'detail' --detail 1 demo.pcapng
full 'a cause' --explain refused-closed-port
# the file of -w: what fits of it is kept, and the report is whole
"$program" --json - <demo.pcapng >"$work/whole"
"$program" --json --vantage=- demo.pcapng | grep '"type":"flow"' | grep -o '"flow":.*"state":"[a-z-]*"' | sed 's/"flow_id":"[^"]*",//' >"$work/flows"
size=$(wc -c <demo.pcapng)
bad=0
for at in 0 1 23 24 25 1000 4095 4096 4097 $((size / 2)) $((size - 1)); do
	{ cat demo.pcapng | FAULT=disk:$at "$program" --json -w "$work/kept" - 2>&3 | cat >"$work/out"; } 3>&1 | cat >"$work/err"
	[ "$(grep -c 'cannot' "$work/err")" = 1 ] && head -c "$(wc -c <"$work/kept")" demo.pcapng | cmp -s - "$work/kept" &&
		[ "$(wc -c <"$work/kept")" -le "$at" ] || { bad=$((bad + 1)); echo "# -w full at $at: $(head -n 2 "$work/err")"; }
	grep -o '"flow":.*"state":"[a-z-]*"' "$work/out" | sed 's/"flow_id":"[^"]*",//' | cmp -s - "$work/flows" || { bad=$((bad + 1)); echo "# at $at: other flows"; }
done
[ $bad -eq 0 ]
result $? "the disk of -w is full: said once, what fits is kept, every flow is counted ($bad wrong)"
"$program" --json "$work/demo.gz" >"$work/whole"
{ FAULT=disk:4000 "$program" --json "$work/demo.gz" 2>&3 | cat >"$work/out"; } 3>&1 | cat >"$work/err"
[ "$(grep -c 'the spool file cannot grow' "$work/err")" = 1 ] && [ "$(grep -c '"type":"flow"' "$work/out")" = "$(grep -c '"type":"flow"' "$work/whole")" ]
result $? 'the disk of the spool is full: said once, and every flow is counted'
grep '"type":"reset"' "$work/out" >"$work/resets"
! grep -vxFf "$work/whole" "$work/resets" | grep -q .
result $? '... and no verdict stands on packets that could not be kept'

# --- a reader that goes away ---
for what in --json --report --csv; do
	"$program" $what demo.pcapng 2>"$work/err" | head -n 1 >"$work/out"
	[ -s "$work/out" ] && [ ! -s "$work/err" ]
	result $? "the reader of $what goes away: silence"
done
# a shell that ignores SIGPIPE hands that on
(trap '' PIPE; exec "$program" --json demo.pcapng 2>"$work/err") | true
[ "$(wc -l <"$work/err")" -le 1 ] && ! grep -qv 'could not be written' "$work/err"
result $? '... said at most once where SIGPIPE is ignored'

echo "1..$n"
