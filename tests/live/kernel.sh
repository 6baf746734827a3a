#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# kernel: resets of many kinds by real sockets in namespaces of their own, read live with the kernel's own word; what is opened for that is
# gone afterwards, however the program ends. Needs root and tracefs; no packet leaves.
resets=$TOP_BUILDDIR/tests/live/resets
. "$TOP_SRCDIR/tests/live/spaces.sh"
space a
tracefs=$work/tracefs
mkdir "$tracefs"
mounts=$tracefs
if ! mount -t tracefs tracefs "$tracefs" 2>/dev/null || [ ! -d "$tracefs/events/tcp/tcp_send_reset" ]; then
	skip_all 'no tracefs here, or no tracepoint tcp:tcp_send_reset'
fi
if ! grep -q reason "$tracefs/events/tcp/tcp_send_reset/format"; then
	skip_all 'the kernel is too old to say why it resets (Linux 6.10)'
fi
if ! command -v nft >/dev/null || ! ip netns exec "$a" nft list ruleset >/dev/null 2>&1; then
	skip_all 'no nftables'
fi
. "$TOP_SRCDIR/tests/tap.sh"

space b
wire

capture() { # SPACE ARGUMENT...: in the background; its words are in $work/out and $work/err
	where=$1
	shift
	: >"$work/out"
	: >"$work/err"
	ip netns exec "$where" "$TCPWHY" "$@" >"$work/out" 2>"$work/err" </dev/null &
	tcpwhy=$!
	begun "$tcpwhy"
}
begun() { # PID
	started "$1"
	await_start "$1"
	await_idle "$1" # then it waits for signals
}
finish() { # SIGNAL
	end "$1" "$tcpwhy"
}
instances() {
	find "$tracefs/instances" -mindepth 1 -maxdepth 1 -name "tcpwhy-$1*" | wc -l
}

# --- every kind ---
capture "$b" -i why1 --json tcp
[ "$(instances "$tcpwhy")" = 1 ]
result $? 'while it captures there is a trace instance of its own'
sleep 1.1 # before it began, and for a second after, silence of the kernel says nothing
"$resets" "$a" "$b" >"$work/made" 2>"$work/problems" || echo "# $(cat "$work/problems")"
sleep 1.5
await_idle "$tcpwhy"
mine=$tcpwhy
finish INT
[ $status -eq 0 ] && [ ! -s "$work/err" ]
result $? "SIGINT: exit 0, nothing to complain of ($(cat "$work/err"))"
[ "$(instances "$mine")" = 0 ]
result $? '... and the instance is gone when it has ended'

# the primary reset of the flow with this server port
wrong=0
kinds=0
grep '"type":"flow"' "$work/out" >"$work/flows"
while read -r port emitter mechanism reason causes name; do
	if [ "$emitter" = - ]; then
		n=$((n + 1))
		echo "ok $n - $name # SKIP this kernel cannot do it"
		continue
	fi
	kinds=$((kinds + 1))
	flow=$(grep -E "\"(server|client)_port\":$port," "$work/flows" | grep '"rst":[1-9]' | grep -o '"flow":[0-9]*' | head -n 1)
	line=$(grep '"type":"reset"' "$work/out" | grep "$flow," | grep -m 1 '"role":"primary"')
	field() { echo "$line" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
	told=$(field kernel_reason)
	[ "$(field emitter)" = "$emitter" ] && [ "$(field mechanism)" = "$mechanism" ] && [ "${told:--}" = "$reason" ]
	result $? "$name: $emitter, $mechanism, $reason (was $(field emitter), $(field mechanism), ${told:--})"
	case "|$causes|" in
	*"|$(field cause)|"*) ;;
	*)
		wrong=$((wrong + 1))
		echo "# $name: $causes, but was $(field cause), $(field confidence)"
		echo "$line" | cut -c 1-1500 | sed 's/^/# /'
		[ "$(field confidence)" != certain ]
		result $? "... and it was not sure"
		;;
	esac
done <"$work/made"
[ "$kinds" -ge 30 ] && [ $((wrong * 50)) -le "$kinds" ]
result $? "$kinds kinds of resets (30 at least), cause right in 98 of 100: $wrong wrong"
grep -q 'a system call of process [0-9]*, resets"' "$work/out"
result $? 'a process that aborts is named'

# --- a connection that is open ---
open_one() {
	: >"$work/ready"
	"$resets" "$a" "$b" open >"$work/ready" &
	opened=$!
	started "$opened"
	await test -s "$work/ready"
}
close_one() {
	end KILL "$opened"
	sleep 0.2
}
capture "$b" -i why1 --json tcp port 7999
open_one
await_idle "$tcpwhy"
finish INT
grep -q "\"server_port\":7999.*\"server_kernel_state\":\"ESTABLISHED\",\"server_kernel_pid\":$opened,\"server_kernel_process\":\"resets\",\"server_kernel_unread\":5000,\"server_kernel_unacknowledged\":0,\"server_kernel_unsent\":0,\"server_kernel_retransmissions\":0,\"server_kernel_timer\":\"keepalive\"" "$work/out"
result $? 'of an open connection the report has what the kernel says of its socket'
[ "$(grep -c client_kernel "$work/out")" = 0 ]
result $? '... and nothing of the end that is not on this machine'
close_one
drawn() { # PATTERN
	await grep -aq "$1" "$work/screen"
}
screen() { # COLUMNS ROWS: the ladder of an open connection, drawn
	: >"$work/screen"
	(
		drawn '192.0.2.2:7999'
		printf '\r'
		drawn 'ESTABLISHED, resets'
		printf 'Q'
		sleep 0.5
	) | TERM=xterm ip netns exec "$b" script -qefc "stty cols $1 rows $2; $TCPWHY --ascii -i why1 tcp port 7999" "$work/screen" >/dev/null 2>&1 &
	drawing=$!
	drawn 'No TCP flow yet'
	open_one
	await_end "$drawing"
	shown=$opened
	close_one
}
if command -v script >/dev/null; then
	screen 160 40
	grep -aq "server's kernel now: ESTABLISHED, resets ($shown)" "$work/screen"
	result $? 'the ladder shows it beside what the segments say'
	screen 100 24
	grep -aq "; kernel: ESTABLISHED, resets ($shown), 5.0 kB unread, keepalive timer" "$work/screen"
	result $? '... on a small screen, too'
fi

# --- nothing is left behind ---
capture "$b" -i why1 --json tcp
mine=$tcpwhy
finish KILL
for _ in $(seq 60); do
	[ "$(instances "$mine")" = 0 ] && break
	sleep 0.05
done
[ "$(instances "$mine")" = 0 ]
result $? 'killed, the instance is gone within three seconds'
mkdir "$tracefs/instances/tcpwhy-0-left"
capture "$b" -i why1 --json tcp
[ ! -d "$tracefs/instances/tcpwhy-0-left" ]
result $? 'an instance that was left is removed at the next start'
first=$tcpwhy
ip netns exec "$b" "$TCPWHY" -i why1 --json -c 1 tcp >/dev/null 2>&1 </dev/null &
second=$!
begun "$second"
[ "$(instances "$first")" = 1 ] && [ "$(instances "$second")" = 1 ]
result $? '... but not that of another tcpwhy at work'
end TERM "$second"
finish TERM
[ "$(instances "$first")" = 0 ] && [ "$(instances "$second")" = 0 ]
result $? 'neither is there when both have ended'

# --- without ---
if command -v setpriv >/dev/null; then
	capture "$b" -i why1 --json tcp
	finish INT
	ip netns exec "$b" setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin "$TCPWHY" -i why1 --json tcp >"$work/out" 2>"$work/err" </dev/null &
	tcpwhy=$!
	begun "$tcpwhy"
	finish TERM
	[ $status -eq 0 ] && { [ ! -s "$work/err" ] || [ "$(grep -c "kernel itself says of resets is not to be had" "$work/err")" = 1 ]; }
	result $? "without CAP_SYS_ADMIN it captures, and says once what it lacks, if it does ($(cat "$work/err"))"
fi
echo "1..$n"
