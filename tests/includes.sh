#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# includes: folders of src/ include only what stands before them, no two files include each other in a circle (a .c counts as one with its
# .h), and libraries are used where they belong.
. "$TOP_SRCDIR/tests/tap.sh"
said() { # LINES: each a finding
	[ -z "$1" ] || echo "$1" | sed 's/^/# /'
	[ -z "$1" ]
}

cd "$TOP_SRCDIR/src" || exit 1
includes=$(grep -Ho '^#include "[^"]*"' ./*.[ch] ./*/*.[ch] ./*/*.def | sed 's,^\./,,; s,:#include ", ,; s,"$,,' | grep -v ' config\.h$')

said "$(echo "$includes" | awk '
	BEGIN { n = split("util capture kernel decode flow explain session vantage ladder query report ui", names); for (i = 1; i <= n; i++) floor[names[i]] = i }
	function floor_of(file) { return file ~ /\// ? floor[substr(file, 1, index(file, "/") - 1)] : n + 1 }
	floor_of($1) < floor_of($2) { print $1 " includes " $2 }')"
result $? "no folder includes what stands after it"

# Files that include nothing that is left, or that nothing left includes, are taken away until nothing changes: circles remain.
said "$(echo "$includes" | awk '
	{ a = $1; b = $2; sub(/\.[a-z]*$/, "", a); sub(/\.[a-z]*$/, "", b); if (a != b) { from[++n] = a; to[n] = b } }
	END {
		do {
			split("", user); split("", used)
			for (i in from) { user[from[i]] = 1; used[to[i]] = 1 }
			again = 0
			for (i in from) if (!(to[i] in user) || !(from[i] in used)) { delete from[i]; delete to[i]; again = 1 }
		} while (again)
		for (i in from) print from[i] " needs " to[i]
	}' | sort -u)"
result $? "no files include each other in a circle"

for use in '<pcap=capture/' '<.*curses=ui/' '<pcre2=query/'; do
	said "$(grep -l "^#include ${use%%=*}" ./*.[ch] ./*/*.[ch] | sed 's,^\./,,' | grep -v "^${use#*=}")"
	result $? "${use%%=*}…> is included in ${use#*=} alone"
done
echo "1..$n"
