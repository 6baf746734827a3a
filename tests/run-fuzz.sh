#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# run-fuzz: each fuzz target reads its corpus without a crash.
set -- $FUZZ_TARGETS
[ $# -gt 0 ] || { echo "1..0 # SKIP no fuzz targets are built"; exit 0; }
echo "1..$#"
n=0
for target; do
	n=$((n + 1))
	corpus=$TOP_SRCDIR/tests/fuzz/corpus/$(basename "$target")
	if [ ! -d "$corpus" ]; then
		echo "not ok $n - $target: $corpus is missing"
	elif timeout -s KILL 120 "$TOP_BUILDDIR/$target" "$corpus"/* >/dev/null 2>"fuzz-$$.log"; then
		echo "ok $n - $target"
	else
		sed 's/^/# /' "fuzz-$$.log" | head -n 40
		echo "not ok $n - $target"
	fi
	rm -f "fuzz-$$.log"
done
