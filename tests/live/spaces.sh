# SPDX-License-Identifier: GPL-3.0-or-later
# spaces: network namespaces, processes and a folder of a test's own, all of which are gone when it ends. To be read with ".": no test by
# itself. Skips the whole test where there is no root.
# shellcheck shell=sh disable=SC2034
skip_all() { # WHY
	echo "1..0 # SKIP $1"
	exit 0
}
[ "$(id -u)" -eq 0 ] || skip_all 'namespaces need root'
work=$(mktemp -d) || exit 99
chmod 755 "$work"
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

# A process in the background that is to be killed when the test ends before it does.
started() { # PID
	pids="$pids $1"
}
await_start() { # PID of a capture: until it has given its privileges up; then its socket is there
	for _ in $(seq 400); do
		grep -q '^NoNewPrivs:.*1' "/proc/$1/status" 2>/dev/null && return
		[ -d "/proc/$1" ] || return
		sleep 0.05
	done
}
await_end() { # PID: bounded; $status is its exit status
	for _ in $(seq 200); do
		[ -d "/proc/$1" ] || break
		grep -q '^State:.*Z' "/proc/$1/status" 2>/dev/null && break
		sleep 0.05
	done
	kill -9 "$1" 2>/dev/null
	wait "$1" 2>/dev/null
	status=$?
	pids=$(echo " $pids " | sed "s/ $1 / /g")
}
end() { # SIGNAL PID
	kill -"$1" "$2" 2>/dev/null
	await_end "$2"
}
