#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# names: -N shows the names that a capture, /etc/hosts and a name server give; nobody waits for one, and without -N nobody is asked.
work=$(mktemp -d) || exit 99
ns=tcpwhy-names-$$
pids=
cleanup() {
	for p in $pids; do kill "$p" 2>/dev/null; done
	ip netns del "$ns" 2>/dev/null
	rm -rf "$work"
}
trap cleanup EXIT
. "$TOP_SRCDIR/tests/tap.sh"
make_capture() { # NAME: of the scenario on standard input
	cat >"$work/$1.txt"
	"$TOP_BUILDDIR/tests/mkcap/mkcap" "$work/$1.txt" "$work/$1" || exit 99
}
names() { # of the first flow of the last report
	sed -n '1s/.*"client_name":"\([^"]*\)".*"server_name":"\([^"]*\)".*/\1 \2/p' "$work/out"
}

# --- of the capture itself ---
make_capture own.pcapng <<'EOT'
# a capture that names its addresses
format pcapng
host c 192.0.2.10
host s 2001:db8::1
host t 198.51.100.22
host d 2001:db8::2
named 192.0.2.10 laptop.example
named 2001:db8::1 "web\x1b[31m.example"
named 2001:db8::2 desk
flow one c:40001 t:80
flow two d:40001 s:80
+0 one> S
+1ms one< reply
+1ms two> S
+1ms two< reply
EOT
"$TCPWHY" -N --report "$work/own.pcapng" >"$work/out" 2>"$work/err"
grep -q '192.0.2.10:40001 \[laptop.example\] ' "$work/out"
result $? 'a name resolution block names its address'
grep -q '\[2001:db8::1\]:80 \[web\\x1b\[31m.example\]' "$work/out" && ! grep -q "$(printf '\033')" "$work/out"
result $? '... over IPv6, and control characters are shown, not sent'
"$TCPWHY" --json "$work/own.pcapng" >"$work/out"
! grep -q '_name"' "$work/out"
result $? 'without -N nothing is named'
"$TCPWHY" -N --json -e 'client:laptop' "$work/own.pcapng" >"$work/out"
"$TCPWHY" -N --json -e 'client:192.0.2.10:40001' "$work/own.pcapng" >"$work/again"
[ "$(grep -c '"type":"flow"' "$work/out")" = 1 ] && cmp -s "$work/out" "$work/again"
result $? 'a filter finds a flow by the name and by the address'
"$TCPWHY" -N --json -e 'laptop 192\.0\.2\.10' "$work/own.pcapng" | grep -q '"flow":0'
result $? '... also in the whole line'
# --- of /etc/hosts ---
make_capture local.pcap <<'EOT'
# a connection of this host with itself
host c 127.0.0.1
flow one c:40001 c:80
+0 > S
+1ms < reply
EOT
if getent hosts 127.0.0.1 | grep -q localhost; then
	"$TCPWHY" -N --json "$work/local.pcap" >"$work/out" 2>"$work/err"
	[ "$(names)" = 'localhost localhost' ]
	result $? "/etc/hosts names 127.0.0.1 ($(names))"
fi
(
	"$TCPWHY" -N --json "$work/local.pcap"
) | cat >"$work/out"
[ -s "$work/out" ]
result $? 'who reads the report does not wait for the process that asks'

# --- of a name server, in namespaces of its own ---
done_here() {
	echo "1..$n"
	exit 0
}
[ "$(id -u)" -eq 0 ] && command -v unshare >/dev/null && ip netns add "$ns" 2>/dev/null || done_here
ip -n "$ns" link set lo up
echo 'nameserver 127.0.0.1' >"$work/resolv.conf"
echo '127.0.0.1 localhost' >"$work/hosts"
echo 'hosts: files dns' >"$work/nsswitch.conf"
inside() { # COMMAND...: with this name server and no other network
	ip netns exec "$ns" unshare -m sh -c '
		for f in resolv.conf hosts nsswitch.conf; do mount --bind "$0/$f" "$(readlink -f /etc/$f)" || exit 99; done
		exec "$@"' "$work" "$@"
}
ip netns exec "$ns" "$TOP_BUILDDIR/tests/live/traffic" names 127.0.0.1 53 50 >"$work/asked" &
pids="$pids $!"
for _ in $(seq 50); do
	grep -q ready "$work/asked" && break
	sleep 0.1
done
make_capture plain.pcap <<'EOT'
# two addresses, no names
host c 192.0.2.10
host s 198.51.100.22
flow one c:40001 s:80
+0 > S
+1ms < reply
+1s > S
+1ms < reply
EOT
inside "$TCPWHY" --json "$work/plain.pcap" >"$work/out" 2>"$work/err"
[ $? -eq 0 ] && ! grep -q '_name"' "$work/out" && ! grep -q asked "$work/asked"
result $? 'without -N the name server is asked nothing'
inside "$TCPWHY" -N --json "$work/plain.pcap" >"$work/out" 2>"$work/err"
[ "$(names)" = 'h10.example h22.example' ]
result $? "with -N its answers are there ($(names))"
[ "$(grep -c asked "$work/asked")" = 2 ]
result $? '... of which each was asked for once'
inside "$TCPWHY" -N --json "$work/own.pcapng" >"$work/out" 2>"$work/err"
[ "$(names)" = 'laptop.example h22.example' ]
result $? "a name of the capture's own comes first ($(names))"
echo 'nameserver 127.0.0.9' >"$work/resolv.conf" # nobody there: but no error either, packets are dropped
ip -n "$ns" route add blackhole 127.0.0.9/32 table local 2>/dev/null
begun=$(date +%s)
inside timeout 20 "$TCPWHY" -N --json "$work/plain.pcap" >"$work/out" 2>"$work/err"
status=$?
[ $status -eq 0 ] && [ "$(grep -c '"type":"flow"' "$work/out")" = 1 ] && [ $(($(date +%s) - begun)) -le 5 ]
result $? 'a name server that does not answer holds a report up for three seconds at most'
done_here
