#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# hostile: characters that a terminal obeys, that turn text around, that hide, or that are none: from every place that strangers fill in, to
# every place that people and programs read. What is sent to the screen: tests/fuzz/fuzz_keys.c; all pairs of bytes: tests/unit/test_text.c.
check=$TOP_BUILDDIR/tests/contract/check-plain
mkcap=$TOP_BUILDDIR/tests/mkcap/mkcap
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
. "$TOP_SRCDIR/tests/tap.sh"

# name and bytes, as printf writes them; none may hold a blank, a quote or a line end, which our scenarios could not write
characters='
bell-to-shift-in \001\002\003\004\005\006\007\010\016\017
device-controls \020\021\022\023\024\025\026\027\030\031\032\034\035\036\037
escape \033[31m\033]0;title\007\033[2J
delete a\177b
C1 \302\200\302\205\302\215\302\220\302\233\302\235\302\237
raw-C1 \200\205\233\235\237
turned-around \330\234\342\200\216\342\200\217\342\200\252\342\200\256\342\201\246\342\201\251
no-width \342\200\213\342\200\215\342\201\240\357\273\277\302\255\341\240\216
line-and-paragraph \342\200\250\342\200\251
tags \363\240\200\201\363\240\201\277
broken \303\050\355\240\200\300\257\364\220\200\200\377\376
formula =1+1
'

# A capture with these bytes in its interface, comment, names, requests and in the text of a reset.
scenario() { # BYTES
	printf 'format pcapng\ninterface i%b\nhost c 192.0.2.10\nhost s 198.51.100.22 ttl=57\nnamed 192.0.2.10 n%b\n' "$1" "$1"
	printf 'flow web c:40200 s:80\n+0 handshake rtt=20ms\n+1ms > PA "GET /p%b HTTP/1.1\\r\\nHost: h%b\\r\\n\\r\\n" comment="k%b"\n' "$1" "$1" "$1"
	printf '+20ms < PA "HTTP/1.1 200 r%b\\r\\n\\r\\n"\n+1ms < RA "t%b"\n' "$1" "$1"
	printf 'flow tls c:40201 s:443\n+1s handshake rtt=20ms\n+1ms > PA hello=s%b\n+20ms < RA\n' "$1"
}

outputs() { # FILE: all that can be made of a capture, on standard output and error
	for format in --report --csv '--json --steps' '--json -N' '--report -N' '--ladder 0' '--ladder 1' '--mermaid 0' '--svg 0' '--graph 0' '--detail 1' '--ascii --report' \
		'--report -e ok'; do
		# shellcheck disable=SC2086 # options are words
		"$TCPWHY" $format "$1" 2>&1
	done
}
errors() { # TEXT: as a file that is not there, a filter, and all else that is named on the command line
	for option in --report --explain --fail-on --ladder --vantage= --memory= --color= "--$1" -e -F; do
		case $option in
		*=) "$TCPWHY" "$option$1" --report nothing ;;
		*) "$TCPWHY" "$option" "$1" --report nothing ;;
		esac
	done
	"$TCPWHY" -r none.pcap "$1"
	"$TCPWHY" --report -r good.pcap "$1"
	"$TCPWHY" --report -e "($1" good.pcap
	"$TCPWHY" --json --vantage "$1" good.pcap
	mkdir -p tcpwhy
	printf '%s = 1\ncolours = %s\nkey.%s = x\nkey.help = %s\ncolour.%s = red\n%s\n' "$1" "$1" "$1" "$1" "$1" "$1" >tcpwhy/config
	XDG_CONFIG_HOME=$work "$TCPWHY" --dump-config
}
# The file's own title is a comment in the scenario: the shipped one will do for what needs a good capture.
cp "$TOP_SRCDIR/captures/closed-port.pcap" good.pcap

for line in $(printf '%s\n' "$characters" | sed 's/ /:/'); do
	what=${line%%:*}
	bytes=${line#*:}
	raw=$(printf '%b' "$bytes")
	{ printf '# hostile text\n'; scenario "$bytes"; } >scenario.txt
	"$mkcap" scenario.txt "c-$raw.pcapng" 2>mkcap.err && outputs "c-$raw.pcapng" >out
	[ "$(grep -c '"type":"flow"' out)" -ge 4 ] && "$check" <out
	result $? "$what in a capture: reports, ladders, diagrams"
	sed 's/^/# /' mkcap.err
	{ head -c 40 "c-$raw.pcapng"; printf 'damage%b' "$bytes"; } >"d-$raw"
	outputs "d-$raw" >out 2>&1
	[ -s out ] && "$check" <out
	result $? "$what in a file's name, damaged: error messages"
	errors "$raw" >out 2>&1 </dev/null
	[ -s out ] && "$check" <out
	result $? "$what on the command line and in the settings"
done
# A cell of the spreadsheet is no formula, whatever begins it.
for begins in = + - @; do
	printf '# formula\nhost c 192.0.2.10\nhost s 198.51.100.22\nflow web c:40200 s:80\n+0 handshake rtt=20ms\n' >f.txt
	printf '+1ms > PA "GET / HTTP/1.1\\r\\nHost: %s1+1\\r\\n\\r\\n"\n' "$begins" >>f.txt
	"$mkcap" f.txt "${begins}f.pcap" && "$TCPWHY" --csv "./${begins}f.pcap" >out && (PATH=. && cd . && "$TCPWHY" --csv -- "${begins}f.pcap") >>out
	! grep -Eq "(^|,)\"?[=+@-][a-z1]" out && grep -q "'${begins}1+1" out && grep -q "'${begins}f.pcap" out
	result $? "a host and a file that begin with $begins are no formulas"
done
echo "1..$n"
