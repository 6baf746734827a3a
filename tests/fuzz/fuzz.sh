#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# fuzz: each target for FUZZ_SECONDS with libFuzzer, beginning with its kept corpus; `make fuzz` calls it. With the sanitizers, which find
# more; with FUZZ_SANITIZE=no without them, which tries up to ten times as much. What was new is in fuzz-corpus/TARGET, what broke something
# in fuzz-found: a file there belongs into tests/fuzz/corpus/TARGET with the fix.
seconds=${FUZZ_SECONDS:-60}
if [ "${FUZZ_SANITIZE:-yes}" = no ]; then build=fuzz-build-plain; else build=fuzz-build; fi
command -v clang >/dev/null || { echo 'fuzz: libFuzzer comes with clang (Debian: apt-get install clang)' >&2; exit 1; }
mkdir -p $build fuzz-found || exit 1
[ ! -w /dev/shm ] || export TMPDIR=/dev/shm # no disk has to make and remove a spool for each input that comes through a pipe
here=$(pwd)
(cd $build && { [ -f Makefile ] || case $build in
	fuzz-build) "$TOP_SRCDIR/configure" --quiet CC=clang --enable-fuzzer --enable-sanitize CFLAGS='-g -O1' ;;
	*) "$TOP_SRCDIR/configure" --quiet CC=clang --enable-fuzzer CFLAGS='-g -O2' ;;
	esac; } && make -s -j "$(nproc)" "$@" >build.log) || exit 1
failed=0
total=0
for path; do
	target=$(basename "$path")
	mkdir -p "fuzz-corpus/$target"
	# curses keeps what it read of terminfo: no leak of ours
	leaks=1
	[ "$target" != fuzz_keys ] || leaks=0
	# new inputs go to the first folder; one that takes a second is shown, one that takes 20 is a finding
	"$build/tests/fuzz/$target" -max_total_time="$seconds" -detect_leaks=$leaks -max_len=8192 \
		-report_slow_units=1 -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 -print_funcs=0 -artifact_prefix="$here/fuzz-found/$target-" \
		"$here/fuzz-corpus/$target" "$TOP_SRCDIR/tests/fuzz/corpus/$target" >"fuzz-corpus/$target.log" 2>&1
	status=$?
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "fuzz-corpus/$target.log")
	total=$((total + ${runs:-0}))
	echo "$target: ${runs:-0} executions in $seconds s, exit $status"
	grep '^Slowest unit' "fuzz-corpus/$target.log"
	[ $status -eq 0 ] || { failed=1; tail -n 30 "fuzz-corpus/$target.log"; }
done
echo "all targets: $total executions"
exit $failed
