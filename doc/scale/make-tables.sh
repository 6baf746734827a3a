#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# make-tables: make-tables.sh postgresql|duckdb|clickhouse: writes the tables that take the lines of tcpwhy --json, and how they are
# loaded, from tests/contract/report.schema. `make schema` keeps the three files of this folder; tests/schema.sh compares.
engine=$1
source=${TOP_SRCDIR:-.}/tests/contract/report.schema
awk -v engine="$engine" '
	# A line type, its table, what makes a line of it unique, and which of two such lines holds: the one with the greater value.
	BEGIN {
		tables["flow"] = "flows"; keys["flow"] = "flow_id"; newer["flow"] = "last"
		tables["reset"] = "resets"; keys["reset"] = "flow_id, frame"; newer["reset"] = "time"
		tables["incident"] = "incidents"; keys["incident"] = "vantage, capture, cause, first, headline"; newer["incident"] = "last"
		order = "flow reset incident"

		set("postgresql", "smallint bigint integer bigint float8 timestamptz inet text boolean")
		set("duckdb", "UTINYINT UBIGINT USMALLINT UINTEGER DOUBLE TIMESTAMP_NS VARCHAR VARCHAR BOOLEAN")
		set("clickhouse", "UInt8 UInt64 UInt16 UInt32 Float64 DateTime64(9,\x27UTC\x27) String String Bool")
		print "-- SPDX-License-Identifier: GPL-3.0-or-later"
		print "-- Written by make-tables.sh from the contract of the report, tcpwhy-report(5). A name is in double quotes where SQL has it, too."
		print "-- What a line does not have is NULL. Loading a report again changes nothing: doc/scale/README.md."
	}
	function set(name, types, i, n, type, kind) {
		n = split(types, type, " ")
		split("1 count port u32 seconds time address text bool", kind, " ")
		for (i = 1; i <= n; i++)
			sql[name, kind[i]] = type[i]
	}
	function quoted(name) { return name ~ /^(first|last|time|from|check|references|role|form|effect|trigger|cause)$/ ? "\"" name "\"" : name }
	function quoted_list(list, name, n, i, out) {
		n = split(list, name, ", ")
		for (i = 1; i <= n; i++)
			out = out (i > 1 ? ", " : "") quoted(name[i])
		return out
	}
	function type_of(kind, optional, array, base) {
		array = kind ~ /^\[/
		gsub(/[][]/, "", kind)
		base = (engine, kind) in sql ? sql[engine, kind] : sql[engine, "text"]
		if (engine == "clickhouse")
			return array ? "Array(" base ")" : optional ? "Nullable(" base ")" : base == "String" && kind ~ /\|/ ? "LowCardinality(String)" : base
		return base (array ? "[]" : "") (optional || array ? "" : " NOT NULL")
	}
	/^#/ || NF == 0 || $1 == "same" { next }
	$1 == "type" { name = $2; next }
	name in tables {
		field = $1
		optional = sub(/\?$/, "", field)
		fields[name, ++count[name]] = field
		types[name, count[name]] = type_of($2, optional)
	}
	function create(name, table, i) {
		printf "\nCREATE TABLE IF NOT EXISTS %s (\n", table
		for (i = 1; i <= count[name]; i++)
			printf "\t%s %s%s\n", quoted(fields[name, i]), types[name, i], (engine != "clickhouse" || i < count[name] ? "," : "")
		if (engine == "clickhouse")
			printf ") ENGINE = ReplacingMergeTree(%s) ORDER BY (%s);\n", quoted(newer[name]), quoted_list(keys[name])
		else
			printf "\tPRIMARY KEY (%s)\n);\n", quoted_list(keys[name])
	}
	# Each column takes the new line\x27s value.
	function updates(name, i, out) {
		for (i = 1; i <= count[name]; i++)
			out = out sprintf("%s\n\t\t%s = EXCLUDED.%s", i > 1 ? "," : "", quoted(fields[name, i]), quoted(fields[name, i]))
		return out
	}
	function for_postgresql(name, table) {
		create(name, table)
		calls = calls "\tCALL load_" table "();\n"
		printf "\nCREATE OR REPLACE PROCEDURE load_%s() LANGUAGE sql AS $$\n", table
		printf "\tINSERT INTO %s SELECT DISTINCT ON (%s) r.*\n", table, quoted_list(keys[name])
		printf "\t\tFROM loaded, jsonb_populate_record(NULL::%s, line) AS r\n", table
		printf "\t\tWHERE line->>\x27type\x27 = \x27%s\x27 ORDER BY %s, %s DESC\n", name, quoted_list(keys[name]), quoted(newer[name])
		printf "\tON CONFLICT (%s) DO UPDATE SET%s\n", quoted_list(keys[name]), updates(name)
		printf "\t\tWHERE EXCLUDED.%s >= %s.%s;\n$$;\n", quoted(newer[name]), table, quoted(newer[name])
	}
	function for_duckdb(name, table, i) {
		create(name, table)
		printf "\nCREATE OR REPLACE MACRO %s_of(files) AS TABLE\n\tSELECT * EXCLUDE (type)\n", table
		printf "\tFROM read_json(files, format = \x27newline_delimited\x27, timestampformat = \x27%%Y-%%m-%%dT%%H:%%M:%%S.%%nZ\x27, columns = {\n"
		printf "\t\t\x27type\x27: \x27VARCHAR\x27"
		for (i = 1; i <= count[name]; i++) {
			bare = types[name, i]
			sub(/ NOT NULL$/, "", bare)
			printf ",\n\t\t\x27%s\x27: \x27%s\x27", fields[name, i], bare
		}
		printf "\n\t})\n\tWHERE type = \x27%s\x27\n", name
		printf "\tQUALIFY row_number() OVER (PARTITION BY %s ORDER BY %s DESC) = 1;\n", quoted_list(keys[name]), quoted(newer[name])
	}
	function for_clickhouse(name, table) {
		create(name, table "_stored")
		printf "\nCREATE VIEW IF NOT EXISTS %s AS SELECT * FROM %s_stored FINAL;\n", table, table
	}
	END {
		n = split(order, each, " ")
		if (engine == "postgresql")
			print "\nCREATE UNLOGGED TABLE IF NOT EXISTS loaded (line jsonb NOT NULL);"
		for (i = 1; i <= n; i++) {
			if (engine == "postgresql") for_postgresql(each[i], tables[each[i]])
			if (engine == "duckdb") for_duckdb(each[i], tables[each[i]])
			if (engine == "clickhouse") for_clickhouse(each[i], tables[each[i]])
		}
		if (engine == "postgresql") {
			print "\n-- From \"loaded\", which is empty afterwards."
			printf "CREATE OR REPLACE PROCEDURE load_report() LANGUAGE sql AS $$\n%s\tTRUNCATE loaded;\n$$;\n", calls
		}
	}' "$source"
