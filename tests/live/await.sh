# SPDX-License-Identifier: GPL-3.0-or-later
# await: waiting until something is so, a minute at most, rather than for a time: a busy machine then changes no result. To be read with ".":
# no test by itself. $pids: processes that are to be killed when the test ends before they do.
# shellcheck shell=sh disable=SC2034
await() { # COMMAND...: until it succeeds
	for _ in $(seq 600); do
		"$@" 2>/dev/null && return
		sleep 0.1
	done
	return 1
}
started() { # PID: in the background
	pids="$pids $1"
}
has_started() { # PID of a capture: it has given its privileges up; then its socket is there. Or it has ended.
	grep -q '^NoNewPrivs:.*1' "/proc/$1/status" || [ ! -d "/proc/$1" ]
}
await_start() { # PID
	await has_started "$1"
}
has_ended() { # PID
	[ ! -d "/proc/$1" ] || grep -q '^State:.*Z' "/proc/$1/status"
}
# Sleeps, and in a while longer than it sleeps at a time hardly ran: what there was to be read is read.
is_idle() { # PID
	ran=$(cut -d ' ' -f 1 "/proc/$1/schedstat") || { sleep 1; return 0; }
	sleep 0.4
	has_ended "$1" && return
	grep -q '^State:.*S' "/proc/$1/status" && [ $(($(cut -d ' ' -f 1 "/proc/$1/schedstat") - ran)) -lt 10000000 ]
}
await_idle() { # PID
	await is_idle "$1"
}
await_end() { # PID: $status is its exit status
	await has_ended "$1" || kill -9 "$1"
	wait "$1" 2>/dev/null
	status=$?
	pids=$(echo " $pids " | sed "s/ $1 / /g")
}
end() { # SIGNAL PID
	kill -"$1" "$2" 2>/dev/null
	await_end "$2"
}
