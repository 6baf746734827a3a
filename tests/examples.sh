#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# examples: every command line that README, the manual pages and doc/scale show is run as it stands there, in a folder where the files are
# that it names. sudo is left out, ssh answers with a capture, sbatch runs three tasks of an array; those that capture run in a network
# namespace, until ^C.
work=$(mktemp -d) || exit 99
pids=
trap 'rm -rf "$work"' EXIT
captures=$TOP_SRCDIR/captures
mkdir "$work/bin" "$work/here"
ln -s "$TCPWHY" "$work/bin/tcpwhy"
printf '#!/bin/sh\nexec "$@"\n' >"$work/bin/sudo"
printf '#!/bin/sh\nexec cat "%s"\n' "$captures/demo.pcapng" >"$work/bin/ssh"
cat >"$work/bin/sbatch" <<'EOT'
#!/bin/sh
# sbatch --array=FROM-TO --wrap COMMAND
for SLURM_ARRAY_TASK_ID in 0 1 2; do
	export SLURM_ARRAY_TASK_ID
	sh -c "$3" || exit
done
EOT
chmod +x "$work/bin/sudo" "$work/bin/ssh" "$work/bin/sbatch"
PATH=$work/bin:$PATH
cd "$work/here" || exit 99
cp "$captures/demo.pcapng" trace.pcapng
for name in trace a b laptop web; do cp "$captures/closed-port.pcap" $name.pcap; done
cp "$captures/accept-overflow.pcap" run.pcap
cp "$captures/demo.pcapng" huge.pcap
mkdir captures
for name in 000.pcap 001.pcap 002.pcap a.pcap.zst b.pcap.zst; do cp "$captures/closed-port.pcap" captures/$name; done
. "$TOP_SRCDIR/tests/live/await.sh"
n=0
known=0

# A namespace with an eth0, and a command that ends as by ^C when it has nothing more to do. Fails where namespaces are not to be had.
in_namespace() { # COMMAND; its words go to $work/out and $work/err
	unshare -n sh -c 'ip link add eth0 type veth peer name eth1 && ip link set eth0 up && ip link set lo up || exit 99
		exec $1' - "$1" >"$work/out" 2>"$work/err" </dev/null &
	capture=$!
	await_start "$capture"
	await_idle "$capture"
	end INT "$capture"
	return "$status"
}

try() { # WHERE COMMAND
	n=$((n + 1))
	wanted=0
	case $2 in
	*'||'*) ;;
	*--fail-on*) wanted=4 ;;
	esac
	for tool in jq parallel; do
		case $2 in
		*"$tool "*) command -v $tool >/dev/null || { echo "ok $n - $1: $2 # SKIP $tool is not installed"; return; } ;;
		esac
	done
	case $2 in
	*' -i '*)
		in_namespace true || { echo "ok $n - $1: $2 # SKIP needs root and network namespaces"; return; }
		in_namespace "$2"
		;;
	*) sh -c "$2" >"$work/out" 2>"$work/err" </dev/null ;;
	esac
	status=$?
	sed 's/^/# /' "$work/err" | head -n 5
	case $2 in
	*'>'*.csv) cat -- *.csv >"$work/out" ;;
	*'>'*.ndjson*) cat -- *.ndjson >"$work/out" && rm -- *.ndjson ;;
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
# Of doc/scale those that run tcpwhy; its captures are here.
sed -n 's/^    \(.*tcpwhy .*\)/\1/p' "$TOP_SRCDIR/doc/scale/README.md" | sed 's,/captures/,captures/,; s,^,doc/scale\t,' >>"$work/commands"
while IFS='	' read -r where command; do
	known=$((known + 1))
	try "$where" "$command"
done <"$work/commands"

# The command that lets users capture: of a copy of the program, with which nobody then captures.
command=$(sed -n 's/^\.Dl # \(setcap .*\)/\1/p' "$TOP_SRCDIR/man/tcpwhy.1")
chmod 755 "$work" "$work/bin" && cp "$TCPWHY" "$work/bin/copy"
n=$((n + 1))
if ! command -v setpriv >/dev/null || ! in_namespace true || ! sh -c "${command%/usr/local*}$work/bin/copy" 2>/dev/null; then
	echo "ok $n - tcpwhy.1: $command # SKIP needs root, network namespaces and capabilities of files"
else
	in_namespace "setpriv --reuid 65534 --regid 65534 --clear-groups $work/bin/copy --json -i eth0"
	status=$?
	sed 's/^/# /' "$work/err"
	if [ $status -eq 0 ] && grep -q '"type":"summary"' "$work/out"; then result=ok; else result='not ok'; fi
	echo "$result $n - tcpwhy.1: $command"
fi
[ "$known" -ge 20 ] || echo "Bail out! only $known commands were found"
echo "1..$n"
