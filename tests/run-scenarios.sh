#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# run-scenarios: every scenario below tests/scenario, one TAP line each.
set -e
# File names of ours hold no spaces: one word each.
set -- $(find "$TOP_SRCDIR/tests/scenario" -name '*.txt' | LC_ALL=C sort)
exec "$TOP_BUILDDIR/tests/mkcap/check-scenario" "$@"
