#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# told: what is made of a kernel's word: each reset with the record that is its own, silence only where it means something.
told=$TOP_BUILDDIR/tests/kernel/told
mkcap=$TOP_BUILDDIR/tests/mkcap/mkcap
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$TOP_SRCDIR/tests/tap.sh"
make_capture() { # NAME, its segments on standard input
	{
		printf 'host c 192.0.2.1\nhost s 192.0.2.2\nvantage s\nflow f c:40000 s:80\n'
		cat
	} >"$work/$1.txt"
	"$mkcap" "$work/$1.txt" "$work/$1.pcap" || exit 99
}
says() { # DESCRIPTION CAPTURE PATTERN, what was told on standard input; the pattern is of the whole output, a line each reset
	cat >"$work/events"
	"$told" "$work/$2.pcap" "$work/events" >"$work/out" 2>&1
	grep -qE -e "$3" "$work/out"
	status=$?
	result $status "$1"
	[ $status -eq 0 ] || sed 's/^/# /' "$work/out"
}
never() { # likewise: no line is so
	cat >"$work/events"
	"$told" "$work/$2.pcap" "$work/events" >"$work/out" 2>&1
	[ -s "$work/out" ] && ! grep -qE -e "$3" "$work/out"
	status=$?
	result $status "$1"
	[ $status -eq 0 ] || sed 's/^/# /' "$work/out"
}

# a request, an answer, and after a second the server aborts (frame 8, 1.004 s)
make_capture abort <<'E2'
+0 handshake rtt=1ms
+1ms > PA len=100
+1ms < PA len=200
+1ms > A
+1s < RA name=rst
E2
at=$("$TCPWHY" --json --steps "$work/abort.pcap" | grep -c '"type":"step"')
[ "$at" = 7 ]
result $? "the capture has seven segments ($at)"
ends='192.0.2.2/80 192.0.2.1/40000'
rst=1.004

says 'TCP_STATE of a closed socket: a hard close' abort '^7 server abort certain abort-linger0 likely killed TCP_STATE kernel-sent,kernel-process' <<E2
sent $rst $ends 7 TCP_STATE 4711
E2
says 'TCP_ABORT_ON_CLOSE: unread data, for certain' abort '^7 server abort certain abort-unread-data certain killed TCP_ABORT_ON_CLOSE kernel-sent' <<E2
sent $rst $ends 7 TCP_ABORT_ON_CLOSE
E2
says '... why it was unread is not known' abort '^7 unknown: why the program closed, or was ended' <<E2
sent $rst $ends 7 TCP_ABORT_ON_CLOSE
E2
never '... nothing else is possible, and what the kernel told is neither unknown nor to be checked' abort '^7 (or|unknown: what happened|check: .*(perf|TcpExtTCPAbortOnClose))' <<E2
sent $rst $ends 7 TCP_ABORT_ON_CLOSE
E2
never 'TCP_STATE of a closed socket: not from outside' abort '^7 (or abort-admin-kill|unknown: which call or administrator)' <<E2
sent $rst $ends 7 TCP_STATE
E2
says '... which call it was is not known' abort '^7 unknown: which call it was' <<E2
sent $rst $ends 7 TCP_STATE
E2
says 'TCP_ABORT_ON_MEMORY: certain, in the words of that cause' abort '^7 unknown: the memory of' <<E2
sent $rst $ends 7 TCP_ABORT_ON_MEMORY
E2
says 'TCP_ABORT_ON_LINGER' abort '^7 server abort certain abort-linger2-fin-wait2 certain killed TCP_ABORT_ON_LINGER' <<E2
sent $rst $ends 7 TCP_ABORT_ON_LINGER
E2
says 'TCP_DISCONNECT_WITH_DATA: a hard close' abort '^7 server abort certain abort-linger0 likely' <<E2
sent $rst $ends 7 TCP_DISCONNECT_WITH_DATA
E2
says 'TCP_STATE of a socket that is not closed yet: from outside' abort '^7 server abort certain abort-admin-kill certain' <<E2
sent $rst $ends 1 TCP_STATE
E2
says 'TCP_KEEPALIVE_TIMEOUT, though no probe was captured' abort '^7 server abort certain keepalive-timeout certain' <<E2
sent $rst $ends 1 TCP_KEEPALIVE_TIMEOUT
E2
says 'an older kernel: sent, no reason' abort '^7 server abort .* - kernel-sent-untold' <<E2
partly
sent $rst $ends 7 -
E2
says 'a reason that is not in the table is told as it is' abort '^7 server abort .* A_NEW_ONE kernel-sent' <<E2
sent $rst $ends 7 A_NEW_ONE
E2
says 'an abort is told up to 20 ms after its packet' abort 'kernel-sent' <<E2
sent 1.023 $ends 7 TCP_STATE
E2
never '... not later' abort 'kernel-' <<E2
sent 1.030 $ends 7 TCP_STATE
E2
never "an answer's reason is not an abort's" abort 'kernel-' <<E2
sent $rst $ends 0 NO_SOCKET
E2
never "other ports are another connection's" abort 'kernel-' <<E2
sent $rst 192.0.2.2/81 192.0.2.1/40000 7 TCP_STATE
E2
never "the other end's record is not its own" abort 'kernel-sent' <<E2
sent $rst 192.0.2.1/40000 192.0.2.2/80 7 TCP_STATE
E2
never 'a listener aborts nothing' abort 'kernel-' <<E2
sent $rst 0.0.0.0/80 0.0.0.0/0 10 TCP_FLAGS
E2

# a request that waits to be accepted, and after a second the server aborts (frame 5)
make_capture waiting <<'E2'
+0 handshake rtt=1ms
+1ms > PA len=100
+1s < RA name=rst
E2
says 'the listener closed at that moment: what waited in its queue' waiting '^5 server abort certain abort-listener-closed likely .*kernel-listener-closed' <<E2
state 1.00195 0.0.0.0/80 0.0.0.0/0 10 7
sent 1.00200 $ends 7 TCP_STATE
E2
never '... not if that was a second before' waiting '^5 .*(abort-listener-closed|kernel-listener-closed)' <<E2
state 0.00195 0.0.0.0/80 0.0.0.0/0 10 7
sent 1.00200 $ends 7 TCP_STATE
E2
never "... nor another port's" waiting '^5 .*(abort-listener-closed|kernel-listener-closed)' <<E2
state 1.00195 0.0.0.0/81 0.0.0.0/0 10 7
sent 1.00200 $ends 7 TCP_STATE
E2
never '... nor of what it had answered, which was accepted' abort 'abort-listener-closed' <<E2
state 1.00390 0.0.0.0/80 0.0.0.0/0 10 7
sent $rst $ends 7 TCP_STATE
E2

# --- silence ---
third='^7 middlebox third-party certain .* - kernel-not-sent'
says 'silence about an end that is here: somebody else' abort "$third" <<E2
state 0 $ends 3 1
E2
never '... not where nothing says that it is here' abort 'kernel-' <<E2
own 192.0.2.2
E2
never '... not where only resets of sockets are told' abort 'kernel-' <<E2
partly
state 0 $ends 3 1
E2
never '... not for what came within a second after the beginning' abort 'kernel-' <<E2
since 0.1
state 0.2 $ends 3 1
E2
never '... not before a second has passed' abort 'kernel-' <<E2
until 1.9
state 0 $ends 3 1
E2
never '... not where events were lost' abort 'kernel-' <<E2
lost 0.5 0.6
state 0 $ends 3 1
E2
says '... lost long before, it is' abort "$third" <<E2
lost -3 -2
state 0 $ends 3 1
E2
never '... not where a record of it may only be late' abort 'kernel-' <<E2
state 0 $ends 3 1
sent 1.5 $ends 7 TCP_STATE
E2

# --- a refusal ---
make_capture refusal <<'E2'
+0 > S name=syn
+60us < reply name=rst
E2
says 'NO_SOCKET: nobody listens, for certain' refusal '^2 server stateless-reply certain refused-closed-port certain killed NO_SOCKET' <<E2
sent 0.00005 $ends 0 NO_SOCKET
E2
never '... and no packet filter' refusal '^2 (or|unknown: .*REJECT|check: .*reject)' <<E2
sent 0.00005 $ends 0 NO_SOCKET
E2
says 'silence, and the packet filter dropped something: REJECT' refusal '^2 server third-party certain refused-firewall-reject .* kernel-not-sent,kernel-filter' <<E2
own 192.0.2.2
dropped 0.00008
E2
never '... not when the address is not of this machine' refusal 'kernel-' <<E2
dropped 0.00008
E2
never '... not when it may be NAT that lends it' refusal 'kernel-' <<E2
own 192.0.2.2
forwards
dropped 0.00008
E2
never '... not when it dropped nothing' refusal 'kernel-' <<E2
own 192.0.2.2
E2
never '... not when that was another moment' refusal 'kernel-' <<E2
own 192.0.2.2
dropped 0.005
E2
never 'an answer is told before its packet, not ten milliseconds after' refusal 'kernel-' <<E2
sent 0.010 $ends 0 NO_SOCKET
E2
says 'the other end took it' refusal '^2 .* killed - .*kernel-took' <<E2
took 0.0001 192.0.2.1/40000 192.0.2.2/80
E2

# --- listeners, and many resets ---
make_capture late <<'E2'
+0 handshake rtt=1ms
+1ms > PA len=100
+1ms < PA len=200
+1s > PA len=100
+60us < reply name=one
+2ms > PA len=100
+60us < reply name=two
E2
says "a listener's record names no other end" late '^7 server stateless-reply certain .* TCP_FLAGS kernel-sent' <<E2
sent 1.00300 0.0.0.0/80 0.0.0.0/0 10 TCP_FLAGS
E2
never '... and is told of one reset alone' late '^9 .* TCP_FLAGS' <<E2
sent 1.00300 0.0.0.0/80 0.0.0.0/0 10 TCP_FLAGS
E2
never "a listener of another port's" late 'kernel-' <<E2
sent 1.00300 0.0.0.0/81 0.0.0.0/0 10 TCP_FLAGS
E2
says 'each reset has the record that is closest' late '^9 server .* NO_SOCKET kernel-sent' <<E2
sent 1.00300 0.0.0.0/80 0.0.0.0/0 10 TCP_FLAGS
sent 1.00508 $ends 0 NO_SOCKET
E2
sed 's/^host s.*/host s 192.0.2.2 ttl=61/' "$work/late.txt" >"$work/far.txt"
"$mkcap" "$work/far.txt" "$work/far.pcap" || exit 99
never "a listener's record is for packets that were not forwarded yet" far 'kernel-' <<E2
sent 1.00300 0.0.0.0/80 0.0.0.0/0 10 TCP_FLAGS
E2
never 'of two resets it is not said which one was taken' late 'kernel-took' <<E2
took 1.0053 192.0.2.1/40000 192.0.2.2/80
E2
# --- the other reasons ---
# a connection that the server closes; a second after that the client sends (frame 9)
make_capture after-close <<'E2'
+0 handshake rtt=1ms
+1ms > PA len=100
+1ms < PA len=200
+1ms < FA
+1ms > A
+1s > PA len=50
+60us < reply name=rst
E2
for reason in TCP_TIMEWAIT_SOCKET TCP_ABORT_ON_DATA; do
	says "$reason: data after the close" after-close "^9 server stateless-reply certain late-data-after-close certain .* $reason kernel-sent" <<E2
sent 1.00505 $ends 6 $reason
E2
done
# the third segment of a handshake is refused (frame 4)
make_capture overflow <<'E2'
+0 > S
+100us < SA
+100us > A
+60us < reply name=rst
E2
says 'INVALID_SYN, and no SYN: the accept queue' overflow '^4 server stateless-reply certain accept-overflow-abort likely .* INVALID_SYN' <<E2
sent 0.00025 $ends 12 INVALID_SYN
E2
never '... not that the service was stopped or the state lost' overflow '^4 or (handshake-state-lost|abort-)' <<E2
sent 0.00025 $ends 12 INVALID_SYN
E2
# a SYN/ACK whose acknowledgment is not the SYN's (frame 3)
{
	printf 'host c 192.0.2.1\nhost s 192.0.2.2\nvantage c\nflow f c:40000 s:80\n'
	printf '+0 > S\n+1ms < A ack=raw:77 seq=raw:99 name=old\n+60us > R seq=raw:77 stateless\n'
} >"$work/challenge.txt"
"$mkcap" "$work/challenge.txt" "$work/challenge.pcap" || exit 99
for reason in TCP_INVALID_ACK_SEQUENCE TCP_TOO_OLD_ACK TCP_RFC7323_PAWS TCP_ACK_UNSENT_DATA; do
	says "$reason: an answer" challenge "^3 client stateless-reply certain .* $reason kernel-sent" <<E2
sent 0.00105 192.0.2.1/40000 192.0.2.2/80 2 $reason
E2
done
echo "1..$n"
