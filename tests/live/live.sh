#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# live: capture on an interface of namespaces of its own: what is counted, said, given up and kept. Needs root; no packet leaves.
traffic=$TOP_BUILDDIR/tests/live/traffic
. "$TOP_SRCDIR/tests/live/spaces.sh"
. "$TOP_SRCDIR/tests/tap.sh"
space a
space b
says() { # FILE PATTERN
	grep -q -e "$2" "$work/$1"
	result $? "... and says: $2"
	grep -q -e "$2" "$work/$1" || sed 's/^/# /' "$work/$1" | cut -c 1-300
}

wire() { # a pair of interfaces, one in each namespace
	ip -n "$a" link add whya type veth peer name whyb netns "$b" || exit 99
	ip -n "$a" addr add 192.0.2.1/24 dev whya
	ip -n "$b" addr add 192.0.2.2/24 dev whyb
	ip -n "$a" link set whya up
	ip -n "$b" link set whyb up
}
wire
ip netns exec "$a" sysctl -q net.ipv4.ip_local_port_range='1024 65000'
ip netns exec "$b" "$traffic" serve 192.0.2.2 7000 >"$work/ready" &
started $!
await test -s "$work/ready" || exit 99

# capture ARGUMENT...: begins to capture in the background, $tcpwhy is its process id; its words are in $work/out and $work/err
capture() {
	: >"$work/out"
	: >"$work/err"
	ip netns exec "$a" "$TCPWHY" "$@" >"$work/out" 2>"$work/err" </dev/null &
	tcpwhy=$!
	started "$tcpwhy"
	await_start "$tcpwhy"
}
finish() { # [SIGNAL]: ends the capture; $status is its exit status
	await_idle "$tcpwhy" # what the kernel holds back comes within 100 ms
	end "${1:-INT}" "$tcpwhy"
}
call() { # COUNT
	ip netns exec "$a" timeout 60 "$traffic" call 192.0.2.2 7000 "$1" >"$work/called" || echo '# traffic failed'
}
states() { # of the flows in FILE
	sed -n 's/.*"type":"flow".*"state":"\([a-z]*\)".*/\1/p' "$1" | sort | uniq -c | tr -s ' \n' ' '
}

# --- counts ---
connections=${LIVE_CONNECTIONS:-20000}
capture -i whya --json tcp
call "$connections"
finish INT
[ $status -eq 0 ]
result $? "$connections connections, SIGINT: exit 0 (was $status)"
quarter=$((connections / 4))
flows_with() { # PATTERN
	grep '"type":"flow"' "$work/out" | grep -c "$1"
}
[ "$(flows_with '"state":"closed"')" = $quarter ] && [ "$(flows_with '"state":"refused"')" = $quarter ] &&
	[ "$(flows_with '"rst":[1-9]')" = $((3 * quarter)) ] && [ "$(flows_with .)" = $((4 * quarter)) ]
result $? "... as many closed and refused flows, and flows with a reset, as there were ($(states "$work/out"))"
[ "$(grep -c '"type":"reset".*"from":"client".*"role":"primary"' "$work/out")" = $quarter ]
result $? '... a quarter reset by the client'
says out '"type":"summary".*"dropped":0,'

# --- privileges ---
capture -i any --json
status_is() { # FIELD VALUE
	found=$(sed -n "s/^$1:[[:space:]]*//p" "/proc/$tcpwhy/status" | tr -s '\t ' ' ' | sed 's/ $//')
	[ "$found" = "$2" ]
	result $? "$1 is \"$2\" while capturing (was \"$found\")"
}
status_is Uid '65534 65534 65534 65534'
status_is Gid '65534 65534 65534 65534'
status_is Groups ''
for set in CapInh CapPrm CapEff CapAmb; do status_is $set 0000000000000000; done
status_is NoNewPrivs 1
finish TERM
[ $status -eq 0 ]
result $? "SIGTERM: exit 0 (was $status)"
mkdir "$work/theirs" && chown 1234:1235 "$work/theirs"
export SUDO_UID=1234 SUDO_GID=1235
capture -i whya -w "$work/theirs/kept.pcap" --json tcp port 7000
unset SUDO_UID SUDO_GID
status_is Uid '1234 1234 1234 1234'
status_is Gid '1235 1235 1235 1235'
call 40
finish
[ "$(stat -c '%u:%g' "$work/theirs/kept.pcap")" = 1234:1235 ]
result $? 'under sudo, -w makes the file as the user who called it'
"$TCPWHY" --json "$work/theirs/kept.pcap" >"$work/again" 2>&1
[ "$(states "$work/out")" = ' 10 closed 20 reset ' ] && [ "$(states "$work/again")" = "$(states "$work/out")" ]
result $? "... and reading it gives the flows that were seen live ($(states "$work/again"))"
# live the kernel may have told the cause (kernel.sh): who sent each reset and how is the same at any rate
same='emitter|mechanism|effect|role'
grep -q '"kernel_reason"' "$work/out" || same="$same|cause"
said() { # FILE: of its resets
	grep '"type":"reset"' "$work/$1" | grep -oE "\"($same)\":\"[a-z0-9-]*\"" | sort
}
said out >"$work/same1"
said again >"$work/same2"
[ -s "$work/same1" ] && cmp -s "$work/same1" "$work/same2"
result $? "... and the same of its resets ($same)"

# --- refusals ---
refused() { # STATUS DESCRIPTION ARGUMENT...
	wanted=$1
	what=$2
	shift 2
	ip netns exec "$a" timeout 20 "$@" >"$work/out" 2>"$work/err" </dev/null
	status=$?
	[ $status -eq "$wanted" ]
	result $? "$what: exit $wanted (was $status)"
}
if command -v setpriv >/dev/null && setpriv --reuid 65534 --clear-groups test -x "$TCPWHY"; then
	refused 3 'no permission' setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all "$TCPWHY" -i whya --json
	says err 'sudo setcap cap_net_raw,cap_net_admin=ep '
	says err 'sudo .*tcpwhy -i whya'
fi
refused 1 'an unknown interface' "$TCPWHY" -i nonsense0 --json
says err 'whya'
refused 2 'a bad capture filter' "$TCPWHY" -i whya --json tcp port nonsense
says err "^      ^"
refused 0 'the list of interfaces' "$TCPWHY" -D
says out '^whya  *up'
refused 1 '-w into a folder that is not there' "$TCPWHY" -i whya -w "$work/none/x.pcap"
says err 'none/x.pcap'

capture -i whya -w "$work/theirs/again.pcap" --json tcp port 7000
finish
[ "$(stat -c '%u:%g' "$work/theirs/again.pcap")" = 1234:1235 ]
result $? "root without sudo: -w into a user's folder makes the file as that user"
ln -s "$work/elsewhere" "$work/link"
refused 1 '-w through a symbolic link' "$TCPWHY" -i whya -w "$work/link"
says err 'symbolic link'
[ ! -e "$work/elsewhere" ]
result $? '... and nothing was written'
mkdir "$work/roots" && ln -s "$work/roots" "$work/theirs/led" && chown -h 1234:1235 "$work/theirs/led"
refused 1 "-w through a user's link to a folder of root's" "$TCPWHY" -i whya -w "$work/theirs/led/x.pcap"
says err 'Permission denied (for user 1234'
[ ! -e "$work/roots/x.pcap" ]
result $? '... and nothing was written'
echo mine >"$work/theirs.txt" && chown 1234:1235 "$work/theirs.txt"
refused 1 '-w over a file of another user' "$TCPWHY" -i whya -w "$work/theirs.txt"
[ "$(cat "$work/theirs.txt")" = mine ]
result $? '... which stays as it was'

# --- ends ---
capture -i whya --json -c 25 tcp
call 20
await_end "$tcpwhy"
[ $status -eq 0 ] && grep -q '"type":"summary".*"packets":25,' "$work/out"
result $? '-c 25 ends after 25 packets'

capture -i whya --json tcp
call 8
await_idle "$tcpwhy"
ip -n "$a" link set whya down
await grep -q 'whya is down' "$work/err"
ip -n "$a" link set whya up
await grep -q 'whya is up again' "$work/err"
call 8
await_idle "$tcpwhy"
ip -n "$a" link del whya
await_end "$tcpwhy"
[ $status -eq 0 ]
result $? "interface down, up, and deleted while capturing: exit 0 (was $status)"
says err 'whya is down'
says err 'whya is up again'
says err 'what was captured until then is here'
[ "$(states "$work/out")" = ' 4 closed 4 refused 8 reset ' ]
result $? "... and nothing that was seen is lost ($(states "$work/out"))"
wire

# --- what cannot be kept ---
capture -i whya -B 256 --json
kill -STOP "$tcpwhy"
ip netns exec "$a" "$traffic" flood 192.0.2.2 9 1 50000 >"$work/sent"
kill -CONT "$tcpwhy"
finish
[ $status -eq 0 ] && [ "$(sed -n 's/.*"dropped":\([0-9]*\).*/\1/p' "$work/out")" -gt 0 ]
result $? "packets that the kernel drops are counted ($(sed -n 's/.*"dropped":\([0-9]*\).*/\1/p' "$work/out") of $(cat "$work/sent"))"

mkdir "$work/small"
if mount -t tmpfs -o size=512k,mode=1777 none "$work/small" 2>/dev/null; then
	mounts=$work/small
	capture -i whya -w "$work/small/kept.pcap" --json tcp
	call 4000
	finish
	[ $status -eq 1 ]
	result $? "the disk of -w is full: exit 1 (was $status)"
	[ "$(grep -c 'cannot grow' "$work/err")" = 1 ]
	result $? '... said once'
	says err 'No space left'
	[ "$(states "$work/out")" = ' 1000 closed 1000 refused 2000 reset ' ]
	result $? "... and every flow is still counted ($(states "$work/out"))"
	"$TCPWHY" --json "$work/small/kept.pcap" >"$work/again" 2>"$work/err"
	[ $? -eq 0 ] && [ ! -s "$work/err" ] && grep -q '"truncated":false' "$work/again"
	result $? '... and the file ends with a whole packet'
	rm -f "$work/small/kept.pcap"
	TMPDIR=$work/small capture -i whya --json tcp
	call 4000
	finish
	[ "$(states "$work/out")" = ' 1000 closed 1000 refused 2000 reset ' ] && grep -q 'set TMPDIR' "$work/err"
	result $? 'the disk of the spool is full: said, and every flow is counted'
	rm -rf "$work/small/"*
	"$TOP_BUILDDIR/tests/bench/flows" 1200 "$work/many.pcap"
	"$TCPWHY" --json "$work/many.pcap" >"$work/again"
	"$TCPWHY" --json -w "$work/small/kept.pcap" - <"$work/many.pcap" >"$work/out" 2>"$work/err"
	[ $? -eq 2 ]
	result $? '-w beside a file on standard input: exit 2'
	cat "$work/many.pcap" | "$TCPWHY" --json -w "$work/small/kept.pcap" - >"$work/out" 2>"$work/err"
	[ $? -eq 1 ] && [ "$(grep -c 'cannot grow' "$work/err")" = 1 ]
	result $? 'the disk of -w is full while a pipe is read: exit 1, said once'
	[ "$(states "$work/out")" = "$(states "$work/again")" ]
	result $? "... and every flow is still counted ($(states "$work/out"))"
	umount "$work/small"
fi

# --- killed ---
capture -i whya -w "$work/killed.pcap" --json tcp
call 40
sleep 1.5
end KILL "$tcpwhy"
"$TCPWHY" --json "$work/killed.pcap" >"$work/again" 2>&1
[ "$(states "$work/again")" = ' 10 closed 10 refused 20 reset ' ]
result $? "kill -9: the file of -w has all but the last second ($(states "$work/again"))"

# --- killed without -w: the spool is found, offered and read; tests/live/left.sh tells more of it ---
case $(stat -f -c %T "$work/tmp") in tmpfs | ramfs) on_disk= ;; *) on_disk=yes ;; esac
spools() { # UID: "SIZE-IN-PACKETS USER" of each that stands there
	find "$work/tmp/tcpwhy-$1" -name 'spool-*' -printf '%s %u\n' 2>/dev/null | sed 's/^0 .*/none/'
}
for caller in 0 1234; do
	[ -n "$on_disk" ] || break
	who='root, who becomes nobody'
	if [ $caller = 1234 ]; then
		who='root, who becomes the one who called sudo'
		export SUDO_UID=1234 SUDO_GID=1235
	fi
	rm -rf "$work/tmp/tcpwhy-$caller"
	capture -i whya --json tcp
	call 8
	finish
	ended=$(spools $caller)
	capture -i whya --json tcp
	call 40
	await_idle "$tcpwhy"
	sleep 1.5
	during=$(find "$work/tmp/tcpwhy-$caller" -name 'spool-*' -uid $caller | wc -l)
	end KILL "$tcpwhy"
	spool=$(find "$work/tmp/tcpwhy-$caller" -name 'spool-*')
	[ "${ended:-none}" = none ] && [ "$during" = 1 ]
	result $? "$who: an end by ^C leaves no packet (${ended:-no file}), and in the next run one spool stands there"
	"$TCPWHY" --json "$spool" >"$work/again" 2>&1
	[ "$(states "$work/again")" = ' 10 closed 10 refused 20 reset ' ]
	result $? "... kill -9 leaves all but the last second ($(states "$work/again"))"
	[ "$(stat -c '%u %a' "$work/tmp/tcpwhy-$caller" "$spool" | tr '\n' ' ')" = "$caller 700 $caller 600 " ]
	result $? "... for user $caller alone"
	if command -v script >/dev/null; then
		script -qec "$TCPWHY --json $TOP_SRCDIR/captures/demo.pcapng" /dev/null </dev/null | grep -q 'tcpwhy: a killed run left packets: .* of whya, until'
		result $? '... which the next start offers, with the name of the interface'
	fi
	"$TCPWHY" --report -e 'cause:refused' "$spool" >"$work/again" 2>&1
	grep -q 'refused' "$work/again"
	result $? '... and reads'
	rm -r "$work/tmp/tcpwhy-$caller"
	unset SUDO_UID SUDO_GID
done

# --- what is asked of the interface ---
promiscuity() {
	ip -n "$a" -d link show whya | sed -n 's/.*promiscuity \([0-9]*\).*/\1/p'
}
printf '# only the service\ntcp port 7000 # and nothing else\n' >"$work/filter"
capture -i whya -F "$work/filter" -s 60 -w "$work/short.pcap" --json
[ "$(promiscuity)" = 1 ]
result $? 'the interface is promiscuous while capturing'
call 8
finish
[ "$(states "$work/out")" = ' 2 closed 4 reset ' ]
result $? "-F: of 8 connections those to the one port ($(states "$work/out"))"
[ "$(od -An -tx4 -N4 "$work/short.pcap" | tr -d ' ')" = a1b23c4d ] && [ "$(od -An -tu4 -j32 -N4 "$work/short.pcap" | tr -d ' ')" -le 60 ]
result $? '-w and -s: a pcap of nanoseconds, of 60 bytes of a packet'
grep '"type":"flow"' "$work/out" | grep -v '"first":"[^"]*000Z"' | grep -q .
result $? 'times have nanoseconds'
capture -i whya -p --json tcp
[ "$(promiscuity)" = 0 ]
result $? '-p: the interface is not promiscuous'
finish

# --- any: a connection of the host with itself, whose packets come by twice; a port that no connection before was made from ---
ip -n "$a" link set lo up
ip netns exec "$a" "$traffic" serve 192.0.2.1 700 >"$work/ready2" &
started $!
await test -s "$work/ready2" || exit 99
capture -i any --json tcp port 7000 or tcp port 700
ip netns exec "$a" timeout 60 "$traffic" call 192.0.2.1 700 40 >"$work/called"
call 40
finish
[ "$(states "$work/out")" = ' 20 closed 40 reset ' ]
result $? "-i any: each connection counts once, over loopback too ($(states "$work/out"))"
! grep '"type":"flow"' "$work/out" | grep -q 'retransmissions":[1-9]'
result $? '... and nothing counts as sent twice'

# --- the screen ---
if [ -x "$TOP_BUILDDIR/tests/screen/screen" ]; then
	cat >"$work/live-screen.txt" <<EOT
# live: packets come in, also while the list stands still
run -i whya tcp
wait live
wait No TCP flow yet
shell "\$TOP_BUILDDIR"/tests/live/traffic call 192.0.2.2 7000 8
wait of 8
wait 8 flows
wait /s
key p
wait paused
shell "\$TOP_BUILDDIR"/tests/live/traffic call 192.0.2.2 7000 8
wait 16 flows
wait of 8
key p
wait of 16
shell chmod 777 {tmp}
key Down Space w ^U
type {tmp}/live.pcapng
key Enter
wait live.pcapng:
shell test "\$("\$TCPWHY" --json {tmp}/live.pcapng | grep -c '"type":"flow"')" = 1
key Q
exit 0
EOT
	cat >"$work/drops-screen.txt" <<EOT
# what the kernel drops while nobody takes it stands in the title
size 120 24
run -i whya -B 256
wait live
signal TSTP
stopped
shell "\$TOP_BUILDDIR"/tests/live/traffic flood 192.0.2.2 9 1 50000
signal CONT
wait dropped
key Q
exit 0
EOT
	cat >"$work/no-screen.txt" <<EOT
# no interface, no screen: what is wrong is told where a password would have been asked for
run -i nonsense0
wait nonsense0
exit 1
EOT
	cat >"$work/gone-screen.txt" <<EOT
# the interface goes away: that is said, what came is still there to be looked at, and the terminal is put back
run -i whya tcp
wait live
shell "\$TOP_BUILDDIR"/tests/live/traffic call 192.0.2.2 7000 8
wait 8 flows
shell ip link del whya
wait The interface disappeared
key Enter
wait tcpwhy  Ladder
key Q
exit 0
EOT
	cat >"$work/killed-screen.txt" <<EOT
# kill -9 on the screen, while the list stands still: the file of -w has all but the last second
run -i whya -w $work/killed2.pcap tcp
wait live
key p
wait paused
shell "\$TOP_BUILDDIR"/tests/live/traffic call 192.0.2.2 7000 40
pause 1500
signal KILL
shell "\$TCPWHY" --csv $work/killed2.pcap | grep -c ',192.0.2.2,' | grep -qx 40
EOT
	mkdir "$work/home" && chown 1234:1235 "$work/home"
	cat >"$work/home-screen.txt" <<EOT
# root saves nothing into a user's folder
run {captures}/demo.pcapng
wait 1 of 15
key w ^U
type $work/home/saved.pcapng
key Enter
wait Permission denied
shell test -z "\$(ls -A $work/home)"
key Esc
gone Enter writes
key Q
exit 0
EOT
	for script in live-screen drops-screen no-screen killed-screen home-screen gone-screen; do
		ip netns exec "$a" "$TOP_BUILDDIR/tests/screen/screen" -s "$work/$script.txt" >"$work/out" 2>&1
		grep -q '^ok 1 ' "$work/out"
		result $? "the screen: $(sed -n '1s/^# //p' "$work/$script.txt")"
		grep -q '^ok 1 ' "$work/out" || sed -n '/^not ok/q; s/^/# /p' "$work/out"
	done
fi

ip -n "$a" link show whya >/dev/null 2>&1 || wire

# --- by its system calls ---
case $BUILD_CFLAGS in *-fsanitize*) calls= ;; *) calls=$work/calls ;; esac # a sanitizer makes some of its own
if [ -n "$calls" ] && strace -f -o "$calls" true 2>/dev/null; then
	none() { # PATTERN DESCRIPTION: no call is like this
		! grep -E "$1" "$calls" >"$work/found"
		result $? "$2"
		sed 's/^/# /' "$work/found" | head -n 3
	}
	ip netns exec "$a" strace -f -o "$calls" "$TCPWHY" -i whya --json -c 25 tcp >"$work/out" 2>"$work/err" </dev/null &
	tcpwhy=$!
	started "$tcpwhy"
	for _ in $(seq 100); do
		grep -q 'PR_SET_NO_NEW_PRIVS, 1' "$calls" && break
		sleep 0.1
	done
	sleep 0.3
	call 20
	await_end "$tcpwhy"
	[ $status -eq 0 ] && grep -q 'setresuid(65534, 65534, 65534) *= 0' "$calls" && grep -q 'PR_SET_NO_NEW_PRIVS, 1' "$calls"
	result $? "live, by its system calls: the user is changed, no new privileges (exit $status)"
	none 'sa_family=AF_INET|sin6?_port' '... no address of the network is connected to, bound or sent to'
	[ "$(grep -c ' execve(' "$calls")" = 1 ]
	result $? '... no other program'
	# of the program itself: what tcpwhy-keeper keeps is told in tests/live/kernel.sh
	awk 'NR == 1 { program = $1 } $1 == program && gone; $1 == program && /PR_SET_NO_NEW_PRIVS, 1/ { gone = 1 }' "$calls" >"$calls.after"
	mv "$calls.after" "$calls"
	grep -q 'exit_group(0)' "$calls" || echo "Bail out! strace saw no end"
	none ' socket\(AF_(INET|INET6|UNIX|PACKET)' '... once privileges are gone, no socket is made but those that ask this kernel'
	none 'open(at)?\(.*(O_WRONLY|O_RDWR|O_CREAT)' '... and no file is opened for writing'
	none ' (set(res|re|e|fs)?[ug]id|capset|setns|unshare|ptrace|mount|unlink(at)?|mkdir(at)?|rename(at2?)?)\(.*= 0' '... and nothing of the system is changed'
fi

# --- many packets ---
rate=${LIVE_RATE:-100000}
capture -i whya --json udp
ip netns exec "$a" timeout 60 "$traffic" flood 192.0.2.2 9 "${LIVE_SECONDS:-3}" "$rate" >"$work/sent"
finish
seen=$(sed -n 's/.*"type":"summary".*"packets":\([0-9]*\).*/\1/p' "$work/out")
dropped=$(sed -n 's/.*"dropped":\([0-9]*\).*/\1/p' "$work/out")
[ "$((seen + dropped))" -ge "$(cat "$work/sent")" ]
result $? "$(cat "$work/sent") datagrams sent: $seen seen, $dropped dropped, none unaccounted for"
echo "1..$n"
