#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# contract: every line that --json --steps writes of the shipped captures and of the scenarios is as tests/contract/report.schema says.
set -e
# shellcheck disable=SC2046 # file names of ours hold no spaces: one word each
set -- "$TOP_SRCDIR"/captures/*.pcap* $(find "$TOP_SRCDIR/tests/scenario" -name '*.txt' | LC_ALL=C sort)
exec "$TOP_BUILDDIR/tests/contract/check-contract" "$TOP_SRCDIR/tests/contract/report.schema" "$@"
