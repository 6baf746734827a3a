#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# bench: tcpwhy beside the bare libpcap loop and beside other programs, over the same captures, in turns; one table of ratios.
#
#   bench.sh bench-quick|bench [CAPTURE]...
#
# Run by `make bench-quick` (two minutes) and `make bench`. CPU time is user and system of the whole run, output thrown away; each ratio is
# the median over rounds of a program's CPU by that of the loop in the same round, so that a busy machine disturbs both alike.
# Captures: those named; else made by tests/bench/flows, and where a pcapgen.c is found ($BENCH_PCAPGEN, ../shared/bench), with it.
# They are kept in $BENCH_DIR (${TMPDIR:-/tmp}/tcpwhy-bench). $BENCH_ROUNDS: rounds, 3 or 5. $BENCH_OTHERS=no: tcpwhy and the loop alone.
set -u
mode=${1:-bench-quick}
[ $# -gt 0 ] && shift
dir=${BENCH_DIR:-${TMPDIR:-/tmp}/tcpwhy-bench}
tools=$TOP_BUILDDIR/tests/bench
case $mode in
bench) rounds=${BENCH_ROUNDS:-5} others_most=400000000 ;;
*) rounds=${BENCH_ROUNDS:-3} others_most=20000000 ;;
esac
mkdir -p "$dir" || exit 1
numbers=$(mktemp "$dir/numbers-XXXXXX") || exit 1
trap 'rm -f "$numbers"' EXIT
say() { echo "bench: $*" >&2; }

# --- captures ---

generator() {
	for source in "${BENCH_PCAPGEN:-}" "$TOP_SRCDIR/../shared/bench/pcapgen.c"; do
		# shellcheck disable=SC3013 # every shell of Debian has -nt
		[ -f "$source" ] && { [ "$dir/pcapgen" -nt "$source" ] || ${CC:-cc} -O2 -o "$dir/pcapgen" "$source"; } && return
	done
	return 1
}
make_set() { # NAME COMMAND... with FILE for the file's name
	file=$dir/$1.pcap
	shift
	if [ ! -s "$file" ]; then
		say "making $file"
		# shellcheck disable=SC2046,SC2091 # a command and its options, word by word
		$(echo "$@" | sed "s|FILE|$file.part|") && mv "$file.part" "$file" || { rm -f "$file.part"; return 1; }
	fi
	captures="$captures $file"
}
captures="$*"
if [ -z "$captures" ] && generator; then
	gen="$dir/pcapgen -o FILE"
	make_set small "$gen --flows 5e3 --packets 1e5 --seed 1"
	make_set grow-1e5 "$gen --flows 5e3 --packets 1e5 --seed 1 --snaplen 96"
	make_set grow-1e6 "$gen --flows 5e4 --packets 1e6 --seed 6 --snaplen 96"
	make_set scan-1e5 "$gen --profile scan --flows 1e5 --seed 4"
	make_set storm "$gen --profile rst-storm --flows 2e3 --packets 1e5 --seed 7 --snaplen 96"
	make_set elephants "$gen --profile elephants --flows 10 --packets 1e6 --seed 8 --snaplen 96"
	if [ "$mode" = bench ]; then
		make_set medium "$gen --flows 1e5 --packets 2e6 --seed 2"
		make_set grow-4e6 "$gen --flows 2e5 --packets 4e6 --seed 9 --snaplen 96"
		make_set large "$gen --flows 1e6 --packets 2e7 --seed 3 --snaplen 96"
		make_set wide "$gen --flows 1e6 --packets 2e7 --seed 5 --snaplen 96 --concurrency 1000000"
		make_set scan "$gen --profile scan --flows 5e6 --seed 4"
	fi
elif [ -z "$captures" ]; then
	say "no pcapgen.c is found (BENCH_PCAPGEN=FILE names one): measuring captures of our own making"
	make_set flows-1e5 "$tools/flows 6000 FILE"
	make_set flows-1e6 "$tools/flows 60000 FILE"
	[ "$mode" = bench ] && make_set flows-1e7 "$tools/flows 600000 FILE"
fi

# --- rounds ---

measure() { # SET PROGRAM COMMAND...
	set_name=$1 program=$2
	shift 2
	result=$("$tools/cost" "$@") && echo "$set_name $program $round $packets $result" >>"$numbers"
}
has() { command -v "$1" >/dev/null; }
for capture in $captures; do
	name=$(basename "$capture" .pcap)
	packets=$("$tools/loop" "$capture") || continue
	size=$(wc -c <"$capture")
	say "$name: $packets packets"
	round=1
	while [ $round -le "$rounds" ]; do
		measure "$name" loop "$tools/loop" "$capture"
		measure "$name" load "$TCPWHY" --report -e resets=0 "$capture"
		measure "$name" verdicts "$TCPWHY" --report "$capture"
		measure "$name" json "$TCPWHY" --json "$capture"
		if [ "${BENCH_OTHERS:-yes}" = yes ] && [ "$size" -le $others_most ] && { [ $round -eq 1 ] || [ "$mode" = bench ]; }; then
			has tshark && measure "$name" tshark-conv tshark -n -q -r "$capture" -z conv,tcp
			has tcptrace && measure "$name" tcptrace tcptrace -n "$capture"
			has argus && has ra && measure "$name" argus sh -c 'argus -X -r "$1" -w - | ra -n -r -' sh "$capture"
		fi
		round=$((round + 1))
	done
done

# --- the table ---

echo "CPU by that of the bare libpcap loop over the same capture (median of the pairs), ns of CPU a packet, most memory resident."
echo "load: all packets into flows; verdicts: the text report, every reset explained; json: every flow and reset written out."
sort -k1,1 -k2,2 -k3,3n "$numbers" | awk '
function median(list, n,    i, j, t) {
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && list[j - 1] > list[j]; j--) { t = list[j]; list[j] = list[j - 1]; list[j - 1] = t }
	return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
}
{ cpu[$1, $2, $3] = $5; packets[$1] = $4; if ($7 > rss[$1, $2]) rss[$1, $2] = $7; if ($3 > rounds) rounds = $3
  if (!(($1, $2) in seen)) { seen[$1, $2] = 1; order[++rows] = $1 SUBSEP $2 } }
END {
	printf "%-12s %10s  %-12s %8s %10s %8s\n", "capture", "packets", "program", "x loop", "ns/packet", "MB"
	for (r = 1; r <= rows; r++) {
		split(order[r], part, SUBSEP)
		n = 0
		for (k = 1; k <= rounds; k++)
			if ((part[1], part[2], k) in cpu) {
				n++
				own[n] = cpu[part[1], part[2], k]
				base = cpu[part[1], "loop", k]
				ratio[n] = base > 0 ? own[n] / base : 0
			}
		printf "%-12s %10d  %-12s %8.2f %10.0f %8.1f\n", part[1], packets[part[1]], part[2], median(ratio, n), \
			median(own, n) * 1e9 / packets[part[1]], rss[part[1], part[2]] / 1024
	}
}'
