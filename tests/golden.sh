#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# golden: what tcpwhy says of the shipped captures stays what it was. UPDATE=1 writes tests/golden again.
golden=$TOP_SRCDIR/tests/golden
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$TOP_SRCDIR/captures" || exit 99
LC_ALL=C
export LC_ALL
n=0

check() { # GOLDEN-FILE OPTION... CAPTURE
	file=$1
	shift
	if [ -n "$UPDATE" ]; then
		"$TCPWHY" "$@" >"$work/$file" && cp "$work/$file" "$golden/$file" || exit 1
		return
	fi
	n=$((n + 1))
	"$TCPWHY" "$@" >"$work/$file"
	status=$?
	diff "$golden/$file" "$work/$file" | head -n 40 | sed 's/^/# /'
	if [ $status -eq 0 ] && cmp -s "$golden/$file" "$work/$file"; then echo "ok $n - $file"; else echo "not ok $n - $file (exit $status)"; fi
}

for capture in *.pcap *.pcapng; do
	check "${capture%.pcap*}.json" --json "$capture"
done
check demo.steps.json --json --steps demo.pcapng
check demo.csv --csv demo.pcapng
check demo.report.txt --report demo.pcapng
check demo.ladder.txt --ladder 0 demo.pcapng
check demo.mermaid.txt --mermaid 0 demo.pcapng
check demo.svg --svg 0 demo.pcapng
check demo.graph.txt --graph 4 --ascii demo.pcapng
check demo.detail.txt --detail 1 demo.pcapng

# One connection on several stretches of its way.
for name in nat-two-sides dnat-unanswered; do
	"$TOP_BUILDDIR/tests/mkcap/mkcap" "$TOP_SRCDIR/tests/scenario/ladder/$name.txt" "$work/$name.pcap" || exit 99
done
check nat.ladder.txt --ladder 1 "$work/nat-two-sides.pcap"
check nat.mermaid.txt --mermaid 0 "$work/nat-two-sides.pcap"
check dnat.ladder.txt --ladder 0 "$work/dnat-unanswered.pcap"
check scan.ladder.txt --ladder 1 "$work/dnat-unanswered.pcap"

# The two connections of a proxy: tied by payload, by time alone, not at all, and over two captures.
for name in proxy-legs proxy-legs-hidden proxy-legs-two; do
	"$TOP_BUILDDIR/tests/mkcap/mkcap" "$TOP_SRCDIR/tests/scenario/ladder/$name.txt" "$work/$name.pcap" || exit 99
done
check legs.ladder.txt --ladder 1 "$work/proxy-legs.pcap"
check legs.mermaid.txt --mermaid 0 "$work/proxy-legs.pcap"
check legs-hidden.ladder.txt --ladder 0 "$work/proxy-legs-hidden.pcap"
check legs-two.ladder.txt --ladder 0 "$work/proxy-legs-two.pcap"
legs=$TOP_SRCDIR/tests/scenario/vantage/proxy-legs.txt
{ "$TOP_BUILDDIR/tests/mkcap/mkcap" "$legs" "$work/before.pcap" && "$TOP_BUILDDIR/tests/mkcap/mkcap" "$legs" "$work/behind.pcap" behind; } || exit 99
check legs-places.ladder.txt --ladder 0 --vantage "before=$work/before.pcap" --vantage "behind=$work/behind.pcap"

# More places than are drawn.
set --
for name in a b c d e f; do
	"$TOP_BUILDDIR/tests/mkcap/mkcap" "$TOP_SRCDIR/tests/scenario/vantage/six-places.txt" "$work/$name.pcap" "$name" || exit 99
	set -- "$@" --vantage "$name=$work/$name.pcap"
done
check six-places.ladder.txt --ladder 0 "$@"
[ -n "$UPDATE" ] || echo "1..$n"
