#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# debian: the release's archive with debian/ becomes a package that lintian has nothing against, and that, installed, passes its own test.
# `make check-debian`. Installing (and taking away again) needs root and CHECK_INSTALL=yes, as it changes this machine.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
unset MAKEFLAGS MAKELEVEL MFLAGS
n=0
failed=0
result() { # STATUS DESCRIPTION
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else failed=1 && echo "not ok $n - $2"; fi
}
skip() { # DESCRIPTION REASON
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}
for tool in dpkg-buildpackage dh lintian; do
	command -v $tool >/dev/null || { echo "1..0 # SKIP $tool is not installed (Debian: dpkg-dev debhelper lintian)"; exit; }
done

version=$(sed -n 's/^AC_INIT(\[tcpwhy\], \[\([^]]*\)\].*/\1/p' "$TOP_SRCDIR/configure.ac")
make -s -C "$TOP_BUILDDIR" dist >"$work/log" 2>&1 && mv "$TOP_BUILDDIR/tcpwhy-$version.tar.gz" "$work/tcpwhy_$version.orig.tar.gz"
result $? "the archive of $version"
cd "$work" && tar -xf "tcpwhy_$version.orig.tar.gz" && cp -r "$TOP_SRCDIR/debian" "tcpwhy-$version/" && cd "tcpwhy-$version" || exit 99
dpkg-buildpackage -us -uc >"$work/log" 2>&1
status=$?
case "${DEB_BUILD_OPTIONS:-}" in
*nocheck*) how="without tests" ;;
*) how="with every test" ;;
esac
result $status "dpkg-buildpackage, $how"
[ "$failed" -eq 0 ] || { grep -A12 -e "^not ok" "$work/log" | head -n 60; tail -n 5 "$work/log"; } | sed "s/^/# /"
said=$(lintian --fail-on error,warning --suppress-tags initial-upload-closes-no-bugs "$work"/*.changes 2>&1)
result $? 'lintian'
[ -z "$said" ] || echo "$said" | sed 's/^/# /'
if [ "${CHECK_INSTALL:-no}" = yes ] && [ "$(id -u)" -eq 0 ]; then
	dpkg -i "$work"/tcpwhy_*.deb >"$work/log" 2>&1
	result $? 'it can be installed'
	sh debian/tests/installed >"$work/log" 2>&1
	result $? 'and passes debian/tests/installed'
	sed 's/^/# /' "$work/log" | tail -n 5
	dpkg -P tcpwhy tcpwhy-dbgsym >"$work/log" 2>&1
	left=$(find /usr /etc -path '*tcpwhy*' ! -path '/usr/local/*' 2>/dev/null)
	[ -z "$left" ]
	result $? "taken away, it leaves nothing $left"
else
	skip 'it can be installed, and passes debian/tests/installed' 'needs root and CHECK_INSTALL=yes: it changes this machine'
fi
echo "1..$n"
exit $failed
