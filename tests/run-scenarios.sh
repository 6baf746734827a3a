#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# run-scenarios: every scenario below tests/scenario, one TAP line each; and none of the numbered pitfalls is without one.
set -e
for number in $(seq -w 1 45); do
	ls "$TOP_SRCDIR/tests/scenario/pitfall/$number"-*.txt >/dev/null 2>&1 || { echo "Bail out! pitfall $number has no scenario"; exit 1; }
done
# shellcheck disable=SC2046 # file names of ours hold no spaces: one word each
set -- $(find "$TOP_SRCDIR/tests/scenario" -name '*.txt' | LC_ALL=C sort)
exec "$TOP_BUILDDIR/tests/mkcap/check-scenario" "$@"
