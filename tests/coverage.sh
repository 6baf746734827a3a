#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# coverage: how much of what hostile bytes meet is run by the tests named on the command line, counted in lines by gcc and gcov in a build of
# its own; `make check-coverage` calls it. Fails where a folder has less than COVERAGE_LEAST in a hundred. A test that fails is named, no more:
# without optimisation some are too slow for what they ask.
least=${COVERAGE_LEAST:-90}
folders='capture decode flow explain'
command -v gcov >/dev/null || { echo 'check-coverage: gcov comes with gcc (Debian: apt-get install gcc)' >&2; exit 1; }
mkdir -p coverage-build || exit 1
(cd coverage-build && { [ -f Makefile ] ||
	"$TOP_SRCDIR/configure" --quiet CC=gcc --disable-lto CFLAGS='-g -O0 --coverage' LDFLAGS=--coverage; } &&
	make -s -j "$(nproc)" >build.log && make -s -j "$(nproc)" check TESTS= >>build.log) || exit 1
# The counts stand where the program may still write when it has given up its privileges; some of it runs as nobody.
counts=$(mktemp -d) || exit 1
trap 'rm -rf "$counts"' EXIT
build=$(cd coverage-build && pwd -P)
(cd coverage-build && find . -name '*.gcno') | while read -r notes; do
	mkdir -p "$counts/$(dirname "$notes")" && cp "coverage-build/$notes" "$counts/$notes" && : >"$counts/${notes%.gcno}.gcda"
done
chmod -R a+rwX "$counts"
(cd coverage-build && GCOV_PREFIX=$counts GCOV_PREFIX_STRIP=$(echo "$build" | tr -cd / | wc -c) make -s check TESTS="$*" >check.log 2>&1) ||
	grep -E '^(FAIL|ERROR)' coverage-build/check.log

failed=0
[ "$(id -u)" -eq 0 ] || echo 'Interfaces and privileges are tested as root alone: capture/ is counted, but not judged.'
for folder in $folders; do
	(cd "$counts" && gcov -n "src/$folder"/*.gcda 2>/dev/null) | awk -v folder="$folder" -v least="$least" -v root="$(id -u)" '
		/^File / { file = $2; gsub(/\047/, "", file) }
		/^Lines executed:/ {
			split($0, part, /[:%]/)
			if (file ~ "src/" folder "/[^/]*[.]c$") {
				here = $NF; run = part[2] * here / 100; lines += here; all += run
				if (part[2] < least) poor = poor sprintf("%12.1f %% of %4d in %s\n", part[2], here, substr(file, index(file, "src/")))
			}
			file = ""
		}
		END {
			percent = lines > 0 ? 100 * all / lines : 0
			printf "%-8s %5.1f %% of %4d lines\n%s", folder, percent, lines, poor
			exit percent < least && (folder != "capture" || root == 0)
		}' || failed=1
done
exit $failed
