#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# scale: what tcpwhy writes of the shipped captures and of 100,000 generated connections, seen at two places, goes into each database
# that is here, twice over; then doc/scale/questions.sql is asked, and the answers must be what the lines themselves say.
# `make check-scale`. DuckDB: the program duckdb, or npm's @duckdb/node-api; ClickHouse: the program clickhouse, or npm's chdb (NODE_PATH
# names their folder); PostgreSQL: initdb and psql, a server of its own without network. What is not here is skipped.
flows=${SCALE_FLOWS:-100000}
work=$(mktemp -d) || exit 99
scale=$TOP_SRCDIR/doc/scale
tests=$TOP_SRCDIR/tests/scale
LC_ALL=C PGTZ=UTC TZ=UTC
PGOPTIONS='-c client_min_messages=warning'
export LC_ALL PGTZ PGOPTIONS TZ
n=0
failed=0
postgres=

finish() {
	[ -z "$postgres" ] || as_owner "$postgres/pg_ctl" -s -D "$work/pg" -m immediate stop
	rm -rf "$work"
}
trap finish EXIT

result() { # STATUS DESCRIPTION
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else failed=$((failed + 1)) && echo "not ok $n - $2"; fi
}
skip() { # DESCRIPTION REASON
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

# --- what is loaded ---

make_reports() {
	"$TOP_BUILDDIR/tests/bench/flows" "$flows" "$work/all.pcap" || return 1
	"$TCPWHY" --json "$TOP_SRCDIR"/captures/*.pcap* >"$work/shipped.ndjson" || return 1
	"$TCPWHY" --json --vantage client "$work/all.pcap" >"$work/client.ndjson" || return 1
	# Of some connections the other place of capture did not see the resets. Both halves of its report are made at once.
	for part in 0 1; do
		"$TCPWHY" --json --vantage server --shard "$part/2" -r "$work/all.pcap" 'not (tcp[tcpflags] & tcp-rst != 0 and ip[19] & 7 == 3)' \
			>"$work/server.$part.ndjson" &
	done
	wait
	cat "$work/shipped.ndjson" "$work/client.ndjson" "$work"/server.?.ndjson >"$work/report.ndjson"
}

# --- what the lines say ---

question_names() { sed -n 's/^-- \([a-z-]*\): .*/\1/p' "$scale/questions.sql"; }

question() { # NAME
	awk -v name="$1" '/^-- [a-z-]+: / { on = $2 == name ":" } on && !/^--/' "$scale/questions.sql"
}

tally() { # of lines with tabs: each with how often it is there
	sort | uniq -c | awk '{ count = $1; sub(/^ *[0-9]+ /, ""); print $0 "\t" count }'
}

read_lines() {
	jq -r 'select(.type == "flow") | [.flow_id, .vantage, .server_addr, .server_port, .state, .client_isn // "", .server_isn // "", .rst] | @tsv' \
		"$work/report.ndjson" >"$work/flows.tsv" &&
	jq -r 'select(.type == "reset") | [.flow_id, .cause, .severity, .role, .confidence, .time[:16], (.evidence_facts | join(" "))] | @tsv' \
		"$work/report.ndjson" >"$work/resets.tsv"
}

wanted() { # NAME
	case $1 in
	causes) cut -f2 "$work/resets.tsv" | tally ;;
	services) awk -F'\t' 'FNR == NR { server[$1] = $3 "\t" $4; next } $3 != "info" && $4 == "primary" { print server[$1] "\t" $2 }' \
		"$work/flows.tsv" "$work/resets.tsv" | tally ;;
	refused) awk -F'\t' '{ s = $3 "\t" $4; all[s]++; refused[s] += $5 == "refused" }
		END { for (s in all) if (refused[s]) print s "\t" all[s] "\t" refused[s] }' "$work/flows.tsv" ;;
	minutes) cut -f6 "$work/resets.tsv" | tr T ' ' | tally ;;
	one-sided) awk -F'\t' '$6 != "" && $7 != "" { k = $6 "\t" $7; places[k]++; reset[k] += $8 > 0
			if (!((k, $2) in seen)) { seen[k, $2] = 1; vantages[k]++ } }
		END { for (k in places) if (vantages[k] > 1 && reset[k] > 0 && reset[k] < places[k]) print k "\t" places[k] "\t" reset[k] }' \
		"$work/flows.tsv" ;;
	facts) awk -F'\t' '$2 == "refused-closed-port" { print $7 }' "$work/resets.tsv" | tr ' ' '\n' | tally ;;
	sure) cut -f2,5 "$work/resets.tsv" | tally ;;
	*) echo "no such question" ;;
	esac
}

# --- the engines: NAME_load loads the report, NAME_ask answers a question from standard input ---

as_owner() { # the server refuses to be root
	if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}
postgresql_here() {
	for postgres in "$(dirname "$(command -v initdb 2>/dev/null || echo /)")" /usr/lib/postgresql/*/bin; do
		[ -x "$postgres/initdb" ] && break
		postgres=
	done
	reason='initdb is not here (Debian: apt-get install postgresql)'
	[ -n "$postgres" ] || return 1
	[ "$(id -u)" -ne 0 ] || id postgres >/dev/null 2>&1 || { reason='there is no user postgres to run the server as'; postgres=; return 1; }
	mkdir "$work/pg" && chmod 755 "$work" && { [ "$(id -u)" -ne 0 ] || chown postgres "$work/pg"; } &&
	as_owner "$postgres/initdb" -D "$work/pg" -U owner -A trust -E UTF8 --no-sync >/dev/null 2>&1 &&
	as_owner "$postgres/pg_ctl" -s -w -D "$work/pg" -l "$work/pg/log" -o "-k $work/pg -c listen_addresses='' -c fsync=off" start && return
	postgres=
	reason='its server did not start'
	return 1
}
postgresql_run() { psql -q -X -At -F '	' -v ON_ERROR_STOP=1 -h "$work/pg" -U owner -d postgres "$@"; }
postgresql_load() {
	postgresql_run -f "$scale/postgresql.sql" &&
	postgresql_run -c "\\copy loaded FROM '$work/report.ndjson' WITH (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')" -c 'CALL load_report()'
}
postgresql_ask() { postgresql_run -f -; }

duckdb_here() {
	reason="neither the program duckdb nor npm's @duckdb/node-api is here"
	if command -v duckdb >/dev/null; then
		duckdb_run() { duckdb -batch -noheader -list -separator '	' "$work/duckdb"; }
	elif node -e 'require("@duckdb/node-api")' 2>/dev/null; then
		duckdb_run() { node "$tests/duckdb.js" "$work/duckdb"; }
	else
		return 1
	fi
}
duckdb_load() {
	{
		cat "$scale/duckdb.sql"
		for table in flows resets incidents; do
			echo "INSERT OR REPLACE INTO $table SELECT * FROM ${table}_of('$work/report.ndjson');"
		done
	} | duckdb_run >/dev/null
}
duckdb_ask() { duckdb_run; }

clickhouse_here() {
	reason="neither the program clickhouse nor npm's chdb is here"
	if command -v clickhouse >/dev/null; then
		clickhouse_run() { clickhouse local --path "$work/clickhouse" --multiquery --output-format TSV; }
	elif node -e 'require("chdb")' 2>/dev/null; then
		clickhouse_run() { node "$tests/chdb.js" "$work/clickhouse"; }
	else
		return 1
	fi
}
clickhouse_load() {
	clickhouse_run <"$scale/clickhouse.sql" || return 1
	for type in flow reset incident; do
		grep "^{\"v\":1,\"type\":\"$type\"" "$work/report.ndjson" >"$work/$type.ndjson"
		clickhouse_run <<-SQL || return 1
			INSERT INTO ${type}s_stored FROM INFILE '$work/$type.ndjson'
			SETTINGS input_format_skip_unknown_fields = 1, date_time_input_format = 'best_effort' FORMAT JSONEachRow;
		SQL
	done
}
clickhouse_ask() { clickhouse_run; }

# --- the test ---

command -v jq >/dev/null || { echo '1..0 # SKIP jq is not installed'; exit; }
make_reports && read_lines
result $? "$flows connections, at two places, and the shipped captures: $(wc -l <"$work/report.ndjson") lines, $(wc -l <"$work/resets.tsv") resets"
for name in $(question_names); do
	wanted "$name" | sort >"$work/wanted.$name"
	[ -s "$work/wanted.$name" ]
	result $? "$name has an answer of $(wc -l <"$work/wanted.$name") lines"
done
for engine in postgresql duckdb clickhouse; do
	if ! "${engine}_here"; then
		skip "$engine" "$reason"
		continue
	fi
	for time in once 'a second time'; do
		begin=$(date +%s%N)
		"${engine}_load" 2>&1 | sed 's/^/# /' | head -n 20
		[ "${PIPESTATUS[0]}" -eq 0 ]
		result $? "$engine loads the report $time, in $((($(date +%s%N) - begin) / 1000000)) ms"
	done
	for name in $(question_names); do
		begin=$(date +%s%N)
		question "$name" | "${engine}_ask" 2>"$work/error" | sed -E 's/([0-9] [0-9]{2}:[0-9]{2}):00[^\t]*/\1/' | sort >"$work/got"
		spent=$((($(date +%s%N) - begin) / 1000000))
		sed 's/^/# /' "$work/error" | head -n 5
		diff "$work/wanted.$name" "$work/got" | head -n 6 | sed 's/^/# /'
		cmp -s "$work/wanted.$name" "$work/got"
		result $? "$engine answers $name in $spent ms"
	done
done
echo "1..$n"
[ "$failed" -eq 0 ]
