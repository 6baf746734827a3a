#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# captures: every shipped capture is, byte for byte, what mkcap makes of its scenario. UPDATE=1 writes them again.
mkcap=$TOP_BUILDDIR/tests/mkcap/mkcap
scenarios=$TOP_SRCDIR/tests/scenario/shipped
captures=$TOP_SRCDIR/captures
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT

. "$TOP_SRCDIR/tests/tap.sh"

for scenario in "$scenarios"/*.txt; do
	name=$(basename "$scenario" .txt)
	if grep -q '^format pcapng' "$scenario"; then file=$name.pcapng; else file=$name.pcap; fi
	"$mkcap" "$scenario" "$work/$file" || { result 1 "$file is made of its scenario"; continue; }
	if [ -n "$UPDATE" ]; then cp "$work/$file" "$captures/$file"; continue; fi
	cmp "$work/$file" "$captures/$file" 2>&1 | sed 's/^/# /'
	cmp -s "$work/$file" "$captures/$file"
	result $? "$file is what its scenario makes"
done
[ -n "$UPDATE" ] && exit 0
for file in "$captures"/*.pcap*; do
	file=$(basename "$file")
	[ -e "$work/$file" ] && grep -q "^ *$file  *[^ ]" "$captures/README"
	result $? "$file has a scenario, and a line in captures/README"
done
echo "1..$n"
