# SPDX-License-Identifier: GPL-3.0-or-later
# tap: what the tests written in shell say their results with. To be read with ".": no test by itself.
# shellcheck shell=sh disable=SC2034
n=0
result() { # STATUS DESCRIPTION
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}
