#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# fresh: README's two commands on a minimal Debian 12 that is made for it: --run and --check as root, and in another as a user with sudo;
# how long each took is said. `make check-fresh`. Needs root, debootstrap and DEBIAN_MIRROR (or the network); takes a quarter of an hour.
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
[ "$(id -u)" -eq 0 ] || { echo '1..0 # SKIP a system of its own needs root'; exit; }
command -v debootstrap >/dev/null || { echo '1..0 # SKIP debootstrap is not installed'; exit; }
if [ -z "${FRESH_SPACE:-}" ]; then # what is mounted for it goes with the last process
	FRESH_SPACE=yes exec unshare -m --propagation private sh "$0"
fi
work=$(mktemp -d) || exit 99
finish() {
	cd /
	for root in "$work"/root*; do umount -R -l "$root" 2>/dev/null; done
	rm -rf --one-file-system "$work"
}
trap finish EXIT
unset MAKEFLAGS MAKELEVEL MFLAGS
. "$TOP_SRCDIR/tests/tap.sh"
failed=0

debootstrap --variant=minbase bookworm "$work/root" "$mirror" >"$work/log" 2>&1
status=$?
result $status "a minimal Debian 12 from $mirror"
[ $status -eq 0 ] || { tail -n 5 "$work/log" | sed 's/^/# /'; echo "1..$n"; exit 1; }
cp -a "$work/root" "$work/root-ann"

ready() { # ROOT HOME: what a running system has, and the sources in a folder of the user's
	mount --bind "$1" "$1" && mount -t proc proc "$1/proc" && mount -t sysfs sys "$1/sys" && mount --rbind /dev "$1/dev" &&
		mount -t devpts -o newinstance,ptmxmode=0666 devpts "$1/dev/pts" && mount --bind "$1/dev/pts/ptmx" "$1/dev/ptmx" || return
	cp /etc/resolv.conf "$1/etc/resolv.conf"
	mkdir -p "$1$2/tcpwhy"
	(cd "$TOP_SRCDIR" && tar -cf - --exclude='./build*' --exclude=./.git --exclude=./autom4te.cache --exclude=./configure --exclude=./Makefile.in .) |
		tar -xf - --no-same-owner -C "$1$2/tcpwhy"
}
timed() { # DESCRIPTION OUTPUT-PATTERN COMMAND...: succeeds, and says so
	what=$1
	pattern=$2
	shift 2
	begun=$(date +%s)
	"$@" >"$work/out" 2>"$work/err" </dev/null
	status=$?
	[ $status -eq 0 ] && grep -q -e "$pattern" "$work/out"
	good=$?
	result $good "$what: exit $status, $(($(date +%s) - begun)) s"
	[ $good -eq 0 ] || { grep -e '^FAIL' "$work/out"; tail -n 15 "$work/err"; } | sed 's/^/# /'
	[ $good -eq 0 ] || failed=1
}

as_root() { # COMMAND, with nothing of this shell's environment
	chroot "$work/root" /usr/bin/env -i HOME=/root TERM=xterm /bin/bash -lc "cd ~/tcpwhy && $1"
}
ready "$work/root" /root || exit 99
timed 'as root: ./bootstrap --run' 'Resets by cause' as_root './bootstrap --run'
timed 'as root: ./bootstrap --check' '^# FAIL:  0$' as_root './bootstrap --check'

ready "$work/root-ann" /home/ann || exit 99
chroot "$work/root-ann" sh -c 'apt-get -qq update && apt-get -qq install -y --no-install-recommends sudo && useradd -s /bin/bash ann &&
	echo "ann ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/ann && chown -R ann:ann /home/ann' >"$work/log" 2>&1 ||
	{ tail -n 5 "$work/log" | sed 's/^/# /'; exit 99; }
timed 'as a user with sudo: ./bootstrap --run' 'Resets by cause' chroot "$work/root-ann" su - ann -c 'cd tcpwhy && ./bootstrap --run'
timed 'as a user with sudo: ./bootstrap --check' '^# FAIL:  0$' chroot "$work/root-ann" su - ann -c 'cd tcpwhy && ./bootstrap --check'
echo "1..$n"
exit $failed
