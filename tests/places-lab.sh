#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# places-lab: labelled resets of real kernels, each scenario captured at the client and at the server, read as two places: of all resets
# the emitter is right in 99 % and the cause in 98 % at least, and what is certain is right. Skipped where those captures are not.
lab=${TCPWHY_LAB:-$TOP_SRCDIR/../shared/captures/lab}
if [ ! -d "$lab" ]; then
	echo "1..0 # SKIP no labelled captures in $lab"
	exit 0
fi
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT

# A label a line: scenario, place, frame, causes, emitters; alternatives between "|", none where it is not known.
labels() { # SCENARIO PLACE FILE
	tr -s '\n ' ' ' <"$3" | sed 's/{ "frame"/{"frame"/g; s/\[ "/["/g; s/" \]/"]/g; s/{"frame": /\n&/g' |
		sed -n 's/^{"frame": \([0-9]*\), /\1 /p' | awk -v scenario="$1" -v place="$2" '
		function words(key, text) {
			if (!match($0, "\"" key "\": (\\[[^]]*\\]|\"[^\"]*\")"))
				return ""
			text = substr($0, RSTART + length(key) + 4, RLENGTH - length(key) - 4)
			gsub(/[]["]/, "", text)
			gsub(/, /, "|", text)
			return text
		}
		{ more = words("accept"); print scenario, place, $1, words("cause") (more != "" ? "|" more : ""), "e:" words("emitter") }'
}

for folder in "$lab"/*/; do
	scenario=$(basename "$folder")
	client=${folder}client.pcap
	server=${folder}server.pcap
	[ -f "$client" ] || client=${client}ng
	[ -f "$server" ] || server=${server}ng
	[ -f "$client" ] && [ -f "$server" ] || continue
	labels "$scenario" client "$client.labels.json" >>"$work/labels"
	labels "$scenario" server "$server.labels.json" >>"$work/labels"
	"$TCPWHY" --json --vantage "client=$client" --vantage "server=$server" 2>"$work/err" | grep '"type":"reset"' >"$work/resets"
	for field in vantage frame cause emitter confidence; do
		sed 's/.*"'$field'":"*\([^",]*\).*/\1/' "$work/resets" >"$work/$field"
	done
	paste -d ' ' "$work/vantage" "$work/frame" "$work/cause" "$work/emitter" "$work/confidence" | sed "s/^/$scenario /" >>"$work/told"
done

# Of what there is to be right or wrong: how many were right, and which were not.
awk '
	function among(word, list, part, n, i) {
		n = split(list, part, "|")
		for (i = 1; i <= n; i++)
			if (part[i] == word)
				return 1
		return 0
	}
	FNR == NR { cause[$1, $2, $3] = $4; emitter[$1, $2, $3] = $5; sure[$1, $2, $3] = $6; next }
	{
		right = among(cause[$1, $2, $3], $4)
		causes++
		causes_right += right
		certain += sure[$1, $2, $3] == "certain"
		certain_right += sure[$1, $2, $3] == "certain" && right
		if (!right)
			print "# " $1 " at " $2 ", frame " $3 ": " cause[$1, $2, $3] " instead of " $4
		if ($5 == "e:")
			next
		right = among(emitter[$1, $2, $3], substr($5, 3))
		emitters++
		emitters_right += right
		if (!right)
			print "# " $1 " at " $2 ", frame " $3 ": made by " emitter[$1, $2, $3] " instead of " substr($5, 3)
	}
	function say(n, good, text) { print (good ? "ok " : "not ok ") n " - " text }
	END {
		say(1, causes >= 250, causes " labelled resets were read")
		say(2, causes_right >= 0.98 * causes, causes_right " of " causes " causes are right")
		say(3, emitters_right >= 0.99 * emitters, emitters_right " of " emitters " emitters are right")
		say(4, certain > 0 && certain_right >= 0.99 * certain, certain_right " of " certain " that are certain are right")
		print "1..4"
	}' "$work/told" "$work/labels"
