#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# dist: `make dist` of two copies of the tree, made elsewhere, later and with another umask, is one file byte for byte. `make check-dist`.
work=$(mktemp -d) || exit 99
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
unset MAKEFLAGS MAKELEVEL MFLAGS
status=0
for copy in one another; do
	mkdir "$work/$copy"
	(cd "$TOP_SRCDIR" && tar -cf - --exclude='./build*' --exclude=./.git .) | tar -xf - -C "$work/$copy"
	(
		if [ $copy = another ]; then
			umask 077
			sleep 1
			find "$work/$copy" -exec touch {} +
			sleep 1
			find "$work/$copy" -name '*.sh' -exec touch {} + # make would make what has the name of a script out of it
		fi
		cd "$work/$copy" && ./bootstrap && ./configure && make -s dist
	) >"$work/$copy.log" 2>&1 || { tail -n 20 "$work/$copy.log" | sed 's/^/# /'; status=1; }
done
(cd "$work/one" && sha256sum ./*.tar.gz) | sed 's/^/# /'
cmp "$work/one/"*.tar.gz "$work/another/"*.tar.gz || status=1
echo 1..1
if [ $status -eq 0 ]; then echo 'ok 1 - two makes of one release are one file'; else echo 'not ok 1 - two makes of one release are one file'; fi
exit $status
