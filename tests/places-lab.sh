#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# places-lab: labelled resets of real kernels, each scenario captured at several places, read as the client's and the server's, as any other two
# and as all of them: of the client's and the server's resets the emitter is right in 99 % and the cause in 98 % at least, what is certain is
# right, and no reset is less sure than at that of the places which alone is surest of its cause. Skipped where those captures are not.
lab=${TCPWHY_LAB:-$TOP_SRCDIR/../shared/captures/lab}
if [ ! -d "$lab" ]; then
	echo "1..0 # SKIP no labelled captures in $lab"
	exit 0
fi
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT

# A label a line: scenario, place, frame, cause, other causes that pass, emitters; alternatives between "|", none where it is not known.
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
		{ print scenario, place, $1, words("cause"), "a:" words("accept"), "e:" words("emitter") }'
}

# A sighting a line: scenario, place, frame, and what its packet bears wherever it is seen.
sightings() { # SCENARIO TRUTH
	awk -v scenario="$1" '
		/^  *"[a-z-]*\.pcap(ng)?": \{/ { split($1, name, /["."]/); place = name[2] }
		/"rst": \[/ { resets = 1 }
		/^ *\]/ && !/"/ { if ($0 ~ /^   \]/) resets = 0 }
		!resets { next }
		/"packet":/ { packet = $2 + 0; again = 0 }
		/"emission":/ { emission = $2 + 0 }
		/"ipid":/ { id = $2 + 0 }
		/"duplicate_sighting": true/ { again = 1 }
		/^    \}/ { if (!again) print scenario, place, packet, emission "/" id }' "$2"
}

# A verdict a line: the places read together, scenario, place, frame, cause, emitter, confidence.
tell() { # SCENARIO FOLDER PLACE...
	scenario=$1
	folder=$2
	shift 2
	together=$(echo "$*" | tr ' ' +)
	count=$#
	for place; do
		file=$folder$place.pcap
		[ -f "$file" ] || file=${file}ng
		[ "$count" -gt 1 ] && file=$place=$file
		set -- "$@" "--vantage=$file"
		shift
	done
	[ "$count" -gt 1 ] || set -- "${1#--vantage=}"
	"$TCPWHY" --json "$@" 2>"$work/err" | grep '"type":"reset"' >"$work/resets"
	for field in frame cause emitter confidence; do
		sed 's/.*"'$field'":"*\([^",]*\).*/\1/' "$work/resets" >"$work/$field"
	done
	if [ "$count" -gt 1 ]; then
		sed 's/.*"vantage":"*\([^",]*\).*/\1/' "$work/resets" >"$work/vantage"
	else
		sed "s/.*/$together/" "$work/resets" >"$work/vantage"
	fi
	paste -d ' ' "$work/vantage" "$work/frame" "$work/cause" "$work/emitter" "$work/confidence" | sed "s/^/$together $scenario /" >>"$work/told"
}

for folder in "$lab"/*/; do
	scenario=$(basename "$folder")
	places=
	for file in "$folder"*.pcap*; do
		[ -f "$file.labels.json" ] || continue
		place=$(basename "${file%.pcap*}")
		places="$places $place"
		labels "$scenario" "$place" "$file.labels.json" >>"$work/labels"
		tell "$scenario" "$folder" "$place"
	done
	sightings "$scenario" "${folder}truth.json" >>"$work/sightings"
	others=$places
	for one in $places; do
		others=${others#" $one"}
		for other in $others; do
			tell "$scenario" "$folder" "$one" "$other"
		done
	done
	set -f
	# shellcheck disable=SC2086 # names, one a word
	set -- $places
	[ $# -lt 3 ] || tell "$scenario" "$folder" "$@"
	set +f
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
	function say(n, good, text) { print (good ? "ok " : "not ok ") n " - " text }
	BEGIN { rank["possible"] = 1; rank["likely"] = 2; rank["certain"] = 3 }
	FILENAME ~ /labels$/ { cause[$1, $2, $3] = $4; accept[$1, $2, $3] = $4 "|" substr($5, 3); emitter[$1, $2, $3] = substr($6, 3); next }
	FILENAME ~ /sightings$/ { packet[$1, $2, $3] = $4; next }
	!(($2, $3, $4) in cause) { next }
	$1 !~ /\+/ { # alone
		if ($5 == cause[$2, $3, $4] && ($2, $3, $4) in packet)
			alone[$2, $3, packet[$2, $3, $4]] = rank[$7]
		next
	}
	{
		right = among($5, accept[$2, $3, $4])
		if (!right)
			print "# " $2 " at " $3 " of " $1 ", frame " $4 ": " $5 " instead of " accept[$2, $3, $4]
		made = emitter[$2, $3, $4] == "" ? -1 : among($6, emitter[$2, $3, $4])
		if (made == 0)
			print "# " $2 " at " $3 " of " $1 ", frame " $4 ": made by " $6 " instead of " emitter[$2, $3, $4]
		set = $1 == "client+server" ? 1 : 2
		causes[set]++
		causes_right[set] += right
		emitters[set] += made >= 0
		emitters_right[set] += made > 0
		certain[set] += $7 == "certain"
		certain_right[set] += $7 == "certain" && right
		if (!(($2, $3, $4) in packet))
			next
		n = split($1, place, "+")
		for (i = 1; i <= n; i++)
			if (alone[$2, place[i], packet[$2, $3, $4]] > rank[$7]) {
				print "# " $2 " at " $3 " of " $1 ", frame " $4 ": less sure than " place[i] " alone"
				worse++
			}
		compared++
	}
	END {
		say(1, causes[1] >= 250 && causes[2] >= 500, causes[1] " labelled resets were read at client and server, " causes[2] " at other places together")
		for (set = 1; set <= 2; set++) {
			where = set == 1 ? "at client and server" : "at other places together"
			say(3 * set - 1, causes_right[set] >= 0.98 * causes[set], causes_right[set] " of " causes[set] " causes " where " are right")
			say(3 * set, emitters_right[set] >= 0.99 * emitters[set], emitters_right[set] " of " emitters[set] " emitters " where " are right")
			say(3 * set + 1, certain[set] > 0 && certain_right[set] >= 0.99 * certain[set],
			    certain_right[set] " of " certain[set] " that are certain " where " are right")
		}
		say(8, compared >= 500 && !worse, compared " resets are as sure as at the surest place alone")
		print "1..8"
	}' "$work/labels" "$work/sightings" "$work/told"
