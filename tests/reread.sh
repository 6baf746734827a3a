#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# reread: a flow's verdicts are the same whether its packets are read again alone or in a batch with those of others, from a file or from
# a spool.
work=$(mktemp -d "${TMPDIR:-/tmp}/tcpwhy-reread-XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
"$TOP_BUILDDIR/tests/bench/flows" 6000 many.pcap 700 || { echo "Bail out! no capture"; exit 1; }
resets() { sed -n '/"type":"reset"/p' "$@"; }
"$TCPWHY" --json --vantage here many.pcap >all.json || { echo "Bail out! no report"; exit 1; }
resets all.json >all
n=0
check() { # TEXT: compares the files "one" and "other", which must not be empty
	n=$((n + 1))
	if [ -s one ] && cmp -s one other; then
		echo "ok $n - $1"
	else
		diff one other | head -n 4 | cut -c 1-200 | sed 's/^/# /'
		echo "not ok $n - $1"
	fi
}
echo 1..8
for flow in 5 11 2993 3995 4001 5999 6000; do # the last is the one of 700 resets
	"$TCPWHY" --json --vantage here -e "flow=$flow" many.pcap | resets >one
	grep "\"flow\":$flow," all >other
	check "flow $flow alone and among all"
done
sed 's/many\.pcap/-/' all >one
# a pipe, which cannot be read twice
# shellcheck disable=SC2002
cat many.pcap | "$TCPWHY" --json --vantage here - | resets >other
check "from the file and from a pipe's spool"
