#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# static: what clang-tidy, cppcheck, gcc -fanalyzer and shellcheck, as far as they are installed, find in the sources and scripts and
# tests/static/explained does not explain; `make check-static` calls it, in minutes. What else is not asked of clang-tidy: .clang-tidy.
here=$(pwd)
found=$(mktemp -d) || exit 1
trap 'rm -rf "$found"' EXIT
cd "$TOP_SRCDIR" || exit 1
flags="-std=gnu11 -D_GNU_SOURCE -DHAVE_CONFIG_H -Isrc -I$here"
sources=$(find src -name '*.c' | sort)

# A finding is a line FILE:LINE: CHECK: MESSAGE.
clang_tidy() {
	# shellcheck disable=SC2086 # flags and sources are words
	printf '%s\n' $sources | xargs -P "$(nproc)" -I '{}' clang-tidy --quiet '{}' -- $flags 2>/dev/null |
		sed -n "s,^$(pwd)/,,; s/^\([^:]*:[0-9]*\):[0-9]*: warning: \(.*\) \[\([^]]*\)\]\$/\1: \3: \2/p"
}
cpp_check() {
	# As another configuration than config.h's makes no sense here, what that defines is told.
	# shellcheck disable=SC2046 # definitions are words
	cppcheck --quiet --std=c11 --enable=warning,portability --suppress=missingIncludeSystem -D_GNU_SOURCE -Isrc \
		$(sed -n 's/^#define \([A-Z0-9_]*\) 1$/-D\1/p' "$here/config.h") --template='{file}:{line}: {id}: {message}' src 2>&1
}
gcc_analyzer() {
	# shellcheck disable=SC2086
	printf '%s\n' $sources | xargs -P "$(nproc)" -I '{}' gcc $flags -O1 -fanalyzer -S -o /dev/null '{}' 2>&1 |
		sed -n 's/^\(src[^:]*:[0-9]*\):[0-9]*: warning: \(.*\) \[\(CWE-[0-9]*\] \[\)\{0,1\}-W\([^]]*\)\]$/\1: \4: \2/p'
}
shell_check() {
	# SC2154: not set here are those that a file read by "." sets, and the loop's own of a trap
	find bootstrap .ci/run doc tests \( -name '*.sh' -o -name bootstrap -o -name run \) -type f | sort | xargs shellcheck -S warning -e SC2154 -f gcc |
		sed -n 's/^\([^:]*:[0-9]*\):[0-9]*: [a-z]*: \(.*\) \[\(SC[0-9]*\)\]$/\1: \3: \2/p'
}

failed=0
for tool in clang-tidy cppcheck gcc shellcheck; do
	command -v $tool >/dev/null || { echo "$tool: not installed, left out"; continue; }
	case $tool in
	clang-tidy) clang_tidy ;;
	cppcheck) cpp_check ;;
	gcc) gcc_analyzer ;;
	shellcheck) shell_check ;;
	esac | sort -u >"$found/all"
	# explained: TOOL FILE CHECK REASON
	awk -v tool=$tool '
		NR == FNR { if ($1 == tool) known[$2 " " $3] = 1; next }
		{ file = $1; sub(/:.*/, "", file); check = $2; sub(/:$/, "", check); if ((file " " check) in known) used[file " " check] = 1; else print }
		END { for (k in known) if (!(k in used)) print "not found: " k >"/dev/stderr" }' tests/static/explained "$found/all" >"$found/new" 2>"$found/old"
	echo "$tool: $(wc -l <"$found/all") findings, $(wc -l <"$found/new") of them not explained"
	cat "$found/new"
	sed 's/^not found: /explained, but no longer found: /' "$found/old"
	[ ! -s "$found/new" ] || failed=1
done
exit $failed
