#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# pipes: captures that come in while they are read: pipes, files that grow, are rotated or cut; rotated files as one.
work=$(mktemp -d) || exit 99
pids=
trap 'for p in $pids; do kill "$p" 2>/dev/null; done; rm -rf "$work"' EXIT
. "$TOP_SRCDIR/tests/live/await.sh"
demo=$TOP_SRCDIR/captures/closed-port.pcap
ng=$TOP_SRCDIR/captures/demo.pcapng
n=0
result() { # STATUS DESCRIPTION
	n=$((n + 1))
	[ "$1" -eq 0 ] || head -n 5 "$work/err" | sed 's/^/# /'
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}
says() { # FILE PATTERN
	grep -q -e "$2" "$work/$1"
	result $? "... and says: $2"
}
# The report but for what depends on the name of the file.
plain() { # FILE
	sed 's/"capture":"[^"]*",//; s/"vantage":"[^"]*",//; s/"flow_id":"[^"]*",//' "$1"
}
same() { # FILE FILE DESCRIPTION
	plain "$1" >"$work/same1"
	plain "$2" >"$work/same2"
	[ -s "$work/same1" ] && cmp -s "$work/same1" "$work/same2"
	result $? "$3"
}
"$TCPWHY" --json "$ng" >"$work/whole"
size=$(wc -c <"$ng")

# --- pipes ---
mkfifo "$work/fifo"
"$TCPWHY" --json "$work/fifo" >"$work/out" 2>"$work/err" &
reader=$!
pids="$pids $reader"
{ head -c 700 "$ng"; sleep 0.3; tail -c +701 "$ng" | head -c 5001; sleep 0.3; tail -c +5702 "$ng"; } >"$work/fifo"
await_end $reader
[ $status -eq 0 ]
result $? "a FIFO written in three goes: exit 0 (was $status)"
same "$work/out" "$work/whole" '... the report of the file'
{ head -c $((size - 7)) "$ng"; } | "$TCPWHY" --json - >"$work/out" 2>"$work/err"
[ $? -eq 0 ] && grep -q '"truncated":true' "$work/out"
result $? 'a pipe that dies in its last packet: exit 0, truncated'
says err 'ends inside the record'
{ head -c 12 "$ng"; } | "$TCPWHY" --json - >"$work/out" 2>"$work/err"
[ $? -eq 1 ]
result $? 'a pipe that dies in its header: exit 1'
mkfifo "$work/open"
"$TCPWHY" --json - <"$work/open" >"$work/out" 2>"$work/err" &
reader=$!
{ cat "$ng"; exec sleep 30; } >"$work/open" &
pids="$pids $reader $!"
await_start "$reader"
await_idle "$reader"
kill -INT "$reader" 2>/dev/null
await grep -q '"type":"summary"' "$work/out"
result $? '^C on a pipe that is still open: the report of what came'
same "$work/out" "$work/whole" '... which is that of the file'

# --- a pipe that is kept ---
{ head -c 700 "$ng"; sleep 0.2; tail -c +701 "$ng"; } | "$TCPWHY" --json -w "$work/kept.pcapng" - >"$work/out" 2>"$work/err"
[ $? -eq 0 ] && cmp -s "$ng" "$work/kept.pcapng"
result $? '-w keeps what comes through a pipe, byte for byte'
same "$work/out" "$work/whole" '... the report of the file'
if gzip -c "$ng" | "$TCPWHY" --json -w "$work/unpacked.pcapng" - >"$work/out" 2>"$work/err"; then
	cmp -s "$ng" "$work/unpacked.pcapng"
	result $? '... unpacked, when it comes packed'
fi
cp "$demo" "$work/precious.pcap"
"$TCPWHY" --json -w "$work/precious.pcap" "$ng" >"$work/out" 2>"$work/err"
[ $? -eq 2 ] && cmp -s "$demo" "$work/precious.pcap"
result $? '-w beside a file: exit 2, and the file of -w is as it was'
says err 'is a file already'

# --- cut files ---
total=$(wc -c <"$demo")
worst=0
flows=
for cut in $(seq 200); do
	head -c $((total - cut)) "$demo" >"$work/cut.pcap"
	"$TCPWHY" --json "$work/cut.pcap" >"$work/out" 2>"$work/err"
	status=$?
	packets=$(sed -n 's/.*"type":"summary".*"packets":\([0-9]*\).*/\1/p' "$work/out")
	[ $status -eq 0 ] && [ -n "$packets" ] && [ "$packets" -le "${flows:-99999}" ] || worst=$cut
	# cut in a packet: said; cut between two: nothing to say
	if grep -q '"truncated":true' "$work/out"; then [ -s "$work/err" ] || worst=$cut; else [ ! -s "$work/err" ] || worst=$cut; fi
	flows=$packets
done
[ $worst -eq 0 ]
result $? "a file cut at each of its last 200 bytes: exit 0, never more packets than before (worst: $worst)"
worst=0
for cut in $(seq 200); do
	head -c $((size - cut)) "$ng" | gzip -1 >"$work/cut.gz"
	"$TCPWHY" --json "$work/cut.gz" >"$work/out" 2>"$work/err" || worst=$cut
	grep -q '"type":"summary"' "$work/out" || worst=$cut
done
if "$TCPWHY" --json "$work/cut.gz" 2>&1 | grep -q 'which this build cannot read'; then
	n=$((n + 1))
	echo "ok $n - # SKIP built without zlib"
else
	[ $worst -eq 0 ]
	result $? "a compressed pcapng cut at each of its last 200 bytes: exit 0 (worst: $worst)"
fi

# --- files that grow ---
head -c 3000 "$ng" >"$work/grows.pcapng"
"$TCPWHY" --json --follow "$work/grows.pcapng" >"$work/out" 2>"$work/err" &
reader=$!
pids="$pids $reader"
await_start $reader
await_idle $reader
tail -c +3001 "$ng" | head -c 4000 >>"$work/grows.pcapng"
await_idle $reader
tail -c +7001 "$ng" >>"$work/grows.pcapng"
await_idle $reader
kill -INT $reader
await_end $reader
[ $status -eq 0 ]
result $? "a file that grows, ^C: exit 0 (was $status)"
plain "$work/out" | sort >"$work/same1"
plain "$work/whole" | sort >"$work/same2"
grep -v '"type":"summary"' "$work/same1" >"$work/same3"
grep -v '"type":"summary"' "$work/same2" | cmp -s - "$work/same3"
result $? '... the flows and resets of the whole file'
cp "$demo" "$work/rotates.pcap"
"$TCPWHY" --json --follow "$work/rotates.pcap" >"$work/out" 2>"$work/err" &
reader=$!
pids="$pids $reader"
await_start $reader
await_idle $reader
mv "$work/rotates.pcap" "$work/rotates.pcap.1"
cp "$TOP_SRCDIR/captures/graceful-close.pcap" "$work/new"
mv "$work/new" "$work/rotates.pcap"
await grep -q 'its successor is followed' "$work/err"
await_idle $reader
kill -INT $reader
await_end $reader
[ $status -eq 0 ]
result $? "a followed file is replaced by another of its name: exit 0 (was $status)"
says err 'was replaced; its successor is followed'
"$TCPWHY" --json --join "$demo" "$TOP_SRCDIR/captures/graceful-close.pcap" >"$work/joined" 2>>"$work/err"
[ "$(grep -c '"type":"flow"' "$work/out")" = "$(grep -c '"type":"flow"' "$work/joined")" ]
result $? '... and the flows of both are there'

# What cannot be followed takes its name: what was read is reported, and it is said.
"$TCPWHY" --json "$demo" >"$work/demo.json"
for what in folder pipe; do
	cp "$demo" "$work/rotates.pcap"
	"$TCPWHY" --json --follow "$work/rotates.pcap" >"$work/out" 2>"$work/err" &
	reader=$!
	pids="$pids $reader"
	sleep 0.5
	rm "$work/rotates.pcap"
	if [ $what = pipe ]; then mkfifo "$work/rotates.pcap"; else mkdir "$work/rotates.pcap"; fi
	sleep 1
	kill -INT $reader
	await_end $reader
	[ $status -le 1 ] && [ "$(grep -c '"type":"flow"' "$work/out")" = "$(grep -c '"type":"flow"' "$work/demo.json")" ]
	result $? "a followed file is replaced by a $what: its own flows are reported (exit $status)"
	says err 'was replaced'
	rm -r "$work/rotates.pcap"
done

# --- rotated files ---
# A pcap in three files, cut between packets (16 bytes of head, the length at 8).
od -An -v -tu1 -w1 "$demo" | awk '
	{ b[NR - 1] = $1 }
	END { at = 24; while (at + 16 <= NR) { at += 16 + b[at + 8] + 256 * b[at + 9]; print at } }' >"$work/ends"
packets=$(wc -l <"$work/ends")
one=$(sed -n "$((packets / 3))p" "$work/ends")
two=$(sed -n "$((2 * packets / 3))p" "$work/ends")
head -c "$one" "$demo" >"$work/r.pcap.2"
{ head -c 24 "$demo"; tail -c +$((one + 1)) "$demo" | head -c $((two - one)); } >"$work/r.pcap.1"
{ head -c 24 "$demo"; tail -c +$((two + 1)) "$demo"; } >"$work/r.pcap"
"$TCPWHY" --json "$demo" >"$work/whole"
"$TCPWHY" --json --join "$work"/r.pcap* >"$work/out" 2>"$work/err"
[ $? -eq 0 ] && [ ! -s "$work/err" ]
result $? '--join of a file in three parts, named newest first: exit 0, silent'
same "$work/out" "$work/whole" '... the report of the whole file, frame numbers too'
gzip "$work/r.pcap.1" "$work/r.pcap.2"
if ! "$TCPWHY" --json --join "$work"/r.pcap* 2>&1 >"$work/out" | grep -q 'which this build cannot read'; then
	same "$work/out" "$work/whole" '... and when the older ones are compressed'
fi
"$TCPWHY" --json --join "$demo" - >"$work/out" 2>"$work/err" <"$demo"
[ $? -eq 1 ]
result $? '--join with standard input is refused'

# --- capture filters on files ---
"$TCPWHY" --json -r "$ng" tcp port 8443 >"$work/out" 2>"$work/err"
[ $? -eq 0 ] && [ "$(grep -c '"type":"flow"' "$work/out")" = "$("$TCPWHY" --json -e 'port=8443' "$ng" | grep -c '"type":"flow"')" ]
result $? 'a capture filter leaves the flows of its port'
[ "$(grep -o '"reset_frame":[0-9]*' "$work/out")" = "$("$TCPWHY" --json -e 'port=8443' "$ng" | grep -o '"reset_frame":[0-9]*')" ]
result $? '... with the frame numbers of the file'
printf '# only this\ntcp port\n8443 # here\n' >"$work/filter"
"$TCPWHY" --json -F "$work/filter" "$ng" >"$work/again"
same "$work/again" "$work/out" '-F reads it from a file'
"$TCPWHY" --json -r "$ng" tcp prot 8443 >"$work/out" 2>"$work/err"
[ $? -eq 2 ] && grep -q '^      ^' "$work/err"
result $? 'a bad capture filter: exit 2, with a caret where it breaks'
"$TCPWHY" --json -c 10 "$ng" | grep -q '"packets":10,'
result $? '-c ends after so many packets of a file, too'
echo "1..$n"
