// SPDX-License-Identifier: GPL-3.0-or-later
// duckdb: node duckdb.js DATABASE: runs the SQL on standard input in DuckDB (npm @duckdb/node-api); the last answer as lines with tabs.
const { DuckDBInstance } = require('@duckdb/node-api');
const { readFileSync } = require('fs');

async function main() {
	const connection = await (await DuckDBInstance.create(process.argv[2])).connect();
	let rows = [];
	const statements = await connection.extractStatements(readFileSync(0, 'utf8'));
	for (let i = 0; i < statements.count; i++)
		rows = (await (await statements.prepare(i)).runAndReadAll()).getRows();
	for (const row of rows)
		console.log(row.map(String).join('\t'));
}

main().catch((error) => {
	console.error(String(error));
	process.exit(1);
});
