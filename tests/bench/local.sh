# SPDX-License-Identifier: GPL-2.0-or-later
# What needs no network: measured alike in the VM and on real hardware. Sourced by `guest` and
# `hardware`, whose variables it uses:
#	kit		directory with bin and etc, as programs.sh makes them
#	appliance	directory with sbin and modules
#	out		where the figures go: samples/METRIC.METHOD, summaries/METRIC.METHOD, log
#	rounds		of an operation
#	groups		of rows that are wanted
#	on		words before a program that puts it onto the AOS's CPU; none where there is one CPU

aosctl=$appliance/sbin/aosctl
modules=$appliance/modules
samples=$out/samples
summaries=$out/summaries

say() { echo "   $*"; }
up() { "$aosctl" up -c "$kit/etc/$1.conf" --modules "$modules" >/dev/null; }
down() { "$aosctl" down >/dev/null; }

wanted() { # GROUP
	case " $groups " in
	*" $1 "*) return 0 ;;
	esac
	return 1
}

# Until the command succeeds; a minute at most.
await() {
	tries=0
	until "$@" >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ $tries -lt 600 ] || { say "in vain: $*"; return 1; }
		sleep 0.1
	done
}

counted() { # COUNTER: of a component that is done
	"$aosctl" stats --raw | grep -qx "$1 1"
}

modules_up() {
	for module in hijack cosnet; do
		grep -q "^$module " /proc/modules || insmod "$modules/$module.ko"
	done
}

# ---- what Linux pays

linux_in() { # STATE
	say "Linux's own operations, modules $1"
	$on "$kit/bin/linux" getpid >"$samples/getpid.$1"
	$on "$kit/bin/linux" read $rounds >"$samples/read.$1"
	$on "$kit/bin/linux" page_fault $rounds >"$samples/page_fault.$1"
	$on "$kit/bin/linux" context_switch $rounds >"$samples/context_switch.$1"
	$on "$kit/bin/linux" fork_exec $(((rounds + 1) / 2)) >"$samples/fork_exec.$1"
	$on "$kit/bin/linux" job $((rounds / 10)) >"$samples/job.$1"
}

# The first of all groups: before it there are no modules.
linux() {
	linux_in absent
	modules_up
	linux_in loaded
	up translator
	linux_in idle
	down
}

under_filter() { ! grep -qx 'filtered_threads 0' /sys/kernel/debug/hijack/accounting; }

# Beside a process under a filter of system calls, and under one; as many calls
# as the log has room for.
filter() {
	kmux=$appliance/sbin/kmux
	say "getpid() under a filter"
	$on "$kmux" run --deny mkdir -- sleep 1000 &
	await under_filter
	$on "$kit/bin/linux" getpid >"$samples/getpid.beside"
	kill $!
	wait $! || :
	$on "$kmux" run --deny mkdir -- "$kit/bin/linux" getpid >"$samples/getpid.allowed"
	$on "$kmux" run --deny mkdir --log-calls getpid -- \
		"$kit/bin/linux" getpid 4000 >"$samples/getpid.logged"
	$on "$kmux" run --deny getpid -- "$kit/bin/linux" getpid 4000 >"$samples/getpid.refused"
}

# ---- a sleeper is told

ipc() {
	say "pipe, eventfd, futex"
	for method in pipe eventfd futex; do
		$on "$kit/bin/ipc" $method $rounds >"$samples/event.$method"
		$on "$kit/bin/ipc" $method $rounds 60 >"$samples/event.${method}_urgent"
	done
	for method in pipe_threads pipe_processes; do
		$on "$kit/bin/ipc" $method $rounds >"$samples/rpc.$method"
	done
}

# Processes and components over a translator channel.
translator() {
	say "a translator channel"
	up translator
	$on "$kit/bin/translator" left $rounds "$samples/event.translator_to_aos" \
		"$samples/event.translator_from_aos"
	# Once more to a receiver that is more urgent than the AOS; the way to the AOS is the same.
	$on "$kit/bin/translator" left $rounds /dev/null "$samples/event.translator_from_aos_urgent" 60
	down
}

# ---- the AOS, by the statistics of its components

# "result NAME FIGURES" of the log; each NAME:ROW has its line as a summary.
summarised() { # NAME:ROW...
	for name; do
		sed -n "s/^result ${name%%:*} //p" "$out/log" >"$summaries/${name#*:}"
	done
}

operations() {
	say "the AOS's operations"
	up operations
	await counted bench.done
	"$aosctl" log | sed -n 's/.*bench: \(result\|overhead\) /\1 /p' >"$out/log"
	down
	summarised null:system_call.aos_null invoke:invocation.aos wake:event_list.wake \
		signal:event_list.signal_and_back yield:event_list.yield_and_back
}

ring_to_ring() { # METHOD <LOG
	sed -n 's/.*result \([0-9_]*\) /\1 /p' | while read -r name figures; do
		echo "$figures" >"$summaries/ring_to_ring_$name.$1"
	done
}

# What isolation costs: see components/feeder.
isolation() {
	say "isolation"
	$on "$kit/bin/one_program" 2>&1 | ring_to_ring one_program
	up isolation
	await counted feeder.done
	"$aosctl" log | grep 'feeder: result ' | ring_to_ring aos
	down
}

mkdir -p "$samples" "$summaries"
