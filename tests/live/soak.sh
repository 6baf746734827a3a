#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# soak: live traffic for SOAK_SECONDS (20) in namespaces of its own: connections are made, closed and reset in known ways while one tcpwhy
# reports, and another shows screen after screen. Afterwards: memory stayed flat, every packet is accounted for, each kind of connection was
# counted, and the file of -w, read again, says of each reset what was said live. SOAK_PAUSE: milliseconds between connections (10).
# Needs root; no packet leaves.
traffic=$TOP_BUILDDIR/tests/live/traffic
. "$TOP_SRCDIR/tests/live/spaces.sh"
. "$TOP_SRCDIR/tests/tap.sh"
space a
space b
seconds=${SOAK_SECONDS:-20}
pause=${SOAK_PAUSE:-10}
case " $BUILD_CFLAGS " in *' -fsanitize'*) sanitized=yes ;; *) sanitized= ;; esac

# --- two machines and a wire ---
wire
ip netns exec "$a" sysctl -q net.ipv4.ip_local_port_range='30000 65000'
ip netns exec "$b" "$traffic" serve 192.0.2.2 7000 $((seconds + 300)) >"$work/ready" &
started $!
packets() { # SPACE DEVICE: that went through it, both ways
	ip -n "$1" -s link show dev "$2" | awk '/RX:|TX:/ { getline; n += $2 } END { print n }'
}
memory() { # PID: KiB resident
	sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$1/status" 2>/dev/null
}
await test -s "$work/ready" || exit 99
sleep 3 # what IPv6 has to say of new addresses

# --- one reports, without the word of the kernel, which no file has: what it says can be compared ---
as_user=
if command -v setpriv >/dev/null && setpriv --reuid 65534 --clear-groups test -x "$TCPWHY"; then
	as_user='setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=+net_raw,+net_admin --ambient-caps=+net_raw,+net_admin'
fi
mkdir "$work/kept"
[ -z "$as_user" ] || chown 65534:65534 "$work/kept"
# shellcheck disable=SC2086 # options are words
ip netns exec "$a" $as_user "$TCPWHY" -i why0 --vantage=soak --memory=128M -w "$work/kept/a.pcap" --json \
	>"$work/live" 2>"$work/err" </dev/null &
reports=$!
started $reports
await_start $reports

# --- another is looked at ---
shows=
if [ -x "$TOP_BUILDDIR/tests/screen/screen" ]; then
	sed "s|{kept}|$work/kept/b.pcap|; s/{seconds}/$seconds/" "$TOP_SRCDIR/tests/live/soak-screen.txt" >"$work/soak"
	ip netns exec "$b" "$TOP_BUILDDIR/tests/screen/screen" -s "$work/soak" >"$work/screens" 2>&1 &
	looks=$!
	started $looks
	find_shown() {
		shows=$(cut -d ' ' -f 1 "/proc/$looks/task/$looks/children" 2>/dev/null)
		[ -n "$shows" ]
	}
	await find_shown || exit 99
	await_start "$shows"
fi
sleep 1
before=$(packets "$a" why0)

# --- traffic ---
raw_kinds() { # resets that take a firewall or raw sockets: a round takes a quarter of a minute
	ip netns exec "$b" nft delete table ip kept 2>/dev/null
	"$TOP_BUILDDIR/tests/live/resets" "$a" "$b" >>"$work/raw" 2>>"$work/problems"
}
command -v nft >/dev/null && ip netns exec "$b" nft list ruleset >/dev/null 2>&1 && raw_from=0
rounds=
: >"$work/raw"
: >"$work/problems"
now=$(date +%s)
until=$((now + seconds))
while [ "$now" -lt $until ]; do
	if [ "${raw_from:-$until}" -le "$now" ] && [ "$now" -le $((until - 15)) ]; then
		raw_kinds &
		rounds="$rounds $!"
		raw_from=$((now + 90)) # longer than TIME-WAIT: the same ports come again
	fi
	ip netns exec "$a" timeout 100 "$traffic" call 192.0.2.2 7000 200 "$pause" >>"$work/called" 2>>"$work/problems" || break
	echo "$(awk '{ n += $2 } END { print n }' "$work/called") $(memory $reports) $(memory "${shows:-0}")" >>"$work/memory"
	now=$(date +%s)
done
# what is under way ends: the last round of raw kinds
[ -z "$rounds" ] || wait $rounds
sleep 6 # flows that have ended are written after five seconds
after=$(packets "$a" why0)

# --- what became of it ---
end INT $reports
grep -ve 'kernel itself says of resets is not to be had' -e 'the oldest flows are let go' "$work/err" >"$work/complaints"
[ $status -eq 0 ] && [ ! -s "$work/complaints" ]
result $? "$seconds s of traffic, SIGINT: exit 0, nothing to complain of ($status, $(cat "$work/complaints"))"
[ ! -s "$work/problems" ]
result $? "all traffic went as it should ($(awk '{ n += $2 } END { print n }' "$work/called") connections, $(grep -c . "$work/raw") raw kinds)"
sed 's/^/# /' "$work/problems"
if [ -n "$shows" ]; then
	await_end "$looks" # by itself, when its time has passed
	grep -q '^ok 1 ' "$work/screens"
	result $? "the screens came and went ($(sed -n 's/^# \([0-9]* times round\)$/\1/p' "$work/screens"))"
	grep -q '^ok 1 ' "$work/screens" || sed -n '/^not ok/q; s/^/# /p' "$work/screens"
fi

# every packet of the wire is in the count, in the file, or in the count of those that were dropped
of_summary() { # FIELD FILE
	sed -n 's/.*"type":"summary".*"'"$1"'":\([0-9]*\).*/\1/p' "$2"
}
"$TCPWHY" --json --vantage=soak "$work/kept/a.pcap" >"$work/file" 2>"$work/err"
[ $? -eq 0 ] && [ ! -s "$work/err" ]
result $? 'the file of -w is whole'
seen=$(of_summary packets "$work/live")
dropped=$(of_summary dropped "$work/live")
# a few more are those that IPv6 still had to send between the capture's beginning and the first look at the counters
[ $((seen + dropped)) -ge $((after - before)) ] && [ $((seen + dropped)) -le $((after - before + 20)) ]
result $? "$((after - before)) packets went through the interface: $seen seen, $dropped dropped, none unaccounted for"
[ "$(of_summary packets "$work/file")" = "$seen" ]
result $? '... and those that were seen are in the file'
if [ -n "$shows" ]; then
	"$TCPWHY" --json "$work/kept/b.pcap" >"$work/other" 2>"$work/err"
	[ $? -eq 0 ] && [ "$(of_summary flows "$work/other")" = "$(of_summary flows "$work/file")" ]
	result $? "the file of the screen has the same connections ($(of_summary flows "$work/other"))"
fi

# the kinds of tests/live/traffic.c
flows_of() { # FILE: a line each, as written last
	grep '"type":"flow"' "$1" | grep '"server_port":700[01],' | awk -F '"flow_id":"' '{ id = substr($2, 1, 16); of[id] = $0 } END { for (id in of) print of[id] }'
}
for file in live file; do
	flows_of "$work/$file" >"$work/flows"
	for kind in 'closed .*"rst":0,.*"state":"closed"' 'refused "state":"refused"' '-abort "state":"reset"'; do
		made=$(awk -v kind="${kind%% *}" 'index($1, kind) { n += $2 } END { print n + 0 }' "$work/called")
		found=$(grep -c "${kind#* }" "$work/flows")
		[ "$made" -gt 0 ] && [ "$found" = "$made" ]
		result $? "$file: ${kind%% *}: $made were made, $found found"
	done
done

# what is said of a reset: the last word of each
verdicts() { # FILE: reset by reset what was said of it
	grep '"type":"reset"' "$1" | awk '
		function text(name) { return match($0, "\"" name "\":\"?[^,\"]*") ? substr($0, RSTART, RLENGTH) : "" }
		{ said[text("frame")] = text("emitter") " " text("role") " " text("form") " " text("mechanism") " " text("mechanism_confidence") \
			" " text("cause") " " text("confidence") " " text("effect") " " text("severity") }
		END { for (reset in said) print reset, said[reset] }' | sort
}
verdicts "$work/live" >"$work/said-live"
verdicts "$work/file" >"$work/said-file"
differ=$(diff "$work/said-live" "$work/said-file" | grep -c '^<')
# Live, a flow that was let go begins anew when its ports are used again minutes later: the file remembers what was before.
may=0
[ -z "$(of_summary evicted "$work/live")" ] || may=$(($(grep -c . "$work/said-file") / 10000))
if [ -n "$as_user" ]; then # else the kernel had its word live
	[ -s "$work/said-live" ] && [ "$differ" -le $may ]
	result $? "of $(grep -c . "$work/said-file") resets the file says what was said live ($differ differ)"
	diff "$work/said-live" "$work/said-file" | head -n 20 | sed 's/^/# /'
fi

# memory: from half of the time on no more than the flows that came explain (512 bytes each), and 16 MiB for what a screen keeps that is
# opened for the first time; at any time within --memory and so much for all else
flat() { # COLUMN NAME MIB
	awk -v column="$1" -v name="$2" -v beside="$3" '
		$column > 0 { flows[++n] = $1; kib[n] = $column; if ($column > most) most = $column }
		END {
			half = int((n + 1) / 2)
			grown = kib[n] - kib[half]
			may = (flows[n] - flows[half]) / 2 + 16384
			printf "%s: %d KiB at half of %d connections, %d at the end, %d at most\n", name, kib[half], flows[n], kib[n], most
			exit !(n > 1 && grown <= may && most <= (128 + beside) * 1024)
		}' "$work/memory" >"$work/flat"
	flat=$?
	[ -n "$sanitized" ] || result $flat "memory stays flat: $(cat "$work/flat")"
}
flat 2 'the report' 96
[ -z "$shows" ] || flat 3 'the screen' 192
[ -z "$SOAK_KEEP" ] || cp -r "$work" "$SOAK_KEEP"
echo "1..$n"
