#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# cli: the command line: exit statuses, errors that help, standard input, damaged files, the file names in reports.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$TOP_SRCDIR/captures" || exit 99

. "$TOP_SRCDIR/tests/tap.sh"

# run STATUS DESCRIPTION ARGUMENT...: tcpwhy ends with this status; its output is in $work/out and $work/err.
run() {
	wanted=$1
	what=$2
	shift 2
	"$TCPWHY" "$@" >"$work/out" 2>"$work/err" </dev/null
	status=$?
	[ $status -eq "$wanted" ] || sed 's/^/# /' "$work/err"
	[ $status -eq "$wanted" ]
	result $? "$what: exit $wanted (was $status)"
}

says() { # FILE PATTERN: the output of the last run has a line like this
	grep -q -e "$2" "$work/$1"
	result $? "... and says $2"
}

run 2 'no argument'
says err 'tcpwhy --help'
run 0 'help' --help
says out '^Usage: tcpwhy'
[ "$(wc -l <"$work/out")" -ge 15 ] && [ "$(wc -l <"$work/out")" -le 26 ] && [ "$(awk '{ if (length($0) > 80) bad = 1 } END { print bad + 0 }' "$work/out")" = 0 ]
result $? '... and fits a screen'
run 0 'version' --version
says out '^tcpwhy [0-9]'
says out '^capture  libpcap version [0-9]'
says out '^filters  PCRE2 [0-9].*JIT'
says out '^sandbox  .*no_new_privs'
says out '^tracing  .'
run 2 'unknown option' --nonsense
says err 'nonsense'
run 2 'option without its value' --ladder
says err 'needs a FLOW'
run 2 'two outputs' --json --report demo.pcapng
run 2 'steps without json' --steps demo.pcapng
run 2 'no flow number' --ladder=first demo.pcapng
run 2 'a flow that is not there' --ladder=999 demo.pcapng
says err 'there is no flow 999'
run 2 'a bad filter' --report -e 'host:(' demo.pcapng
says err '\^$'
run 1 'a filter that would take for ever' --json -e '^(.|..)+[@#]' demo.pcapng
says err 'were left out'
run 2 'an unknown cause to explain' --explain nonsense
says err 'tcpwhy --causes'
run 2 'an unknown cause to fail on' --fail-on nonsense demo.pcapng
run 0 'the catalogue' --causes
says out '^refused-closed-port '
run 0 'a cause' --explain refused-closed-port
says out 'RFC 9293'

places=$TOP_SRCDIR/tests/scenario/vantage/made-between.txt
"$TOP_BUILDDIR/tests/mkcap/mkcap" "$places" "$work/client.pcap" && "$TOP_BUILDDIR/tests/mkcap/mkcap" "$places" "$work/server.pcap" server
result $? 'captures of two places'
run 0 'two places' --report --vantage "client=$work/client.pcap" --vantage "server=$work/server.pcap"
says out '^Captured at 2 places'
says out "server: 1 connections, of which 1 at client; clock 90.0000.. s ahead of client's"
says out 'it did not pass the capture at server'
run 0 'the ladder of two places' --ladder 0 --ascii --vantage "client=$work/client.pcap" --vantage "server=$work/server.pcap"
says out '|<-* RST -*\*  *|.* Made between server and client'
says out '|- PSH, ACK 61 B -x  *|.* Lost between client and server'
run 0 'Mermaid of two places' --mermaid 0 --vantage "client=$work/client.pcap" --vantage "server=$work/server.pcap"
run 0 'a place of two files' --json --vantage "client=$work/client.pcap" --vantage "server=$work/server.pcap" --vantage "client=demo.pcapng"
says out '"flows_paired":\["client: 1"\]'
run 2 'one place alone' --json --vantage "client=$work/client.pcap"
says err 'at least two places'
run 2 'a place without a file' --json --vantage client= --vantage "server=$work/server.pcap"
says err 'NAME=FILE'
run 2 'a file beside the places' --json --vantage "client=$work/client.pcap" --vantage "server=$work/server.pcap" demo.pcapng
run 2 'places and an interface' -i lo --vantage "client=$work/client.pcap" --vantage "server=$work/server.pcap"
run 2 'places that grow' --follow --vantage "client=$work/client.pcap" --vantage "server=$work/server.pcap"
run 2 'nine places' --json --vantage a=x --vantage b=x --vantage c=x --vantage d=x --vantage e=x --vantage f=x --vantage g=x --vantage h=x --vantage i=x
says err 'at most 8'
run 1 'a place that is not there' --json --vantage "client=$work/client.pcap" --vantage "server=$work/none.pcap"
says err 'none.pcap'
says out '"type":"vantage"'
run 0 'a name that is no text' --report --vantage "$(printf 'a\033[31m')=$work/client.pcap" --vantage "server=$work/server.pcap"
says out 'a.x1b'
run 0 'text report without a terminal' demo.pcapng
says out '^demo.pcapng'
says out 'refused-closed-port'
run 0 'ladder' --ladder 0 demo.pcapng
says out 'SYN'
run 0 'mermaid' --mermaid 0 demo.pcapng
says out '^sequenceDiagram'
run 0 'a ladder as a picture' --svg 0 demo.pcapng
says out '^<svg xmlns='
says out '^</svg>$'
run 0 'a graph' --graph 4 --ascii demo.pcapng
says out '^  client|'
says out '|.*S'
[ "$(awk '{ if (length($0) > 80) bad = 1 } END { print bad + 0 }' "$work/out")" = 0 ] && ! LC_ALL=C grep -q '[^ -~]' "$work/out"
result $? '... in 80 columns of ASCII'
run 0 'a graph in braille' --graph 4 demo.pcapng
run 0 'a part of a graph' --graph 4,20ms-0.08 demo.pcapng
says out '^ *0.020000  *0.080000 s$'
run 2 'a graph that ends before it begins' --graph 4,2-1 demo.pcapng
says err 'as in 3,0.2-1.5'
run 0 'a ladder, unfolded' --ladder 13,all demo.pcapng
cp "$work/out" "$work/all"
run 0 'a ladder, folded' --ladder 13 demo.pcapng
says out 'segments'
[ "$(wc -l <"$work/all")" -gt "$(wc -l <"$work/out")" ] && ! grep -q '[0-9] segments' "$work/all"
result $? '... is shorter'
run 0 'a picture to scale' --svg 4,scale demo.pcapng
cp "$work/out" "$work/scaled"
run 0 'a picture not to scale' --svg 4 demo.pcapng
! cmp -s "$work/scaled" "$work/out"
result $? '... is another'
run 0 'a ladder to scale' --ladder 13,scale demo.pcapng
says out 'not to scale$'
[ "$(grep -v -c '^ *[|│][ |│]*$' "$work/out")" -lt "$(wc -l <"$work/out")" ] && ! grep -q 'left out' "$work/out"
result $? '... with empty lines where time passes'
run 2 'a diagram to scale' --mermaid 4,scale demo.pcapng
says err 'as in 3,all'
run 0 'flows as a capture' --pcapng -e cause:injected demo.pcapng
cp "$work/out" "$work/saved.pcapng"
grep -aq 'tcpwhy: Several forged resets in the name of 198.51.100.31' "$work/saved.pcapng"
result $? '... with verdicts as comments'
run 0 '... which can be read' --json "$work/saved.pcapng"
[ "$(grep -c '"type":"flow"' "$work/out")" -eq 1 ]
result $? '... and has that flow alone'
run 0 'no flow as a capture' --pcapng -e cause:nothing demo.pcapng
run 2 'two captures as one' --pcapng demo.pcapng closed-port.pcap
says err 'name only one'
run 0 'all of a segment' --detail 1 demo.pcapng
says out '^Flow 0$'
says out '^Frame 1, from the client'
says out '^  TCP '
says out '^  0000  '
run 2 'a picture of a flow that is not there' --svg 999 demo.pcapng
says err 'there is no flow 999.*--report'
run 2 'a graph of a flow that is not there' --graph 999 demo.pcapng
says err 'there is no flow 999.*--report'
run 2 'a frame that is not there' --detail 99999 demo.pcapng
says err 'frame 99999.*--ladder=FLOW'
run 2 'no frame number' --detail 0 demo.pcapng
says err 'number of a frame'
run 2 'a frame of two captures' --detail 1 demo.pcapng closed-port.pcap
says err 'name only one'
run 2 'a frame of two places' --detail 1 --vantage "client=$work/client.pcap" --vantage "server=$work/server.pcap"
says err 'name only one'
run 1 'a file that is not there' --report "$work/none.pcap"
says err 'none.pcap'
printf 'hello, this is no capture at all' >"$work/text"
run 1 'a file of another kind' --report "$work/text"
says err 'text'
: >"$work/empty"
run 1 'an empty file' --report "$work/empty"
run 1 'a folder' --report "$work"
run 1 'one bad file among good ones' --json demo.pcapng "$work/none.pcap" closed-port.pcap
[ "$(grep -c '"type":"summary","captures":2' "$work/out")" = 1 ]
result $? '... and reports the good ones'

run 4 'fail-on any' --fail-on any closed-port.pcap
run 4 'fail-on a cause that is there' --fail-on keepalive-timeout,refused-closed-port closed-port.pcap
run 0 'fail-on a cause that is not there' --json --fail-on keepalive-timeout closed-port.pcap
run 0 'fail-on any without a reset' --json --fail-on any graceful-close.pcap

# a ticket reads from the top: the capture, resets by cause, incidents, then why each reset
"$TOP_BUILDDIR/tests/mkcap/mkcap" "$TOP_SRCDIR/tests/screen/incident.txt" "$work/incident.pcap"
"$TCPWHY" --report "$work/incident.pcap" |
	sed -n 's/^  *[0-9]* packets,.*/summary/p; s/^Resets by cause.*/causes/p; s/^Incidents$/incidents/p; s/^Flow [0-9].*/flow/p' | uniq | tr '\n' ' ' >"$work/out"
says out '^summary causes incidents flow $'

# shards: together they are the whole, and each flow is in one
"$TCPWHY" --json demo.pcapng | grep -v '"type":"\(summary\|incident\)"' | LC_ALL=C sort >"$work/whole"
for part in 0 1 2; do "$TCPWHY" --json --shard $part/3 demo.pcapng; done | grep -v '"type":"\(summary\|incident\)"' | LC_ALL=C sort >"$work/parts"
[ -s "$work/whole" ] && cmp -s "$work/whole" "$work/parts"
result $? 'three shards are the whole'
"$TCPWHY" --json --shard 0/3 demo.pcapng | grep -c '"type":"flow"' >"$work/out"
[ "$(cat "$work/out")" -gt 0 ] && [ "$(cat "$work/out")" -lt "$(grep -c '"type":"flow"' "$work/whole")" ]
result $? '... and one of them a part'
"$TOP_BUILDDIR/tests/bench/flows" 1200 "$work/many.pcap"
shards() { # FORMAT: $work/whole, and $work/parts of eight processes; lines of totals apart
	"$TCPWHY" "--$1" --vantage v "$work/many.pcap" | grep -v '"type":"\(summary\|incident\)"\|^capture,' | LC_ALL=C sort >"$work/whole"
	for part in 0 1 2 3 4 5 6 7; do "$TCPWHY" "--$1" --vantage v --shard $part/8 "$work/many.pcap" >"$work/part.$part" & done
	wait
	cat "$work"/part.? | grep -v '"type":"\(summary\|incident\)"\|^capture,' | LC_ALL=C sort >"$work/parts"
}
for format in json csv; do
	shards $format
	[ "$(wc -l <"$work/whole")" -ge 1200 ] && cmp -s "$work/whole" "$work/parts"
	result $? "eight shards at once, --$format: each of 1200 flows in just one"
	cp "$work/part.5" "$work/before"
	"$TCPWHY" --$format --vantage v --shard 5/8 "$work/many.pcap" | cmp -s - "$work/before"
	result $? '... and a part made again is the same'
done
run 2 'a shard that there is not' --json --shard 3/3 demo.pcapng
says err '0/4'
run 2 'a shard of the screen' --shard 0/3 demo.pcapng
run 0 'the fields of filters' --list fields
says out '^rtt	=	'
run 2 'another list' --list nonsense

size=$(wc -c <closed-port.pcap)
head -c $((size - 5)) closed-port.pcap >"$work/cut.pcap"
run 0 'a cut last packet' --json "$work/cut.pcap"
says out '"truncated":true'
says err 'cut.pcap'
{ head -c 300 closed-port.pcap; printf '\377\377\377\377\377\377\377\377\377\377\377\377'; tail -c +301 closed-port.pcap; } >"$work/bad.pcap"
run 1 'damage in the middle' --json "$work/bad.pcap"
says out '"type":"flow"'
says err 'byte'

# more segments than a ladder shows: six times the same 4,000 (a tail of one file put behind another)
cat >"$work/long.txt" <<'EOF'
# a long connection
host c 192.0.2.10
host s 198.51.100.22
flow long c:40200 s:80 mid
+1ms > PA len=10 repeat=1000 gap=1ms
+1ms > PA len=10 repeat=1000 gap=1ms
+1ms > PA len=10 repeat=1000 gap=1ms
+1ms > PA len=10 repeat=1000 gap=1ms
EOF
"$TOP_BUILDDIR/tests/mkcap/mkcap" "$work/long.txt" "$work/one.pcap"
cp "$work/one.pcap" "$work/long.pcap"
for _ in 2 3 4 5 6; do tail -c +25 "$work/one.pcap" >>"$work/long.pcap"; done
run 0 'a connection longer than a ladder' --json --steps "$work/long.pcap"
[ "$(grep -c '"type":"step"' "$work/out")" = 24000 ]
result $? '... has a step for each of its 24000 segments'

for capture in demo.pcapng closed-port.pcap; do
	"$TCPWHY" --json "$capture" | sed 's/"flow_id":"[0-9a-f]*",//' >"$work/named"
	cat "$capture" | "$TCPWHY" --json --vantage "$capture" - | sed 's/"capture":"-"/"capture":"'"$capture"'"/; s/"flow_id":"[0-9a-f]*",//' >"$work/piped"
	[ -s "$work/named" ] && cmp -s "$work/named" "$work/piped"
	result $? "$capture through a pipe gives the same report"
done
run 0 'filter' --json -e 'state:refused' demo.pcapng
[ "$(grep -c '"type":"flow"' "$work/out")" = 2 ]
result $? '... leaves the two refused flows'
"$TCPWHY" --json demo.pcapng closed-port.pcap | tail -n 1 >"$work/out"
says out '"captures":2'
name='=1+1,"x".pcap'
cp closed-port.pcap "$work/$name"
(cd "$work" && "$TCPWHY" --csv "$name") >"$work/out"
says out "^\"'=1+1,\"\"x\"\".pcap\",0,2026-"
[ "$(grep -c "$(printf '\r')\$" "$work/out")" -eq "$(wc -l <"$work/out")" ] && [ "$(wc -l <"$work/out")" -eq 4 ]
result $? '... a cell is no formula; CRLF ends each line'
name=$(printf 'x\033[31m\tü.pcap')
cp closed-port.pcap "$work/$name"
(cd "$work" && "$TCPWHY" --report "$name" >"$work/out" 2>&1)
! grep -q "$(printf '\033')" "$work/out" && grep -q 'x\\x1b\[31m' "$work/out"
result $? 'control characters of a file name are shown, not sent'
if [ -c /dev/full ]; then
	"$TCPWHY" --json demo.pcapng >/dev/full 2>"$work/err"
	[ $? -eq 1 ]
	result $? 'a full disk: exit 1'
	says err 'could not be written'
fi
echo "1..$n"
