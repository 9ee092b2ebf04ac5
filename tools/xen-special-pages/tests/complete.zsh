# SPDX-License-Identifier: GPL-2.0-only
# complete.zsh COMPLETION LINE - the words that zsh offers at the end of LINE, one a line.
# A zsh with a terminal of its own completes; what it would show is caught at compadd.
zmodload zsh/zpty || exit 77
completion=$1 line=$2 out=$(mktemp -d) || exit 1
trap 'rm -rf $out' EXIT
cp $completion $out/_xen-special-pages

zpty -b shell "exec env HOME=$out TERM=dumb zsh -f -i"
zpty -w shell "PS1= RPS1= fpath=($out \$fpath) out=$out"
zpty -w shell 'autoload -Uz compinit && compinit -u -D
	setopt no_beep no_list_beep
	compadd() {
		local -a found
		if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
			builtin compadd "$@"
			return
		fi
		builtin compadd -O found "$@"
		(( $#found )) && print -l -- $found >>$out/words
		builtin compadd "$@"
	}
	finish() { print done >>$out/done }
	zle -N finish
	bindkey "^X" finish
	print ready >$out/ready'

# wait_for FILE - a minute at most.
wait_for() {
	local tries=1200
	until [[ -e $out/$1 ]]; do
		(( tries-- )) || exit 1
		sleep 0.05
	done
}
wait_for ready
zpty -w -n shell "$line"$'\t\C-X'
wait_for done
zpty -d shell
[[ ! -e $out/words ]] || sort -u $out/words
