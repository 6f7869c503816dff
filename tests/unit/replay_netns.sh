#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# replay_netns.sh BIN - replay and udp_echo (both in BIN) in two network
# namespaces joined by a veth pair:
#
#	this namespace  10.98.0.1, fd98::1  <-- veth -->  10.98.0.2, fd98::2  echo
#
# Ends with 'N passed, M failed'; where no namespace can be made, all is skipped.

set -u
bin=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
pcap=$root/tests/data/mixed.pcap
both=(--to 10.98.0.2 --to '[fd98::2]:7')
cases='both_families kernel_stamps two_captures comparison other_pcap other_address silence interrupted
	results_refused results_full report_unread hung_up reading_interrupted'

# Alone in namespaces of our own, once there are any.
if [[ ${2-} != inside ]]; then
	if ! unshare -rn true 2>/dev/null; then
		echo "no network namespace can be made here"
		echo "0 passed, 0 failed, $(wc -w <<<"$cases") skipped"
		exit
	fi
	exec unshare -rn --kill-child --fork "$0" "$bin" inside
fi

work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$work"' EXIT

wire_up() {
	ip link set lo up
	ip link add here type veth peer name there
	unshare -n sleep 600 &
	far=$!
	# until it is in a namespace of its own
	while [[ $(readlink /proc/$far/ns/net) == "$(readlink /proc/self/ns/net)" ]]; do
		sleep 0.05
	done
	ip link set there netns $far
	ip addr add 10.98.0.1/24 dev here
	ip -6 addr add fd98::1/64 dev here nodad
	ip link set here up
	nsenter -t $far -n sh -c 'ip link set lo up; ip addr add 10.98.0.2/24 dev there
		ip addr add 10.98.0.3/24 dev there; ip -6 addr add fd98::3/64 dev there nodad
		ip -6 addr add fd98::2/64 dev there nodad; ip link set there up'
	nsenter -t $far -n "$bin/udp_echo" 7 &
	echo_pid=$!
	nsenter -t $far -n "$bin/udp_echo" 8 &
}

replay() { # OPTION...
	"$bin/replay" --socket --wait 10 --no-progress --json "$work/json" "$@" >"$work/report"
}

# How often the JSON says so.
json() { # PATTERN
	grep -cE "$1" "$work/json"
}

both_families() {
	replay "${both[@]}" --speed 10 --limit 1000 "$pcap" &&
		(($(json '"verified": 1000,') == 1)) && grep -q '^result.*PASS' "$work/report"
}

# veth stamps what it sends and what it takes; on a busy machine a stamp may be refused.
kernel_stamps() {
	replay "${both[@]}" --rate 300/s --limit 300 --warm-up 100 "$pcap" &&
		grep -qE 'kernel time stamps .*, of (1[5-9][0-9]|200) of 200;' "$work/report"
}

two_captures() {
	replay --pcap "$pcap" --to 10.98.0.2 --pcap "$pcap" --to '[fd98::2]:8' --limit 200 \
		--speed 5 && (($(json '"verified": 200,') == 2)) &&
		grep -q '^stream .*2: .* to \[fd98::2\]:8' "$work/report"
}

comparison() {
	replay "${both[@]}" --compare 10.98.0.2:8 --compare '[fd98::2]:8' --rate 500 \
		--limit 300 --loop 2 --csv "$work/csv" "$pcap" &&
		(($(json '"verified": 600,') == 2)) &&
		(($(wc -l <"$work/csv") == 1201)) && grep -qE '^    p99\.9 .* [0-9.]+$' "$work/report"
}

# The service answers from the address it was asked at, its host's first or not.
other_address() {
	replay --to 10.98.0.3 --to '[fd98::3]:7' --speed max --limit 100 "$pcap" &&
		(($(json '"verified": 100,') == 1))
}

# Through a pipe, as from tcpdump -w -.
other_pcap() {
	replay --to 10.98.0.2 --speed max --loop 3 - <"$pcap" && (($(json '"verified": 9066,') == 1))
}

silence() {
	kill -STOP "$echo_pid"
	"$bin/replay" --socket "${both[@]}" --speed max --limit 20 --timeout 300 --no-progress \
		"$pcap" >"$work/report"
	local status=$?
	kill -CONT "$echo_pid"
	((status == 1)) && grep -q 'nothing came back at all' "$work/report"
}

interrupted() {
	replay "${both[@]}" "$pcap" 2>"$work/errors" &
	local pid=$!
	sleep 3
	# the function runs in a shell of its own, and that one's child is meant
	kill -INT "$(ps -o pid= --ppid $pid)"
	wait $pid
	(($? == 1)) && (($(json '"complete": false') == 1)) && (($(json '"lost": 0') == 1)) &&
		grep -q 'PARTIAL' "$work/report" && grep -q interrupted "$work/errors"
}

# The terminal goes away: as above. With nohup it may.
hung_up() {
	local pid

	rm -f "$work/json"
	"$bin/replay" --socket "${both[@]}" --json "$work/json" "$pcap" >"$work/report" 2>&1 &
	pid=$!
	sleep 1
	kill -HUP $pid
	wait $pid
	(($? == 1)) && (($(json '"complete": false') == 1)) || return 1
	(
		trap '' HUP
		exec "$bin/replay" --socket "${both[@]}" --rate 100 --limit 200 "$pcap" >"$work/report"
	) &
	pid=$!
	sleep 1
	kill -HUP $pid
	wait $pid
}

# A capture that comes slowly, or is endless, can be left.
reading_interrupted() {
	(head -c 50000 "$pcap"; exec sleep 10) | "$bin/replay" --socket "${both[@]}" - \
		>"$work/report" 2>"$work/errors" &
	sleep 0.5
	kill -INT $!
	wait $!
	(($? == 1)) && [[ ! -s $work/report ]] &&
		grep -q -- '-: interrupted after [1-9][0-9]* packets' "$work/errors"
}

# A place for results that is no good is told before anything is sent; what is there stays.
results_refused() {
	local option

	: >"$work/report"
	echo mine >"$work/old"
	for option in --json=$work/no/file --csv=$work/no/file --json=$work --plot=$work/old \
			--plot=$work/no/folder; do
		timeout 10 "$bin/replay" --socket "${both[@]}" --rate 1 --json "$work/old" "$option" \
			"$pcap" >"$work/report" 2>"$work/errors"
		(($? == 2)) && [[ ! -s $work/report ]] && grep -q "${option#*=}: .* - give a" \
			"$work/errors" || return 1
	done
	[[ $(cat "$work/old") == mine ]]
}

# What cannot be written is said, and the rest is there.
results_full() {
	local kind

	for kind in json csv; do
		"$bin/replay" --socket "${both[@]}" --speed max --limit 40 --$kind /dev/full \
			"$pcap" >"$work/report" 2>"$work/errors"
		(($? == 1)) && grep -q '^result.*PASS' "$work/report" &&
			grep -q 'full: No space left on device - not saved' "$work/errors" || return 1
	done
	"$bin/replay" --socket "${both[@]}" --speed max --limit 40 --json "$work/json" "$pcap" \
		>/dev/full 2>"$work/errors"
	(($? == 1)) && grep -q 'standard output: No space left' "$work/errors" &&
		(($(json '"complete": true') == 1)) || return 1
	! "$bin/replay" --dry-run "$pcap" >/dev/full 2>&1
}

# Nobody reads the report to its end: all else is saved nevertheless.
report_unread() {
	rm -f "$work/json"
	"$bin/replay" --socket "${both[@]}" --speed max --limit 400 --worst 400 --json "$work/json" \
		"$pcap" 2>"$work/errors" | :
	((PIPESTATUS[0] == 1)) && grep -q 'output: Broken pipe' "$work/errors" &&
		(($(json '"passed": true') == 2))
}

wire_up
passed=0 failed=0
for name in $cases; do
	if $name; then
		((++passed))
	else
		((++failed))
		echo "FAIL  replay_netns: $name"
		sed 's/^/      /' "$work/report"
	fi
done
echo "$passed passed, $failed failed"
((!failed))
