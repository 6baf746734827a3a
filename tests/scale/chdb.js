// SPDX-License-Identifier: GPL-3.0-or-later
// chdb: node chdb.js FOLDER: runs the statements on standard input in ClickHouse (npm chdb), whose tables are in the folder; the answers as
// lines with tabs. A statement ends with a semicolon at the end of a line.
const { Session } = require('chdb');
const { readFileSync } = require('fs');

const session = new Session(process.argv[2]);
for (const statement of readFileSync(0, 'utf8').split(/;\s*\n/))
	if (statement.replace(/^--.*$/gm, '').trim() !== '')
		process.stdout.write(String(session.query(statement, 'TSV')));
