# SPDX-License-Identifier: GPL-2.0-or-later
# Completion for aosctl; sourced by bash-completion, or by hand.

_aosctl_instances() {
	local file
	for file in /run/aosctl/*.state; do
		[[ ! -e $file ]] || basename "$file" .state
	done
}

# Numbers of flows, from the state files.
_aosctl_flows() {
	sed -n 's/^flow \([0-9]*\) .*/\1/p' /run/aosctl/*.state 2>/dev/null
}

# Components, and threads after their component's name.
_aosctl_subjects() {
	aosctl composition 2>/dev/null |
		awk '/^[^ ]/ { name = $1; print } $1 == "thread" { sub(":", "", $2); print name "." $2 }'
}

_aosctl_words() { # COMMAND
	case $1 in
	check) echo "-c --config -j --json" ;;
	up) echo "-c --config --modules --wait --foreground" ;;
	down) _aosctl_instances ;;
	reload) echo "-c --config" ;;
	status | flows | components | composition) echo "-j --json"; _aosctl_instances ;;
	stats) echo "-j --json --raw --explain --latency -w --watch"; _aosctl_instances ;;
	steer) echo "add del list -i --instance -j --json" ;;
	set) echo "-i --instance priority= period= budget= deadline= watchdog= restart.max= restart.within="; _aosctl_subjects ;;
	restart | stop) echo "-i --instance"; aosctl components 2>/dev/null | sed '1d; s/ .*//' ;;
	explain) echo "udp tcp icmp --pcap dev vlan length -i --instance -j --json" ;;
	capture) echo "-w -n --count -i --instance udp tcp icmp port host" ;;
	log) echo "-f --follow --component -j --json"; _aosctl_instances ;;
	doctor) echo "-c --config --modules -j --json" ;;
	version) echo "-j --json" ;;
	help) echo "$_aosctl_commands" ;;
	esac
}

_aosctl_commands="check up down reload status stats flows components composition set restart stop steer explain capture log doctor version help"

_aosctl() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local command=${COMP_WORDS[1]} words
	COMPREPLY=()
	if ((COMP_CWORD == 1)); then
		words=$_aosctl_commands
	else
		case $before in
		-c | --config | --pcap | add) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
		--modules) mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
		--component) words=$(aosctl components 2>/dev/null | sed '1d; s/ .*//') ;;
		-i | --instance) words=$(_aosctl_instances) ;;
		dev) words=$(ls /sys/class/net) ;;
		*) words=$(_aosctl_words "$command") ;;
		esac
		[[ $command != steer || " ${COMP_WORDS[*]} " != *" del "* ]] || words=$(_aosctl_flows)
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}

complete -F _aosctl aosctl
