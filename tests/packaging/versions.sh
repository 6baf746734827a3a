#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# versions: what must repeat the version of configure.ac says the same.
version=$(sed -n 's/^AC_INIT(\[tcpwhy\], \[\([^]]*\)\].*/\1/p' "$TOP_SRCDIR/configure.ac")
date=$(sed -n 's/^m4_define(\[tcpwhy_date\], \[\(.*\)\])/\1/p' "$TOP_SRCDIR/configure.ac")
n=0
says() { # FILE PATTERN
	n=$((n + 1))
	[ -e "$TOP_SRCDIR/$1" ] || { echo "ok $n - $1 # SKIP it is not in this archive"; return; }
	if grep -q "$2" "$TOP_SRCDIR/$1"; then echo "ok $n - $1"; else echo "not ok $n - $1 does not say $2"; fi
}
n=1
if [ -n "$version" ] && [ "$("$TCPWHY" --version | head -n 1)" = "tcpwhy $version" ]; then
	echo "ok 1 - the program says it is $version"
else
	echo "not ok 1 - the program does not say it is $version"
fi
says ChangeLog "^$version ($date)"
says debian/changelog "^tcpwhy ($version-"
says packaging/tcpwhy.spec "^Version: *$version\$"
says packaging/tcpwhy.rb "/tcpwhy-$version\.tar\.gz"
echo "1..$n"
