#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# man: the manual pages are well formed, and tcpwhy(1) tells of every option.
. "$TOP_SRCDIR/tests/tap.sh"

for page in "$TOP_SRCDIR"/man/*.[1-8]; do
	if ! command -v mandoc >/dev/null; then
		n=$((n + 1))
		echo "ok $n - $(basename "$page") # SKIP mandoc is not installed"
		continue
	fi
	said=$(mandoc -T lint -W warning "$page" 2>&1)
	[ -z "$said" ] || echo "$said" | sed 's/^/# /'
	[ -z "$said" ]
	result $? "mandoc finds nothing in $(basename "$page")"
done
for option in $("$TCPWHY" --list=options | cut -f1,2); do
	flag=$(echo "$option" | sed 's/^--/Fl Fl /; s/^-/Fl /')
	grep -q "^\.It .*$flag\>" "$TOP_SRCDIR/man/tcpwhy.1"
	result $? "tcpwhy(1) tells of $option"
done
# Every setting but the keys, which --dump-config lists, stands in tcpwhyrc(5); its examples are settings that the program takes.
for setting in $("$TCPWHY" --dump-config | sed -n '/^key\./d; s/^\([a-z.]*\) =.*/\1/p'); do
	grep -q "^\.\(It \)*Ic .*\<$(echo "$setting" | sed 's/\./\\./')\>" "$TOP_SRCDIR/man/tcpwhyrc.5"
	result $? "tcpwhyrc(5) tells of $setting"
done
config=$(mktemp -d) || exit 99
trap 'rm -rf "$config"' EXIT
mkdir "$config/tcpwhy"
sed -n '/^\.Bd -literal/,/^\.Ed/p' "$TOP_SRCDIR/man/tcpwhyrc.5" | grep -v '^\.' >"$config/tcpwhy/config"
XDG_CONFIG_HOME=$config "$TCPWHY" --dump-config >"$config/out" && grep -q '^sort = resets' "$config/out"
result $? 'the examples of tcpwhyrc(5) are taken'
# Every field of the report's contract stands in its section of tcpwhy-report(5).
missing=$(awk '
	FNR == NR && $1 == ".Ss" { section = $2 }
	FNR == NR && $1 == ".It" && $2 == "Va" { told[section, $3] = 1 }
	FNR == NR || /^#/ || /^same/ || NF == 0 { next }
	$1 == "type" { section = $2; next }
	{ fields++; sub(/\?$/, "", $1); if (!((section, $1) in told)) print section "." $1 }
	END { if (fields < 80) print "only " fields + 0 " fields in the schema" }' \
	"$TOP_SRCDIR/man/tcpwhy-report.5" "$TOP_SRCDIR/tests/contract/report.schema")
[ -z "$missing" ] || echo "$missing" | sed 's/^/# not told: /'
[ -z "$missing" ]
result $? 'tcpwhy-report(5) tells of every field of the report'
for form in man md; do
	case $form in
	man) page=man/tcpwhy-resets.7 ;;
	md) page=doc/resets.md ;;
	esac
	sh "$TOP_SRCDIR/doc/make-resets.sh" $form | cmp -s - "$TOP_SRCDIR/$page"
	result $? "$page is what the program's table says (make resets)"
done
echo "1..$n"
