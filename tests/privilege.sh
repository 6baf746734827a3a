#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# privilege: by its system calls: privileges are gone before a capture is read; no network, no other program. What a live
# capture gives up is in tests/live/live.sh.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
if ! strace -f -o "$work/try" true 2>/dev/null; then
	echo '1..0 # SKIP strace is not installed, or not permitted here'
	exit 0
fi
case $BUILD_CFLAGS in *-fsanitize*)
	echo '1..0 # SKIP a sanitizer makes calls of its own'
	exit 0 ;;
esac
. "$TOP_SRCDIR/tests/tap.sh"
watch() { # COMMAND...
	strace -f -o "$work/calls" "$@" >"$work/out" 2>"$work/err"
}
none() { # PATTERN DESCRIPTION: no call is like this
	! grep -E "$1" "$work/calls" >"$work/found"
	result $? "$2"
	sed 's/^/# /' "$work/found" | head -n 3
}
capture=$TOP_SRCDIR/captures/demo.pcapng
gzip -c "$capture" >"$work/demo.gz"
for file in "$capture" "$work/demo.gz"; do
	watch "$TCPWHY" --json "$file"
	# the descriptor that the capture is opened as; the lines of: no_new_privs, Landlock (where there is one), its first read
	awk -v name="\"$file\"" '
		index($0, "openat(") && index($0, name) { fd = $NF }
		/prctl\(PR_SET_NO_NEW_PRIVS, 1/ { gone = NR }
		/capset\(/ { caps = NR }
		/landlock_restrict_self\(.* = 0/ { fence = NR }
		/landlock_create_ruleset\(NULL.* = [1-9]/ { has_landlock = 1 }
		fd != "" && index($0, " read(" fd ",") && !first { first = NR }
		END { exit !(first && gone && gone < first && caps && caps < first && (!has_landlock || (fence && fence < first))) }' "$work/calls"
	result $? "${file##*/}: capabilities, new privileges and files are given up before it is read, but for the four bytes that tell of compression"
	none ' (socket|connect|bind|sendto|sendmsg|recvfrom|recvmsg)\(' '... no network'
	[ "$(grep -c ' execve(' "$work/calls")" = 1 ]
	result $? '... no other program'
	none 'open.*(O_WRONLY|O_RDWR).*"/(etc|usr|home|root)' '... and nothing is opened for writing in the system'
done
watch "$TCPWHY" --report -r "$capture" tcp port 8443
none ' (socket|connect|sendto)\(' 'a capture filter with a port asks no network'
echo "1..$n"
