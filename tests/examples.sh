#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# examples: every command line that README and the manual pages show is run as it stands there, in a folder where the files are that it
# names. sudo is left out, ssh answers with a capture; those that capture run in a network namespace, until ^C.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
captures=$TOP_SRCDIR/captures
mkdir "$work/bin" "$work/here"
ln -s "$TCPWHY" "$work/bin/tcpwhy"
printf '#!/bin/sh\nexec "$@"\n' >"$work/bin/sudo"
printf '#!/bin/sh\nexec cat "%s"\n' "$captures/demo.pcapng" >"$work/bin/ssh"
chmod +x "$work/bin/sudo" "$work/bin/ssh"
PATH=$work/bin:$PATH
cd "$work/here" || exit 99
cp "$captures/demo.pcapng" trace.pcapng
for name in trace a b laptop web; do cp "$captures/closed-port.pcap" $name.pcap; done
cp "$captures/accept-overflow.pcap" run.pcap
n=0
known=0

# A namespace with an eth0, and a command that ends as by ^C after a second. Fails where namespaces are not to be had.
in_namespace() { # COMMAND
	unshare -n sh -c 'ip link add eth0 type veth peer name eth1 && ip link set eth0 up && ip link set lo up || exit 99
		exec timeout --preserve-status -s INT 1 $1' - "$1"
}

try() { # WHERE COMMAND
	n=$((n + 1))
	wanted=0
	case $2 in
	*--fail-on*) wanted=4 ;;
	esac
	case $2 in
	*'| jq'*) command -v jq >/dev/null || { echo "ok $n - $1: $2 # SKIP jq is not installed"; return; } ;;
	esac
	case $2 in
	*' -i '*)
		in_namespace true 2>/dev/null || { echo "ok $n - $1: $2 # SKIP needs root and network namespaces"; return; }
		in_namespace "$2" >"$work/out" 2>"$work/err" </dev/null
		;;
	*) sh -c "$2" >"$work/out" 2>"$work/err" </dev/null ;;
	esac
	status=$?
	sed 's/^/# /' "$work/err" | head -n 5
	case $2 in
	*'>'*.csv) cat -- *.csv >"$work/out" ;;
	esac
	if [ $status -eq $wanted ] && [ -s "$work/out" ]; then
		echo "ok $n - $1: $2"
	else
		echo "not ok $n - $1: $2 (exit $status, $(wc -c <"$work/out") bytes)"
	fi
}

# Of README the commands, without what is said beside them and where one stands on two lines; "..." of jq stands for any filter.
sed -n 's/^    \(.*tcpwhy .*\)/\1/p' "$TOP_SRCDIR/README" | grep -e '^tcpwhy ' -e '^sudo ' -e '^ssh ' |
	sed 's/  .*//; s/jq \.\.\./jq ./; s/^/README\t/' >"$work/commands"
for page in "$TOP_SRCDIR"/man/*.[1-8]; do
	sed -n 's/^\.Dl \$ //p' "$page" | sed "s/\\\\(dq/\"/g; s,^,$(basename "$page")\t," >>"$work/commands"
done
while IFS='	' read -r where command; do
	known=$((known + 1))
	try "$where" "$command"
done <"$work/commands"
[ "$known" -ge 13 ] || echo "Bail out! only $known commands were found"
echo "1..$n"
