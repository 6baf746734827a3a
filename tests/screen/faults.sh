#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# faults: the screen where calls fail: memory runs out at any allocation of a tour through all screens, the disk is full at any byte of
# what is saved, calls are interrupted or short. It ends by itself, and the terminal is as it was; what is saved is whole or not there, and
# that is said. FAULTS=all (make check-faults) tries each place, else a sample is.
program=$TOP_BUILDDIR/tests/faults/tcpwhy-faults
screen=$TOP_BUILDDIR/tests/screen/screen
if [ ! -x "$screen" ] || [ ! -x "$program" ]; then
	echo '1..0 # SKIP libvterm is not installed, or the linker knows no --wrap'
	exit 0
fi
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
step=115 sizes='0 2500'
[ "${FAULTS:-}" != all ] || step=1 sizes='0 1 100 1000 2500'

number=1000
script() { # DESCRIPTION: the next script, from standard input
	number=$((number + 1))
	{ echo "# $1"; cat; } >"$work/$number-$1.txt"
}

# --- memory ---
tour() { # ENVIRONMENT
	cat <<EOT
env $1
run {captures}/demo.pcapng
pause 200
blind r Enter Enter q T q V q e Esc q s Right q / r Enter f Enter C q S q ? q w Esc I > Q
signal TERM
exit any
EOT
}
# the program may write below the folder of its script alone
{ tour 'FAULT_COUNT={tmp}/count'; echo "shell cp {tmp}/count $work/count"; } >"$work/whole.txt"
TCPWHY=$program "$screen" -s "$work/whole.txt" >/dev/null
allocations=$(cat "$work/count" 2>/dev/null || echo 0)
rm -f "$work/whole.txt"
[ "$allocations" -gt 200 ] || { echo "Bail out! the tour makes only $allocations allocations"; exit 1; }
for after in '' +; do
	at=1
	while [ $at -le "$allocations" ]; do
		tour "FAULT=alloc:$at$after" | script "allocation-$at$after"
		at=$((at + step))
	done
done

# --- a full disk: NAME|the keys that lead to the prompt for a file's name; what is written ends beyond 2500 bytes ---
writes='flows|key w
ladder|key Enter;wait tcpwhy  Ladder;key e Enter
picture|key Enter;wait tcpwhy  Ladder;key e Down Down Enter
report|key e End Up Enter
json|key e End Enter'
for size in $sizes; do
	echo "$writes" >"$work/writes"
	while IFS='|' read -r name lines; do
		[ "$name$size" != ladder2500 ] || continue # a short one
		{
			printf 'env FAULT=disk:%s\nrun {captures}/demo.pcapng\nwait 1 of 15\n' "$size"
			echo "$lines" | tr ';' '\n'
			printf 'wait Enter writes\nkey ^U\ntype {tmp}/%s\nkey Enter\nwait File too large\n' "$name"
			printf 'shell test -z "$(find {tmp} -name "%s*")"\nkey Esc Esc\nkey Q\nexit 0\n' "$name"
		} | script "disk-$size-$name"
	done <"$work/writes"
	script "disk-$size-settings" <<EOT
shell mkdir -p {tmp}/settings/tcpwhy && { echo '# mine'; yes '# and a comment' | head -n 200; echo 'panel = no'; } >{tmp}/settings/tcpwhy/config
shell cp {tmp}/settings/tcpwhy/config {tmp}/before
env XDG_CONFIG_HOME={tmp}/settings
env FAULT=disk:$size
run {captures}/demo.pcapng
wait 1 of 15
key S
wait tcpwhy  Settings
key Down Down Down Down Space q
wait not kept: cannot write
shell cmp {tmp}/before {tmp}/settings/tcpwhy/config
shell test "\$(ls {tmp}/settings/tcpwhy)" = config
key Q
exit 0
EOT
done

# --- calls that are interrupted, or do only a part: these scripts go as ever ---
for how in eintr short; do
	for name in kept ladder save stdin summary; do
		{ echo "env FAULT=$how"; sed "s|{tmp}|{tmp}/$how|g; 1s|^|shell mkdir -p {tmp}/$how\n|" "$TOP_SRCDIR/tests/screen/scripts/$name.txt"; } |
			script "$how-$name"
	done
done
TCPWHY=$program "$screen" -s "$work"/*.txt
