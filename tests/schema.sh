#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# schema: the JSON Schema that is installed says what tests/contract/report.schema and the catalogue say, and what tcpwhy writes meets it
# in the eyes of a validator that is not ours (python3-jsonschema).
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
schema=$TOP_SRCDIR/doc/report.schema.json
. "$TOP_SRCDIR/tests/tap.sh"

sh "$TOP_SRCDIR/doc/make-schema.sh" | diff "$schema" - | sed 's/^/# /' | head -n 20 >"$work/diff"
cat "$work/diff"
[ ! -s "$work/diff" ]
result $? 'doc/report.schema.json is up to date (make schema)'

for engine in postgresql duckdb clickhouse; do
	sh "$TOP_SRCDIR/doc/scale/make-tables.sh" $engine | cmp -s - "$TOP_SRCDIR/doc/scale/$engine.sql"
	result $? "doc/scale/$engine.sql is up to date (make schema)"
done

python=
for candidate in python3 /usr/bin/python3; do
	[ -n "$python" ] || ! $candidate -c 'import jsonschema; jsonschema.Draft202012Validator' 2>/dev/null || python=$candidate
done
if [ -z "$python" ]; then
	echo "ok $((n + 1)) - a validator's view # SKIP python3-jsonschema 4 or later is not installed"
	echo "1..$((n + 1))"
	exit
fi
validate() {
	"$python" "$TOP_SRCDIR/tests/contract/validate.py" "$schema"
}
for capture in "$TOP_SRCDIR"/captures/*.pcap*; do
	"$TCPWHY" --json --steps "$capture" | validate
	result $? "$(basename "$capture") meets the schema"
done
line=$("$TCPWHY" --json "$TOP_SRCDIR/captures/closed-port.pcap" | head -n 1)
for wrong in 's/"v":1/"v":2/' 's/"first":"[^"]*"/"first":"yesterday"/' 's/"rst":/"resets":/' 's/"server_port":[0-9]*/"server_port":65536/'; do
	! printf '%s\n' "$line" | sed "$wrong" | validate >/dev/null
	result $? "a line is refused after $wrong"
done
echo "1..$n"
