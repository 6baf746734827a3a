#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# completions: what each shell that is installed makes of a command line that is begun. zsh completes only on a terminal: it gets one.
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
ln -s "$TCPWHY" "$work/bin/tcpwhy"
PATH=$work/bin:$PATH
scripts=$TOP_SRCDIR/completions
export PATH scripts work
cd "$TOP_SRCDIR/captures" || exit 99
n=0

# What is begun, and what it becomes.
cat >"$work/lines" <<'EOF'
--expl	--explain
--explain refused-clo	--explain refused-closed-port
--explain=refused-clo	--explain=refused-closed-port
--fail-on any,refused-clo	--fail-on any,refused-closed-port
-e confi	-e confidence:
-e !durat	-e !duration=
--color ne	--color never
-i l	-i lo
-r demo.pc	-r demo.pcapng
EOF

in_bash() {
	# shellcheck disable=SC2016
	bash --norc -c '. "$scripts/bash/tcpwhy"
		while IFS="	" read -r begun _; do
			COMP_LINE="tcpwhy $begun" COMP_POINT=$((${#begun} + 7))
			_tcpwhy tcpwhy
			word=${begun##*[ ]}
			[[ $word == -*=* ]] && COMPREPLY=("${COMPREPLY[@]/#/${word%%=*}=}")
			echo "${begun%"$word"}${COMPREPLY[*]}"
		done <"$work/lines"'
}

in_fish() {
	# shellcheck disable=SC2016
	HOME=$work fish --no-config -c 'source $scripts/fish/tcpwhy.fish
		while read -l -d \t begun wanted
			set -l words (string split " " -- $begun)
			echo (string join " " -- $words[1..-2] (complete -C "tcpwhy $begun" | string replace -r "\t.*" ""))
		end <$work/lines'
}

# zsh's own line editor says what is in its buffer after Tab; what it adds to be taken off again (space, comma, =) does not count.
in_zsh() {
	cat >"$work/drive" <<'EOF'
zmodload zsh/zpty
zpty -b shell zsh -f -i
zpty -w shell 'PS1=; stty -echo; fpath=($scripts/zsh $fpath); autoload -U compinit; compinit -u -D; unsetopt beep
said() { print -r -- "$BUFFER" >>$work/said; zle kill-whole-line }; zle -N said; bindkey "^T" said'
: >$work/said
wanted=0
while IFS=$'\t' read -r begun completed; do
	(( wanted++ ))
	zpty -n -w shell "tcpwhy $begun"$'\t\C-t'
	for (( tries = 0; tries < 200 && $(wc -l <$work/said) < wanted; tries++ )); do
		zpty -rt shell nothing
		sleep 0.05
	done
done <$work/lines
zpty -d shell
EOF
	zsh -f "$work/drive" >/dev/null 2>&1
	sed 's/^tcpwhy //; s/[ ,]$//; s/^--explain=$/--explain/' "$work/said"
}

for shell in bash zsh fish; do
	if ! command -v $shell >/dev/null; then
		n=$((n + 1))
		echo "ok $n - $shell # SKIP $shell is not installed"
		continue
	fi
	in_$shell >"$work/$shell"
	exec 3<"$work/$shell"
	while IFS='	' read -r begun wanted; do
		IFS= read -r got <&3
		n=$((n + 1))
		if [ "$got" = "$wanted" ]; then echo "ok $n - $shell: $begun"; else echo "not ok $n - $shell: $begun became $got, not $wanted"; fi
	done <"$work/lines"
done
echo "1..$n"
