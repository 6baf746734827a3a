#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# hostile: characters that a terminal obeys, that turn text around, that hide, or that are none: from every place that strangers fill in, to
# every place that people and programs read. Any keys: tests/fuzz/fuzz_keys.c; all pairs of bytes: tests/unit/test_text.c.
check=$TOP_BUILDDIR/tests/contract/check-plain
mkcap=$TOP_BUILDDIR/tests/mkcap/mkcap
told=$TOP_BUILDDIR/tests/kernel/told
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99
. "$TOP_SRCDIR/tests/tap.sh"

# Name and bytes, as printf writes them: all of C0 but NUL, DEL, all of C1, what turns text round and what is drawn with no width (Unicode's
# Bidi_Control and the kinds of Default_Ignorable_Code_Point), what is private or not valid, and what a spreadsheet takes for a formula.
characters='
controls \001\002\003\004\005\006\007\010\016\017\177
device-controls \020\021\022\023\024\025\026\027\030\031\032\034\035\036\037
blanks a\011b\012c\013d\014e\015f
escape \033[31m\033]0;title\007\033[2J
delete a\177b
C1 \302\200\302\201\302\202\302\203\302\204\302\205\302\206\302\207\302\210\302\211\302\212\302\213\302\214\302\215\302\216\302\217
C1-strings \302\220\302\221\302\222\302\223\302\224\302\225\302\226\302\227\302\230\302\231\302\232\302\233\302\234\302\235\302\236\302\237
raw-C1 \200\201\202\203\204\205\206\207\210\211\212\213\214\215\216\217
raw-C1-strings \220\221\222\223\224\225\226\227\230\231\232\233\234\235\236\237
turned-round \330\234\342\200\216\342\200\217\342\200\252\342\200\253\342\200\254\342\200\255\342\200\256
isolated \342\201\246\342\201\247\342\201\250\342\201\251\342\201\252\342\201\253\342\201\254\342\201\255\342\201\256\342\201\257
no-width \342\200\213\342\200\214\342\200\215\342\201\240\342\201\241\342\201\242\342\201\243\342\201\244\357\273\277
no-width-either \302\255\315\217\341\205\237\341\205\240\341\236\264\341\236\265\341\240\213\341\240\216\343\205\244\357\276\240
lines-and-notes \342\200\250\342\200\251\357\277\271\357\277\272\357\277\273\360\233\262\240\360\235\205\263
variants \357\270\200\357\270\217\363\240\204\200\363\240\207\257
tags \363\240\200\201\363\240\200\240\363\240\201\277
private \356\200\200\357\243\277\363\260\200\200
broken \303\050\355\240\200\300\257\364\220\200\200\377\376
formula =1+1
'

# A capture with these bytes in its interface, comment, names, requests and in the text of a reset.
scenario() { # TEXT, as a string of the scenario's language holds it
	printf 'format pcapng\ninterface "i%s"\nhost c 192.0.2.10\nhost s 198.51.100.22 ttl=57\nnamed 192.0.2.10 "n%s"\n' "$1" "$1"
	printf 'flow web c:40200 s:80\n+0 handshake rtt=20ms\n+1ms > PA "GET /p%s HTTP/1.1\\r\\nHost: h%s\\r\\n\\r\\n" comment="k%s"\n' "$1" "$1" "$1"
	printf '+20ms < PA "HTTP/1.1 200 r%s\\r\\n\\r\\n"\n+1ms < RA "t%s"\n' "$1" "$1"
	printf 'flow tls c:40201 s:443\n+1s handshake rtt=20ms\n+1ms > PA hello="s%s"\n+20ms < RA\n' "$1"
	printf 'flow mail c:40202 s:25\n+1s handshake rtt=20ms\n+1ms < PA "220 m%s\\r\\n"\n+1ms < PA "421 m%s\\r\\n"\n+20ms < RA\n' "$1" "$1"
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

# A reset of which the kernel of the machine will have told.
{
	printf '# told\nhost c 192.0.2.10\nhost s 198.51.100.22\nflow tls c:40201 s:443\n+1s handshake rtt=20ms\n'
	printf '+1ms > PA len=64\n+20ms < RA\n'
} >scenario.txt
"$mkcap" scenario.txt told.pcap || exit 99

# The screens where these texts stand, on a terminal: in what is sent there is nothing of them that a terminal obeys or hides.
screens() { # CAPTURE
	cat >screen.txt <<-END
		# hostile text
		size 160 50
		run -N $1
		wait tcpwhy  Flows
		key v s
		wait tcpwhy  Summary
		key q Enter
		wait tcpwhy  Ladder
		key t v Enter
		wait tcpwhy  Segment
		key q e
		wait tcpwhy  Export
		key q T
		wait tcpwhy  Graph
		key q V
		wait tcpwhy  Text
		key q q f
		wait tcpwhy  Ready filters
		key q /
		type host:h
		key Enter
		wait tcpwhy  Flows
		harmless
		key Q
		exit 0
	END
	"$TOP_BUILDDIR/tests/screen/screen" screen.txt >screen.out 2>&1
	grep -q '^ok 1' screen.out
}

for line in $(printf '%s\n' "$characters" | sed 's/ /:/'); do
	what=${line%%:*}
	bytes=${line#*:}
	raw=$(printf '%b.' "$bytes")
	raw=${raw%.}
	# shellcheck disable=SC2059 # the bytes are the format
	{ printf '# hostile text\n'; scenario "$(printf "$bytes" | od -An -v -tx1 | tr -d '\n' | sed 's/ /\\x/g')"; } >scenario.txt
	"$mkcap" scenario.txt "c-$raw.pcapng" 2>mkcap.err && outputs "c-$raw.pcapng" >out
	[ "$(grep -c '"type":"flow"' out)" -ge 4 ] && "$check" <out
	result $? "$what in a capture: reports, ladders, diagrams"
	sed 's/^/# /' mkcap.err
	if [ -x "$TOP_BUILDDIR/tests/screen/screen" ]; then
		cp "c-$raw.pcapng" shown.pcapng
		screens "$work/shown.pcapng"
		status=$?
		result $status "$what in a capture: screens"
		[ $status -eq 0 ] || sed -n '/^not ok 1/,/^[a-z]/p' screen.out | sed 's/^/# /'
	fi
	printf 'sent 0.041 198.51.100.22/443 192.0.2.10/40201 7 TCP_STATE 4711 %s\n' "$raw" >told.txt
	"$told" told.pcap told.txt said >out 2>&1
	grep -q 'process 4711, ' out && "$check" <out
	result $? "$what in the name of a process, of the kernel's word"
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
	"$mkcap" f.txt "${begins}f.pcap" && "$TCPWHY" --csv "./${begins}f.pcap" >out && "$TCPWHY" --csv -- "${begins}f.pcap" >>out
	! grep -Eq "(^|,)\"?[=+@-][a-z1]" out && grep -q "'${begins}1+1" out && grep -q "'${begins}f.pcap" out
	result $? "a host and a file that begin with $begins are no formulas"
done
echo "1..$n"
