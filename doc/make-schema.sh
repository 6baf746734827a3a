#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# make-schema: writes the report's contract as a JSON Schema (draft 2020-12) from tests/contract/report.schema, which the tests hold every
# line against, and from the catalogue. `make schema` keeps doc/report.schema.json; a test compares.
program=${TCPWHY:-./tcpwhy}
source=${TOP_SRCDIR:-.}/tests/contract/report.schema
causes=$("$program" --causes | awk '{ printf "%s\"%s\"", (NR > 1 ? ", " : ""), $1 }')
[ -n "$causes" ] || exit 1

awk -v causes="$causes" '
	BEGIN {
		kinds["text"] = "\"type\": \"string\", \"minLength\": 1"
		kinds["free"] = "\"type\": \"string\""
		kinds["time"] = "\"type\": \"string\", \"format\": \"date-time\", " \
			"\"pattern\": \"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\\\.[0-9]{9}Z$\""
		kinds["id"] = "\"type\": \"string\", \"pattern\": \"^[0-9a-f]{16}$\""
		kinds["community"] = "\"type\": \"string\", \"pattern\": \"^1:[A-Za-z0-9+/]{27}=$\""
		kinds["address"] = "\"type\": \"string\", \"anyOf\": [{ \"format\": \"ipv4\" }, { \"format\": \"ipv6\" }]"
		kinds["tally"] = "\"type\": \"string\", \"pattern\": \"^.+: [0-9]+$\""
		kinds["count"] = "\"type\": \"integer\", \"minimum\": 0"
		kinds["port"] = kinds["count"] ", \"maximum\": 65535"
		kinds["u32"] = kinds["count"] ", \"maximum\": 4294967295"
		kinds["seconds"] = "\"type\": \"number\", \"minimum\": 0"
		kinds["number"] = "\"type\": \"number\""
		kinds["bool"] = "\"type\": \"boolean\""
		kinds["1"] = "\"const\": 1"
	}
	function of_kind(kind, words) {
		if (kind == "1")
			return "{ " kinds[kind] " }"
		if (kind in kinds || kind == "cause")
			return "{ \"$ref\": \"#/$defs/" kind "\" }"
		words = kind
		gsub(/\|/, "\", \"", words)
		return "{ \"enum\": [\"" words "\"] }"
	}
	function end_type() {
		if (name == "")
			return
		printf "\n\t\t\t},\n\t\t\t\"required\": [%s],\n\t\t\t\"additionalProperties\": false\n\t\t}", required
	}
	function note(same, names) {
		names = same
		gsub(/ /, ", ", names)
		return names
	}
	FNR == NR {
		if ($1 == "type") { types[++type_count] = $2 }
		if ($1 == "same") { sub(/^same /, ""); together[types[type_count]] = together[types[type_count]] (together[types[type_count]] ? "; " : "") note($0) }
		next
	}
	FNR == 1 {
		print "{"
		print "\t\"$schema\": \"https://json-schema.org/draft/2020-12/schema\","
		print "\t\"title\": \"tcpwhy --json\","
		print "\t\"description\": \"One line of the report: tcpwhy-report(5). Fields are only ever added.\","
		print "\t\"type\": \"object\","
		printf "\t\"oneOf\": ["
		for (i = 1; i <= type_count; i++)
			printf "%s{ \"$ref\": \"#/$defs/line-%s\" }", (i > 1 ? ", " : ""), types[i]
		print "],"
		print "\t\"$defs\": {"
		count = split("text free time id community address tally count port u32 seconds number bool", order, " ")
		for (i = 1; i <= count; i++)
			print "\t\t\"" order[i] "\": { " kinds[order[i]] " },"
		printf "\t\t\"cause\": { \"enum\": [%s] }", causes
	}
	/^#/ || NF == 0 || $1 == "same" { next }
	$1 == "type" {
		end_type()
		name = $2
		printf ",\n\t\t\"line-%s\": {\n", name
		if (name in together)
			printf "\t\t\t\"description\": \"arrays of one length: %s\",\n", together[name]
		printf "\t\t\t\"properties\": {\n\t\t\t\t\"type\": { \"const\": \"%s\" }", name
		required = "\"type\""
		next
	}
	{
		field = $1
		kind = $2
		if (!sub(/\?$/, "", field))
			required = required ", \"" field "\""
		array = sub(/^\[/, "", kind)
		sub(/\]$/, "", kind)
		if (array)
			printf ",\n\t\t\t\t\"%s\": { \"type\": \"array\", \"items\": %s }", field, of_kind(kind)
		else
			printf ",\n\t\t\t\t\"%s\": %s", field, of_kind(kind)
	}
	END {
		end_type()
		print "\n\t}\n}"
	}' "$source" "$source"
