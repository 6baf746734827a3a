#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# sanitize: all tests, and every capture there is, under the address and undefined behaviour sanitizers, by gcc and by clang, each in a
# build of its own (sanitize-gcc, sanitize-clang); then every capture under valgrind. `make check-sanitize` calls it: half an hour.
all_captures() { # in the build directory of now: prints what went wrong, and whether that was anything
	MEMCHECK=all make -s check-TESTS TESTS=tests/memcheck.sh >/dev/null || { grep -A 40 '^not ok' tests/memcheck.log; return 1; }
	grep -c '^ok' tests/memcheck.log
}
failed=0
for compiler in gcc clang; do
	if ! command -v $compiler >/dev/null; then
		echo "sanitize: $compiler is not installed, that build is left out"
		continue
	fi
	echo "== $compiler, all tests and all captures"
	mkdir -p sanitize-$compiler || exit 1
	(cd sanitize-$compiler && { [ -f Makefile ] || "$TOP_SRCDIR/configure" --quiet CC=$compiler --enable-sanitize CFLAGS='-g -O1'; } &&
		{ make -s -j "$(nproc)" check; checked=$?; all_captures && [ $checked -eq 0 ]; }) || failed=1
done
echo '== valgrind, all captures'
if command -v valgrind >/dev/null; then all_captures || failed=1; else echo 'sanitize: valgrind is not installed, that is left out'; fi
[ $failed -eq 0 ] && echo 'sanitize: nothing was found'
exit $failed
