#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# left: what a run that is killed leaves behind of a pipe: it is found, offered and read; every other end leaves nothing; nobody's link or
# file is taken for one. Interfaces: tests/live/live.sh.
case $(stat -f -c %T "${TMPDIR:-/tmp}" 2>/dev/null) in
tmpfs | ramfs) TMPDIR=$TOP_BUILDDIR ;; # nothing is left in memory
esac
export TMPDIR
work=$(mktemp -d) || exit 99
pids=
trap 'for p in $pids; do kill -9 "$p" 2>/dev/null; done; rm -rf "$work"' EXIT
case $(stat -f -c %T "$work" 2>/dev/null) in
tmpfs | ramfs) echo '1..0 # SKIP there is no folder on a disk here'; exit 0 ;;
esac
. "$TOP_SRCDIR/tests/live/await.sh"
. "$TOP_SRCDIR/tests/tap.sh"
demo=$TOP_SRCDIR/captures/demo.pcapng
TMPDIR=$work
own=$work/tcpwhy-$(id -u)
case $BUILD_CFLAGS in *-fsanitize*) export ASAN_OPTIONS=handle_abort=0 ;; esac
says() { # FILE PATTERN
	grep -q -e "$2" "$work/$1"
	result $? "... and says: $2"
	grep -q -e "$2" "$work/$1" || sed 's/^/# /' "$work/$1" | cut -c 1-300 | head -n 5
}
left() { # how many spools are there
	find "$own/" -name 'spool-*' 2>/dev/null | wc -l
}
# run NAME CAPTURE ARGUMENT...: begins to read the capture out of a pipe that stays open; $tcpwhy is its process id
run() {
	name=$1
	feed=$2
	shift 2
	mkfifo "$work/$name"
	{ cat "$feed"; exec sleep 600; } >"$work/$name" &
	started $!
	env --default-signal=QUIT "$TCPWHY" "$@" "$work/$name" >"$work/out" 2>"$work/err" </dev/null & # a shell has it ignored
	tcpwhy=$!
	started "$tcpwhy"
	await_start "$tcpwhy"
	await_idle "$tcpwhy"
	rm "$work/$name"
}
killed() { # as run; is killed when all is read, and more than a second has passed
	run "$@"
	sleep 1.5
	kill -9 "$tcpwhy"
	await_end "$tcpwhy"
}
offer() { # [FILE]: what a start at a terminal says, in $work/offer
	script -qec "$TCPWHY --json ${1:-$demo}" /dev/null </dev/null | grep 'tcpwhy: ' >"$work/offer"
}
offers() { # PATTERN DESCRIPTION; without a program that makes a terminal there is nothing to see
	if ! command -v script >/dev/null; then
		result 0 "$2 # SKIP no script(1)"
		return
	fi
	offer
	grep -q -e "$1" "$work/offer"
	result $? "$2"
}
offers_nothing() { # DESCRIPTION
	: >"$work/offer"
	! command -v script >/dev/null || offer
	[ ! -s "$work/offer" ]
	result $? "$1"
}
plain() { # FILE: the report but for what depends on the name of the file
	sed 's/"capture":"[^"]*",//; s/"vantage":"[^"]*",//; s/"flow_id":"[^"]*",//' "$1"
}
"$TCPWHY" --json "$demo" | plain - >"$work/whole"

# --- killed, found, read ---
killed pipe "$demo" --json
spool=$(find "$own" -name 'spool-*')
[ "$(left)" = 1 ] && [ "$(stat -c '%a %a' "$own")" = '700 700' ] && [ "$(stat -c '%a %u' "$spool")" = "600 $(id -u)" ]
result $? 'kill -9 of a run that reads a pipe leaves its packets, for this user alone'
offers "a killed run left packets: [0-9.]*k of $work/pipe, until [-0-9]* [0-9:]*\. tcpwhy $spool reads them" \
	'the next start at a terminal says so: how much, of what, until when, and what to type'
"$TCPWHY" --json "$demo" >"$work/out" 2>"$work/err"
[ ! -s "$work/err" ]
result $? 'one without a terminal says nothing'
"$TCPWHY" --json --steps "$spool" 2>"$work/err" | plain - >"$work/again"
"$TCPWHY" --json --steps "$demo" | plain - >"$work/steps"
cmp -s "$work/again" "$work/steps" && [ ! -s "$work/err" ]
result $? 'what was left is read like any capture: every flow, step and verdict is that of the file'
gzip -c "$spool" | "$TCPWHY" --json - 2>"$work/err" | plain - | cmp -s - "$work/whole"
result $? '... also out of a pipe, compressed'
if command -v script >/dev/null; then
	offer "$spool"
	[ ! -s "$work/offer" ]
	result $? 'who reads it is not told of it'
fi
cp "$spool" "$work/a-spool"
if [ -x "$TOP_BUILDDIR/tests/screen/screen" ]; then
	cat >"$work/offer.txt" <<EOT
# the screen offers it, until a key is pressed; and after the screen it can be read what to type
env TMPDIR=$work
run {captures}/demo.pcapng
wait a killed run left packets
wait 1 of 15
key Down
gone a killed run left
key Q
exit 0
raw tcpwhy $spool reads them
EOT
	cat >"$work/read.txt" <<EOT
# what was left is opened on the screen
env TMPDIR=$work
run $spool
wait 1 of 15
key Down Down Down
wait 4 of 15
key Enter
wait tcpwhy  Ladder
key Q
exit 0
EOT
	cat >"$work/crash.txt" <<EOT
# a crash on the screen puts the terminal back, and then says where the packets are
env TMPDIR=$work/crashed
env ASAN_OPTIONS=handle_abort=0:disable_coredump=1
shell mkdir $work/crashed && mkfifo {tmp}/fifo && { (cat {captures}/demo.pcapng; sleep 20) >{tmp}/fifo & }
run {tmp}/fifo
wait 1 of 15
pause 1500
signal ABRT
raw \\e[?1049l
raw tcpwhy crashed
raw tcpwhy: the packets are left in $work/crashed/tcpwhy-
killed
shell rm -r $work/crashed {tmp}/fifo
EOT
	for script in offer read crash; do
		"$TOP_BUILDDIR/tests/screen/screen" -s "$work/$script.txt" >"$work/out" 2>&1
		grep -q '^ok 1 ' "$work/out"
		result $? "$(sed -n '1s/^# //p' "$work/$script.txt")"
		grep -q '^ok 1 ' "$work/out" || sed -n '/^not ok/q; s/^/# /p' "$work/out"
	done
	"$TCPWHY" --pcapng -e 'resets>0' "$spool" >"$work/saved.pcapng" && "$TCPWHY" --json "$work/saved.pcapng" | grep -c '"type":"reset"' >"$work/out"
	[ "$(cat "$work/out")" = "$(grep -c '"type":"reset"' "$work/whole")" ]
	result $? 'it is saved as pcapng like any capture'
fi
size=$(stat -c %s "$spool")
bad=0
for cut in $(seq 1 7 200); do
	head -c $((size - cut)) "$work/a-spool" >"$work/cut"
	"$TCPWHY" --json "$work/cut" >"$work/out" 2>"$work/err" || bad=$cut
	grep -q '"truncated":true' "$work/out" || [ ! -s "$work/err" ] || bad=$cut
done
[ $bad -eq 0 ]
result $? "cut at its end: exit 0, and said (worst: $bad)"
{ head -c 4 "$work/a-spool"; printf '\377'; tail -c +6 "$work/a-spool"; } >"$work/cut"
"$TCPWHY" --json "$work/cut" >"$work/out" 2>"$work/err"
[ $? -eq 1 ]
result $? 'one of another version is refused: exit 1'
says err 'a spool of another version'
rm "$spool"

# --- ends that leave nothing ---
"$TCPWHY" --json - <"$demo" >"$work/out" 2>&1 && cat "$demo" | "$TCPWHY" --json - >"$work/out" 2>&1
[ "$(left)" = 0 ]
result $? 'the end of a pipe leaves nothing'
for signal in HUP INT TERM QUIT; do
	run pipe "$demo" --json
	during=$(left)
	end "$signal" "$tcpwhy"
	[ "$during" = 1 ] && [ "$(left)" = 0 ]
	result $? "SIG$signal leaves nothing (exit $status)"
done
"$TOP_BUILDDIR/tests/bench/flows" 5000 "$work/many.pcap"
mkfifo "$work/stuck"
sleep 600 <"$work/stuck" &
started $!
cat "$work/many.pcap" | "$TCPWHY" --json - >"$work/stuck" 2>"$work/err" &
tcpwhy=$!
started "$tcpwhy"
await_start "$tcpwhy"
await_idle "$tcpwhy"
during=$(left)
end TERM "$tcpwhy"
[ "$during" = 1 ] && [ "$(left)" = 0 ]
result $? 'SIGTERM while the report cannot be written leaves nothing'
cat "$work/many.pcap" | "$TCPWHY" --json - 2>"$work/err" | head -n 1 >"$work/out"
[ "$(left)" = 0 ] && [ ! -s "$work/err" ]
result $? 'a reader that goes away: nothing is left or said'
run pipe "$demo" --json -w "$work/kept.pcapng"
[ "$(left)" = 0 ]
result $? 'with -w there is no spool'
end INT "$tcpwhy"

# --- a crash names it ---
run pipe "$demo" --json
sleep 1.5
end ABRT "$tcpwhy"
spool=$(find "$own" -name 'spool-*')
[ $status -gt 128 ] && [ -n "$spool" ]
result $? "a crash leaves it, too (exit $status)"
says err "tcpwhy: the packets are left in $spool, which tcpwhy reads"
rm "$spool"

# --- others' files and links ---
mkdir "$work/elsewhere"
cp "$work/a-spool" "$work/elsewhere/spool-1"
ln -s "$work/elsewhere/spool-1" "$own/spool-1"
mkdir "$own/spool-2"
mkfifo "$own/spool-3"
cp "$work/a-spool" "$own/another"
printf 'nothing' >"$own/spool-4"
offers_nothing 'a link, a folder, a pipe, and what has another name are not offered'
[ ! -e "$own/spool-4" ] && [ -f "$work/elsewhere/spool-1" ] && [ -L "$own/spool-1" ]
result $? '... what has no packet is removed, nothing else'
if [ "$(id -u)" = 0 ]; then
	cp "$work/a-spool" "$own/spool-5" && chown 1234 "$own/spool-5"
	offers_nothing "another user's file is not offered"
	[ -f "$own/spool-5" ]
	result $? '... and stays'
	rm -rf "$own" && mkdir -m 700 "$own" && cp "$work/a-spool" "$own/spool-5" && chown -R 1234 "$own"
	offers_nothing "another user's folder is not looked into"
fi
refused() { # DESCRIPTION
	killed pipe "$demo" --json
	grep -q 'is not a folder of this user alone: packets are kept only as long as the program runs' "$work/err"
	result $? "$1: is not used, and said"
}
rm -rf "$own" && ln -s "$work/elsewhere" "$own"
refused 'a link in place of the folder'
[ "$(ls "$work/elsewhere")" = spool-1 ]
result $? '... and nothing is written where it leads'
rm "$own" && mkdir -m 755 "$own"
refused 'a folder that others may look into'
[ "$(left)" = 0 ]
result $? '... and nothing is left there'
chmod 700 "$own"

# --- two at once ---
run one "$demo" --json
one=$tcpwhy
run two "$demo" --json
two=$tcpwhy
offers_nothing 'what running programs hold is not offered'
sleep 1.5
kill -9 "$one"
await_end "$one"
offers "a killed run left packets: .* of $work/one," 'of two, the one that was killed is'
[ "$(left)" = 2 ]
result $? '... and the other goes on'
end INT "$two"
plain "$work/out" | cmp -s - "$work/whole" && [ "$(left)" = 1 ]
result $? '... to its end, with its report'

# --- not without end ---
for i in $(seq 15); do cp "$work/a-spool" "$own/spool-$i"; done
offers '16 killed runs left packets: .*, the latest of .*/spool-\* reads them' 'sixteen of them are offered in one line'
killed pipe "$demo" --json
[ "$(left)" = 16 ]
result $? '... and a seventeenth is not left'
says err 'is as much as --spool grants, or 16 files: until some are removed'
rm "$own"/spool-*
{ cat "$work/a-spool"; head -c 17000000 /dev/urandom; } >"$own/spool-1"
killed pipe "$demo" --json --spool=16M
[ "$(left)" = 1 ]
result $? 'nor is one when those that are there take what --spool grants'
says err 'until some are removed, packets are kept only as long as the program runs'
rm "$own"/spool-*

# --- of a long capture the end ---
"$TOP_BUILDDIR/tests/bench/flows" 60000 "$work/many.pcap"
killed pipe "$work/many.pcap" --json --spool=16M
"$TCPWHY" --json "$own"/spool-* >"$work/out" 2>"$work/err"
[ $? -eq 0 ] && [ ! -s "$work/err" ]
result $? 'of a capture that outgrew --spool what was kept is read'
"$TCPWHY" --json "$work/many.pcap" | grep '"type":"reset"' | plain - | grep -o '"time":"[^"]*".*"cause":"[^"]*"' | tail -n 500 >"$work/last"
plain "$work/out" | grep '"type":"reset"' | grep -o '"time":"[^"]*".*"cause":"[^"]*"' | tail -n 500 | cmp -s - "$work/last"
result $? '... its last 500 verdicts are those of the whole'
packets=$(sed -n 's/.*"type":"summary".*"packets":\([0-9]*\).*/\1/p' "$work/out")
[ "$(du -k "$own"/spool-* | cut -f 1)" -le 16384 ] && [ "$packets" -gt 10000 ]
result $? "... and takes no more than that ($packets packets)"
echo "1..$n"
