#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# make-resets: writes the catalogue of causes as the program itself tells it: make-resets.sh md|man, to standard output.
# `make resets` keeps doc/resets.md and man/tcpwhy-resets.7; a test compares them with the program.
form=$1
program=${TCPWHY:-./tcpwhy}
"$program" --causes >/dev/null || exit 1

if [ "$form" = md ]; then
	cat <<-'TEXT'
	# Why TCP connections are reset

	The causes that tcpwhy tells apart. Written by `make resets` from the program's own table: the rules that are listed are those that
	decide. "The sender" is the end whose address the reset bears; words in capitals stand for addresses and ports. Facts are named as
	in the `evidence_facts` of `tcpwhy --json`.

	TEXT
else
	cat <<-'TEXT'
	.\" SPDX-License-Identifier: GPL-3.0-or-later
	.\" tcpwhy-resets(7): written by make-resets.sh from the program's own table.
	.Dd November 20, 2026
	.Dt TCPWHY-RESETS 7
	.Os
	.Sh NAME
	.Nm tcpwhy-resets
	.Nd why TCP connections are reset: the causes that tcpwhy knows
	.Sh DESCRIPTION
	These are the causes that
	.Xr tcpwhy 1
	tells apart, as
	.Nm tcpwhy Fl Fl explain
	shows them.
	.Dq The sender
	is the end whose address the reset bears; words in capitals stand for addresses and ports.
	Of each cause the rule is given that decides: the facts that it needs and that exclude it, and the weights of those that speak for
	and against it.
	.Sh CAUSES
	TEXT
fi

"$program" --causes | awk '{ print $1 }' | while read -r id; do
	"$program" --explain "$id" | awk -v form="$form" -v id="$id" '
	# mdoc wants a new line for a new sentence, and no line that begins like a request.
	function mdoc(line) {
		gsub(/\\/, "\\e", line)
		gsub(/[.?!][)]? +/, "&\n", line)
		gsub(/ +\n/, "\n", line)
		if (line ~ /^[.\x27]/)
			line = "\\&" line
		return line
	}
	function literal(line) {
		gsub(/\\/, "\\e", line)
		return line ~ /^[.\x27]/ ? "\\&" line : line
	}
	function markdown(line) {
		gsub(/[*<>]/, "\\\\&", line)
		return line
	}
	function list_end() {
		if (in_list && form == "man")
			print ".El"
		in_list = 0
	}
	function rule_end() {
		if (in_rule && opened)
			print form == "man" ? ".Ed" : "```"
		in_rule = 0
	}
	NR == 1 {
		print (form == "man" ? ".Ss " id : "## " id)
		next
	}
	/^The sender is the end/ { exit }
	/^$/ {
		if (!in_rule && form == "md")
			print ""
		next
	}
	/^[^ ]/ {
		list_end()
		rule_end()
		label = $0
		if ($0 ~ /^The rule/) {
			in_rule = 1
			opened = 0
		}
		next
	}
	label != "" {
		print form == "man" ? ".Pp\n.Sy " label "\n.br" : "**" label "**\n"
		label = ""
	}
	in_rule {
		if (!opened)
			print form == "man" ? ".Bd -literal -compact" : "```"
		opened = 1
		print form == "man" ? literal($0) : $0
		next
	}
	{
		item = $0 ~ /^  - /
		sub(/^ +(- )?/, "")
		if (form == "md") {
			print (item ? "- " : in_list ? "  " : "") markdown($0)
			in_list = item || in_list
			next
		}
		if (item && !in_list)
			print ".Bl -dash -compact"
		in_list = item || in_list
		if (item)
			print ".It"
		print mdoc($0)
	}
	END {
		list_end()
		rule_end()
		if (form == "md")
			print ""
	}'
done
[ "$form" = md ] || cat <<'TEXT'
.Sh SEE ALSO
.Xr tcpwhy 1
TEXT
