#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# memory: a capture without end through a pipe keeps within --memory and --spool: the oldest flows and packets go, are counted and said, and
# nothing is lost of the count. MEMORY_FLOWS says for how long (600,000 flows take seconds; 60 million are a run of ten minutes and more).
work=$(mktemp -d) || exit 99
pids=
trap 'for p in $pids; do kill "$p" 2>/dev/null; done; rm -rf "$work"' EXIT
flows=${MEMORY_FLOWS:-600000}
. "$TOP_SRCDIR/tests/tap.sh"
says() { # FILE PATTERN
	grep -q -e "$2" "$work/$1"
	result $? "... and says: $2"
}
memory_of() { # FIELD, of the process $tcpwhy, KiB
	sed -n "s/^$1:[[:space:]]*\([0-9]*\) kB/\1/p" "/proc/$tcpwhy/status" 2>/dev/null
}
spool_of() { # KiB on the disk of the spool, with its name or without
	for fd in "/proc/$tcpwhy/fd"/*; do
		case $(readlink "$fd") in
		*'(deleted)'* | */spool-*) stat -L -c %b "$fd" 2>/dev/null | awk '{ print int($1 / 2) }' ;;
		esac
	done | sort -n | tail -n 1
}
case " $BUILD_CFLAGS " in *" -fsanitize"*) sanitized=yes ;; *) sanitized= ;; esac
mkfifo "$work/fifo"
"$TOP_BUILDDIR/tests/bench/flows" "$flows" "$work/fifo" &
pids="$pids $!"
TMPDIR=$work "$TCPWHY" --json -e 'resets>0' --memory=128M --spool=64M "$work/fifo" 2>"$work/err" >"$work/out" &
tcpwhy=$!
pids="$pids $tcpwhy"
most=0 spool=0 samples=0
while [ -n "$(memory_of VmRSS)" ] && [ $samples -lt 36000 ]; do
	now=$(memory_of VmHWM)
	most=${now:-$most}
	now=$(spool_of)
	[ "${now:-0}" -le $spool ] || spool=$now
	samples=$((samples + 1))
	sleep 0.1
done
wait "$tcpwhy"
status=$?
[ $status -eq 0 ]
result $? "$flows connections through a pipe: exit 0 (was $status)"
says err 'the oldest flows are let go from now on, to stay within --memory'
says err 'the oldest packets are let go from now on, to stay within --spool'
evicted=$(sed -n 's/.*"type":"summary".*"evicted":\([0-9]*\).*/\1/p' "$work/out")
[ "${evicted:-0}" -gt 0 ] && [ "$evicted" -lt "$flows" ]
result $? "flows that were let go are counted (${evicted:-none})"
[ "$(grep -c '"type":"flow"' "$work/out")" -eq $((flows / 12 + (flows % 12 > 5) + (flows % 12 > 11) + flows / 12)) ]
result $? "every flow with a reset was written, let go or not ($(grep -c '"type":"flow"' "$work/out"))"
[ "$(grep -c '"type":"reset".*"role":"primary"' "$work/out")" -eq "$(grep -c '"type":"flow"' "$work/out")" ]
result $? '... with its verdict'
if [ -z "$sanitized" ]; then
	[ "$most" -le $((224 * 1024)) ]
	result $? "memory stays within 128M for flows and 96M for all else, however many there are (at most $((most / 1024)) MiB)"
fi
[ "$spool" -gt 1024 ] && [ "$spool" -le $((64 * 1024)) ]
result $? "the spool stays within 64M (at most $((spool / 1024)) MiB)"

# --- any format; connections that ended long before they go: two a dozen have a reset ---
"$TOP_BUILDDIR/tests/bench/flows" 300000 "$work/slow.pcap" 0 400
resets=50000
limited() { # ARGUMENT...
	"$TCPWHY" --memory=128M "$@" "$work/slow.pcap" >"$work/out" 2>"$work/err"
	status=$?
}
limited --json -e 'resets>0'
[ "$(grep -c '"type":"flow"' "$work/out")" -eq $resets ] && grep -q '"evicted":[1-9]' "$work/out"
result $? "half an hour and more of them, as JSON: each is there, let go or not ($(grep -c '"type":"flow"' "$work/out") of $resets)"
limited --csv -e 'resets>0'
[ "$(($(wc -l <"$work/out") - 1))" -eq $resets ] && [ "$(cut -d, -f4-8 "$work/out" | sort -u | wc -l)" -eq $((resets + 1)) ]
result $? "... as CSV, once each ($(($(wc -l <"$work/out") - 1)))"
limited --report
grep -q " 300000 connections, $resets resets" "$work/out"
result $? "... as text: all are counted ($(grep ' resets$' "$work/out"))"
grep -q '^  note: [1-9][0-9]* connections were let go to stay within --memory' "$work/out"
result $? '... and how many were let go'
echo "1..$n"
