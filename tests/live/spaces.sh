# SPDX-License-Identifier: GPL-3.0-or-later
# spaces: network namespaces, processes and a folder of a test's own, all of which are gone when it ends. To be read with ".": no test by
# itself. Skips the whole test where there is no root.
# shellcheck shell=sh disable=SC2034
. "$TOP_SRCDIR/tests/live/await.sh"
skip_all() { # WHY
	echo "1..0 # SKIP $1"
	exit 0
}
[ "$(id -u)" -eq 0 ] || skip_all 'namespaces need root'
work=$(mktemp -d) || exit 99
chmod 755 "$work"
mkdir -m 1777 "$work/tmp"
TMPDIR=${GCOV_PREFIX:-$work/tmp} # what is killed leaves its packets here; no other folder is written to, so counts of lines stand there
export TMPDIR
spaces=
pids=
mounts=
cleanup() {
	for p in $pids; do kill -9 "$p" 2>/dev/null; done
	for m in $mounts; do umount "$m" 2>/dev/null; done
	for s in $spaces; do ip netns del "$s" 2>/dev/null; done
	rm -rf "$work"
}
trap cleanup EXIT

space() { # NAME: makes a namespace; the variable NAME is its whole name
	ip netns add "tcpwhy-test-$$-$1" 2>/dev/null || skip_all 'no network namespaces here (ip netns add)'
	spaces="$spaces tcpwhy-test-$$-$1"
	eval "$1=tcpwhy-test-$$-$1"
}
wire() { # between the namespaces a and b: why0 with 192.0.2.1 and fd00::1, why1 with 192.0.2.2 and fd00::2
	ip -n "$a" link add why0 type veth peer name why1 netns "$b" || exit 99
	for end in "$a 1 0" "$b 2 1"; do
		# shellcheck disable=SC2086
		set -- $end
		ip -n "$1" addr add "192.0.2.$2/24" dev "why$3"
		ip -n "$1" addr add "fd00::$2/64" dev "why$3" nodad
		ip -n "$1" link set "why$3" up
		ip -n "$1" link set lo up
	done
}
end() { # SIGNAL PID
	kill -"$1" "$2" 2>/dev/null
	await_end "$2"
}
