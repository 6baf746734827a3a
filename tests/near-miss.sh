#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# near-miss: the captures of all scenarios together: each row of the catalogue is got by one, each of its gates missed alone by another.
set -e
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
cd "$TOP_SRCDIR/tests/scenario"
find . -name '*.txt' | LC_ALL=C sort >"$made/list"
while read -r scenario; do
	capture=$made/${scenario%.txt}
	mkdir -p "$(dirname "$capture")"
	"$TOP_BUILDDIR/tests/mkcap/mkcap" "$scenario" "$capture"
	# The captures of a scenario's further places stand behind the first.
	for point in $("$TOP_BUILDDIR/tests/mkcap/mkcap" "$scenario"); do
		"$TOP_BUILDDIR/tests/mkcap/mkcap" "$scenario" "$made/${scenario%.txt}@$point" "$point"
		capture=$capture+$made/${scenario%.txt}@$point
	done
	echo "$capture" >>"$made/captures"
done <"$made/list"
# shellcheck disable=SC2046 # file names of ours hold no spaces: one word each
"$TOP_BUILDDIR/tests/gates/gates" $(cat "$made/captures")
