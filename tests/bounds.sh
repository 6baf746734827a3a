#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# bounds: what a hostile capture may cost: a flood of SYNs, tuples chosen to collide, compressed nothing, blocks of any size. BOUNDS_SYNS says
# how large the flood is (one million by itself; 100 million are a quarter of an hour).
case " $BUILD_CFLAGS " in *' -fsanitize'*)
	echo '1..0 # SKIP a sanitizer has its own idea of memory and time'
	exit 0 ;;
esac
syns=$TOP_BUILDDIR/tests/bench/syns
cost=$TOP_BUILDDIR/tests/bench/cost
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$TOP_SRCDIR/tests/tap.sh"
memory_of() { # COMMAND...: $kib it had resident at most
	# shellcheck disable=SC2046 # three numbers
	set -- $("$cost" "$@")
	kib=${3:-0}
}

# --- a flood of SYNs from random sources ---
flood=${BOUNDS_SYNS:-1000000}
mkfifo "$work/flood"
"$syns" "$flood" random >"$work/flood" &
memory_of "$TCPWHY" --json --memory=128M --spool=16M "$work/flood"
wait
[ "$kib" -gt 50000 ] && [ "$kib" -le 163840 ]
result $? "$flood SYNs from random sources with --memory=128M: $((kib / 1024)) MiB resident at most (160)"
"$syns" 600000 random | "$TCPWHY" --json --memory=128M - 2>"$work/err" | tail -n 1 >"$work/out"
grep -q 'the oldest flows are let go' "$work/err"
result $? '... it is said that flows are let go'
grep -q '"packets":600000,"segments":600000,.*"evicted":[1-9]' "$work/out"
result $? '... and every packet is counted'

# --- tuples chosen to collide, and one tuple again and again ---
tuples=1000000
least() { # KIND: hundredths of a second of CPU time, the least of three runs
	"$syns" $tuples "$1" >"$work/syns.pcap"
	for _ in 1 2 3; do "$cost" "$TCPWHY" --json "$work/syns.pcap"; done | awk '{ t = int($1 * 100) } NR == 1 || t < least { least = t } END { print least }'
}
random=$(least random)
for kind in step mirror same; do
	this=$(least $kind)
	[ "$random" -gt 0 ] && [ "$this" -le $((2 * random + 5)) ]
	result $? "$tuples SYNs ($kind): $this/100 s of CPU, random ones $random/100 s (at most twice)"
done

# --- four times as much of one shape costs about four times as much, not sixteen ---
shapes=$TOP_BUILDDIR/tests/bench/shapes
cpu() { # FILE: hundredths of a second for reports and for a ladder, the less of two runs
	for _ in 1 2; do
		{ "$cost" "$TCPWHY" --json --steps "$1"; "$cost" "$TCPWHY" --ladder 0 "$1"; } | awk '{ t += $1 * 100 } END { print int(t) }'
	done | sort -n | head -n 1
}
for shape in $("$shapes"); do
	"$shapes" 20000 "$shape" >"$work/shape"
	few=$(cpu "$work/shape")
	"$shapes" 80000 "$shape" >"$work/shape"
	many=$(cpu "$work/shape")
	[ "$many" -le $((6 * few + 10)) ]
	result $? "80000 packets ($shape): $many/100 s of CPU, 20000 of them $few/100 s (at most six times)"
done

# --- files that promise more than they hold ---
bounded() { # DESCRIPTION FILE PATTERN: little memory, and a message
	memory_of "$TCPWHY" --json "$2"
	"$TCPWHY" --json "$2" >/dev/null 2>"$work/err"
	grep -q -e "$3" "$work/err" && [ "$kib" -gt 0 ] && [ "$kib" -le 100000 ]
	result $? "$1: $((kib / 1024)) MiB, and said"
	grep -q -e "$3" "$work/err" || sed 's/^/# /' "$work/err"
}
head=$TOP_SRCDIR/captures/closed-port.pcap
{ head -c 24 "$head"; head -c 100000000 /dev/zero; } | gzip -1 >"$work/zeros.gz"
memory_of "$TCPWHY" --json "$work/zeros.gz"
[ "$kib" -gt 0 ] && [ "$kib" -le 100000 ]
result $? "100 MB of empty packets in a gzip of $(wc -c <"$work/zeros.gz") bytes: $((kib / 1024)) MiB"
{ head -c 24 "$head"; printf '\0\0\0\0\0\0\0\0\377\377\377\177\377\377\377\177'; head -c 1000 /dev/zero; } >"$work/packet.pcap"
bounded 'a packet of 2 GiB' "$work/packet.pcap" 'ends inside\|impossible length'
block() { printf '\012\015\015\012\034\0\0\0\115\074\053\032\001\0\0\0\377\377\377\377\377\377\377\377\034\0\0\0'; }
{ block; printf '\004\0\0\0\374\377\377\377'; head -c 1000 /dev/zero; } >"$work/block.pcapng"
bounded 'a block of 4 GiB' "$work/block.pcapng" 'ends inside\|damaged'
{ block; for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do block; done; printf '\001\0\0\0\007\0\0\0'; head -c 40 /dev/zero; } >"$work/odd.pcapng"
bounded 'a block of 7 bytes after sections within sections' "$work/odd.pcapng" 'damaged'
printf '\050\265\057\375\000\370\001\000\000' >"$work/window.zst"
bounded 'a zstd window larger than is granted' "$work/window.zst" 'zstd'
echo "1..$n"
