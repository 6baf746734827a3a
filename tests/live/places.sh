#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# places: one download over a link that delays and loses, captured at both ends: what is told to be lost is what the link dropped, and the
# clocks are told apart within a tenth of the way, though one is 90 s ahead and gains 100 ppm. Needs root; no packet leaves.
places=$TOP_BUILDDIR/tests/live/places
. "$TOP_SRCDIR/tests/live/spaces.sh"
. "$TOP_SRCDIR/tests/tap.sh"
for at in c r s; do space $at; done
for ns in "$c" "$r" "$s"; do
	ip netns exec "$ns" sysctl -q net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
done

# wire NAMESPACE NAME NUMBER: to the namespace of the link. Segments are cut before they leave; no address need be asked for.
wire() {
	ip -n "$1" link add "$2" address "02:00:00:00:00:0$3" type veth peer name "to$2" netns "$r" || exit 99
	ip -n "$1" addr add "192.0.2.$3/28" dev "$2"
	ip -n "$1" link set "$2" gso_max_segs 1 up
	ip -n "$r" link set "to$2" up
	ip -n "$1" neigh add "192.0.2.$((3 - $3))" lladdr "02:00:00:00:00:0$((3 - $3))" dev "$2" nud permanent
}
wire "$c" whyc 1
wire "$s" whys 2

says() { # FILE PATTERN: in time, or there is nothing to test
	await grep -q -e "$2" "$1" || { echo "Bail out! no $2"; exit 99; }
}
ip netns exec "$r" "$places" link towhyc towhys 20 3 >"$work/link" &
link=$!
ip netns exec "$s" "$places" give 192.0.2.2 7000 800000 >"$work/ready" &
started "$link"
started $!
says "$work/link" ready
for at in c s; do
	eval "ns=\$$at"
	ip netns exec "$ns" "$TCPWHY" -i "why$at" -w "$work/$at.pcap" --json tcp >"$work/$at.json" 2>"$work/$at.err" </dev/null &
	eval "capture_$at=$!"
	started $!
done
says "$work/ready" ready
# shellcheck disable=SC2154 # eval gave them their names
for capture in "$capture_c" "$capture_s"; do
	await_start "$capture"
	await_idle "$capture"
done
took=$(ip netns exec "$c" "$places" take 192.0.2.2 7000)
for capture in "$capture_c" "$capture_s"; do await_idle "$capture"; done
kill -INT "$capture_c" "$capture_s"
kill -TERM "$link"
wait "$capture_c" "$capture_s" "$link"
[ "$took" = 800000 ]
result $? "the download is whole ($took bytes)"

"$places" shift "$work/s.pcap" 90 100 || exit 99
"$TCPWHY" --json --vantage "client=$work/c.pcap" --vantage "server=$work/s.pcap" >"$work/out" 2>"$work/err"
result $? 'the two captures are put together'
count() { # VANTAGE FIELD: of the first flow of this place
	sed -n 's/.*"type":"flow".*"vantage":"'"$1"'".*"'"$2"'":\[\([0-9]*\)\].*/\1/p' "$work/out" | head -n 1
}
for from in client server; do
	link=$(sed -n 2p "$work/link" | cut -d ' ' -f "$([ "$from" = client ] && echo 1 || echo 2)")
	told=$(count "$from" passage_lost)
	[ -n "$told" ] && [ "$told" = "$link" ]
	result $? "of the $from's segments $link were dropped, and $told are told to be lost"
	[ "$(count "$from" passage_made)" = 0 ] && [ "$(count "$from" passage_missed)" = 0 ] && [ "$(count "$from" passage_unsure)" = 0 ]
	result $? '... none made, missed or unsure'
done
offset=$(sed -n 's/.*"type":"vantage".*"vantage":"server".*"clock_offset":\([0-9.]*\).*/\1/p' "$work/out")
echo "# clock_offset $offset; $(grep -o '"clock_[ud][^,]*' "$work/out" | tr '\n' ' ')"
awk -v offset="$offset" 'BEGIN { exit !(offset > 89.998 && offset < 90.002) }'
result $? 'the offset of the clocks is right within a tenth of the way (2 ms)'
echo "1..$n"
