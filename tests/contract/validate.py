# SPDX-License-Identifier: GPL-3.0-or-later
# validate: python3 validate.py SCHEMA: NDJSON on standard input against a JSON Schema. Says each fault, and how many lines there were.
import json
import sys

import jsonschema

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
faults = lines = 0
for lines, line in enumerate(sys.stdin, 1):
    for error in validator.iter_errors(json.loads(line)):
        faults += 1
        print(f"# line {lines}: {error.message[:200]}")
        for part in error.context:
            print(f"#   {part.message[:200]}")
print(f"# {lines} lines, {faults} faults")
sys.exit(faults > 0 or lines == 0)
