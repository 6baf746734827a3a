#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# install: `make install` puts everything where its readers look, and `make uninstall` leaves nothing of it.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
unset MAKEFLAGS MAKELEVEL MFLAGS
. "$TOP_SRCDIR/tests/tap.sh"
run_make() { # TARGET
	make -s -C "$TOP_BUILDDIR" "$1" prefix=/usr/local DESTDIR="$work/root" >"$work/log" 2>&1
	result $? "make $1"
	sed 's/^/# /' "$work/log"
}

run_make install
for file in bin/tcpwhy share/man/man1/tcpwhy.1 share/man/man5/tcpwhy-report.5 share/man/man5/tcpwhyrc.5 share/man/man7/tcpwhy-resets.7 \
	share/bash-completion/completions/tcpwhy share/zsh/site-functions/_tcpwhy share/fish/vendor_completions.d/tcpwhy.fish \
	share/doc/tcpwhy/README share/tcpwhy/captures/demo.pcapng share/tcpwhy/report.schema.json; do
	[ -s "$work/root/usr/local/$file" ]
	result $? "$file is installed"
done
"$work/root/usr/local/bin/tcpwhy" --report "$work/root/usr/local/share/tcpwhy/captures/demo.pcapng" | grep -q refused-closed-port
result $? 'what is installed runs'
run_make uninstall
left=$(find "$work/root" ! -type d -o -path '*tcpwhy*')
[ -z "$left" ] || echo "$left" | sed 's/^/# left: /'
[ -z "$left" ]
result $? 'nothing is left'
echo "1..$n"
