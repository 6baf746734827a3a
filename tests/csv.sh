#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# csv: what --csv writes is read whole by a strict reader that is not ours (Python's), says of every flow and primary reset what --json
# says, and is the same cells in a spreadsheet (LibreOffice, where it is installed).
command -v python3 >/dev/null || { echo '1..0 # SKIP python3 is not installed'; exit; }
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
. "$TOP_SRCDIR/tests/tap.sh"

cat >"$work/compare.py" <<'EOF'
import csv, json, sys

def numbers_alike(a, b):
    try:
        return abs(float(a) - float(b)) < 2e-6
    except ValueError:
        return False

with open(sys.argv[1], newline="", encoding="utf-8") as file:
    rows = list(csv.DictReader(file, strict=True))
lines = [json.loads(line) for line in open(sys.argv[2], encoding="utf-8")]
flows = [line for line in lines if line["type"] == "flow"]
resets = {(line["flow"], line["frame"]): line for line in lines if line["type"] == "reset"}
faults = 0 if len(rows) == len(flows) > 0 else 1
for row, flow in zip(rows, flows):
    wanted = dict(resets.get((flow["flow"], flow.get("reset_frame")), {}), **flow)
    wanted["retransmissions"] = flow["client_retransmissions"] + flow["server_retransmissions"]
    wanted["check"] = wanted.get("check", [""])[0]
    for name, cell in row.items():
        told = str(wanted.get(name, ""))
        if cell != told and cell != "'" + told and not numbers_alike(cell, told):
            faults += 1
            print(f"# flow {flow['flow']}, {name}: {cell!r} instead of {told!r}")
print(f"# {len(rows)} rows, {faults} faults")
sys.exit(faults > 0)
EOF

for name in closed-port.pcap demo.pcapng firewall-refusal.pcap injected.pcap upload-rejected.pcap; do
	(cd "$TOP_SRCDIR/captures" && "$TCPWHY" --csv $name >"$work/$name.csv" && "$TCPWHY" --json $name >"$work/$name.json")
	python3 "$work/compare.py" "$work/$name.csv" "$work/$name.json"
	result $? "$name says what --json says"
done

if command -v soffice >/dev/null; then
	(cd "$work" && mkdir sheet && timeout 120 soffice -env:UserInstallation="file://$work/profile" --headless --convert-to ods --outdir sheet \
		demo.pcapng.csv && cd sheet && timeout 120 soffice -env:UserInstallation="file://$work/profile" --headless --convert-to csv \
		demo.pcapng.ods) >"$work/log" 2>&1
	python3 - "$work/demo.pcapng.csv" "$work/sheet/demo.pcapng.csv" <<-'EOF'
		import csv, sys
		before, after = (list(csv.reader(open(name, newline="", encoding="utf-8"))) for name in sys.argv[1:])
		different = sum(a != b and a.rstrip("0").rstrip(".") != b for x, y in zip(before, after) for a, b in zip(x, y))
		print(f"# {len(after)} rows, {different} cells differ")
		sys.exit(len(before) != len(after) or len(before[0]) != len(after[0]) or different > 0)
	EOF
	result $? 'a spreadsheet has the same cells'
else
	n=$((n + 1))
	echo "ok $n - a spreadsheet has the same cells # SKIP LibreOffice is not installed"
fi
echo "1..$n"
