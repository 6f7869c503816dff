# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by the guest tests and by the session that runs them.
#
# A test says `ok NAME: what`, `not ok NAME: what: why` or `skip NAME: why`,
# any number of times, and ends with exit 0; everything else it says is read
# only when it failed.

aosctl=/add/appliance/sbin/aosctl
modules=/add/appliance/modules
etc=/add/appliance/etc
images=/add/images
guest=/add/guest
debug=/sys/kernel/debug/hijack
test=${TEST:-${0##*/}}
: "${SLOW:=1}"				# everything takes so many times longer
PATH=/add/bin:$PATH
work=/tmp/$test

ok() { echo "ok $test: $*"; }
fail() { echo "not ok $test: $*"; }
skip() { echo "skip $test: $*"; }

# Gives up: what was to come cannot be right any more.
die() { fail "$@"; exit 99; }

short() { tr '\n' ' ' | tail -c 300; }

# check WHAT COMMAND...: the command must succeed.
check() {
	what=$1
	shift
	if said=$("$@" 2>&1); then
		ok "$what"
	else
		fail "$what: status $?: $(echo "$said" | short)"
	fi
}

# refused WHAT PATTERN COMMAND...: it must fail, and say so in such words.
refused() {
	what=$1 words=$2
	shift 2
	if said=$("$@" 2>&1); then
		fail "$what: went through: $(echo "$said" | short)"
	elif echo "$said" | grep -qE -- "$words"; then
		ok "$what"
	else
		fail "$what: no '$words' in: $(echo "$said" | short)"
	fi
}

# equal WHAT WANTED FOUND
equal() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		fail "$1: wanted '$2', found '$3'"
	fi
}

now() { cut -d. -f1 /proc/uptime; }

# wait_for SECONDS COMMAND...: until it succeeds.
wait_for() {
	deadline=$(($(now) + $1 * SLOW + 1))
	shift
	while ! "$@" >/dev/null 2>&1; do
		[ "$(now)" -lt $deadline ] || return 1
		sleep 0.05
	done
}

not() { ! "$@"; }

# ---- the appliance ---------------------------------------------------------

up() { $aosctl up "$@" || die "aosctl up failed"; }

# down [NAME]: it must go, and before that each packet be in one counter.  A component
# alone, or one that does not answer any more, has nothing to be held against.
down() {
	unsettled=0
	for instance in ${1:-$(instances)}; do
		wait_for 5 instance_settled $instance || unsettled=1
		[ $unsettled = 0 ] ||
			fail "$instance, before down: $(accounted $work/counters.$instance | short)"
	done
	$aosctl down "$@" || die "aosctl down failed"
	return $unsettled
}

instances() { $aosctl status | sed -n 's/^\([^ :]*\): running.*/\1/p'; }

instance_settled() {
	$aosctl stats --raw $1 >$work/counters.$1 || return 0
	! grep -q '\.in_packets ' $work/counters.$1 || accounted $work/counters.$1
}

running() { $aosctl status "$1" | grep -q "^$1: running"; }

# start [OPTIONS] IMAGE: an AOS called test, without aosctl; its process is
# $starter.  Its interface, if it wants one, is there already.
start() {
	starter "$@" >$work/starter 2>&1 &
	starter=$!
	wait_for 20 booted test || die "starter $*: $(short <$work/starter)"
}

booted() { $aosctl stats --raw "$1" | grep -qx 'loader.booted 1'; }

# Ends it as an operator would.
stop() {
	stopper test || fail "stopping it"
	wait_for 10 ended || die "it does not end"
	wait $starter
	equal "it was stopped" "ended 256" "$(grep '^ended' $work/starter)"
}

ended() { ! kill -0 $starter 2>/dev/null; }

aos_pid() { $aosctl status $1 | sed -n 's/.* pid \([0-9]*\),.*/\1/p'; }

# The counters at this moment in a file, and one of them from there.
counters() { $aosctl stats --raw >"${1:-$work/counters}"; }
counter() { sed -n "s/^$1 //p" "${2:-$work/counters}"; }
gained() { # NAME BEFORE AFTER
	echo $(($(counter "$1" "$3") - $(counter "$1" "$2")))
}

# A configuration with changes: sed commands on the one that is shipped.
configure() { # FILE SED...
	file=$1
	shift
	cp $etc/boot.img $work/
	sed "$@" $etc/appliance.conf >"$file"
}

load_modules() {
	grep -q '^hijack ' /proc/modules || insmod $modules/hijack.ko || die "insmod hijack"
	grep -q '^cosnet ' /proc/modules || insmod $modules/cosnet.ko || die "insmod cosnet"
}

modules_gone() { ! grep -qE '^(hijack|cosnet) ' /proc/modules; }
module_free() { grep -qE "^$1 [0-9]+ 0 " /proc/modules; }

unload_modules() {
	for module in cosnet hijack; do
		grep -q "^$module " /proc/modules || continue
		wait_for 5 module_free $module
		rmmod $module || fail "rmmod $module"
	done
}

# All that hijack holds is given back, and every CPU is Linux's own: while the
# module is still loaded.
nothing_held() { ! grep -qv ' 0$' $debug/accounting; }
nothing_but_channels() { ! grep -v ^channels $debug/accounting | grep -qv ' 0$'; }
entries_at_boot() { ! grep -qv '^cpu [0-9]* boot' $debug/entry_points; }

# ---- FIFO processes --------------------------------------------------------

# Before a test lets a FIFO process have the AOS's CPU for long: this shell goes
# on to a CPU where none can starve it. Under PREEMPT_RT not even a sleep ends
# beside one, timers are a thread's work. On a machine with one CPU it gets half
# of it, not the twentieth that Linux usually keeps from FIFO processes, with
# which everything takes minutes.
beside_fifo() {
	if [ "$(nproc)" -gt 1 ]; then
		taskset -pc 0 $$ >/dev/null
		return
	fi
	fifo_share=$(cat $fifo_limit)
	trap 'echo $fifo_share >$fifo_limit' EXIT
	echo 500000 >$fifo_limit
}

fifo_limit=/proc/sys/kernel/sched_rt_runtime_us

# ---- accounting of packets -----------------------------------------------------

# accounted FILE: every packet between cosnet, vnic and lwip is in exactly one
# counter; prints what is not.
accounted() {
	awk -f $guest/accounted.awk "$1"
}

# kill_aos WHAT HANDS [NAME]: SIGKILL.  What cosnet has counted is left, and the pages that
# the components have: each packet is in one counter still, but for HANDS at most that
# a component had in hand just then (0: nothing was on its way).
kill_aos() {
	hold_totals "$1" $3
	kill -9 $victim
	wait_for 10 not kill -0 $victim || die "$1: the AOS does not end"
	check_totals "$1" $2 $aosctl stats --raw $3
}

# The two halves of it: before its end, of $victim, and after it. COMMAND says what the
# interface has counted.
hold_totals() { # WHAT [NAME]
	victim=$(aos_pid $2)
	totals $2 >$work/totals &
	totals=$!
	wait_for 5 grep -q holds $work/totals || die "$1: totals: $(short <$work/totals)"
}

check_totals() { # WHAT HANDS COMMAND...
	what=$1 most=$2
	shift 2
	kill $totals
	wait $totals
	if wait_for 5 totals_settled $most "$@"; then
		ok "$what: each packet is in one counter"
	else
		fail "$what: $(awk -v hands=$most -f $guest/accounted.awk $work/last | short)"
		grep -q '\.to_aos_packets' $work/last || fail "$what: no counters of the interface"
	fi
}

totals_settled() { # HANDS COMMAND...
	most=$1
	shift
	{ grep -v holds $work/totals; "$@"; } >$work/last
	grep -q '\.to_aos_packets' $work/last && awk -v hands=$most -f $guest/accounted.awk $work/last
}

hands=64	# two batches

# came BEFORE AFTER: to the device, whatever became of it.
came() {
	# (Those purged have been counted when they were put into the ring.)
	awk '/^cos0\.(to_aos_packets|to_linux_packets|drop_to_aos_)/ && $1 !~ /purged$/ {
		n += FNR == NR ? -$2 : $2
	} END { print n + 0 }' "$1" "$2"
}

# ---- tracing of drops ------------------------------------------------------------

tracing=/sys/kernel/tracing/instances/test	# of drops: what nobody reads is overwritten

# trace_drops [EVENT]: of cosnet, or of another.
trace_drops() {
	[ -d ${tracing%/*} ] || mount -t tracefs tracefs /sys/kernel/tracing || die "no tracefs"
	mkdir $tracing && echo 16384 >$tracing/buffer_size_kb || die "no instance of tracing"
	echo 1 >$tracing/events/${1:-cosnet/cosnet_drop}/enable || die "no trace point"
}

untrace_drops() {
	echo 0 >$tracing/events/enable
	rmdir $tracing || fail "tracing does not end"
}

# traced BEFORE AFTER [LINK TAKER]: each drop counted between the two has been traced, and
# no other.  TAKER takes from the ring of that link.
traced() {
	cp $tracing/trace $work/trace &&
		awk -v link=${3-cos0} -v taker=${4-vnic} -f $guest/traced.awk "$1" "$2" $work/trace
}

# Looks until nothing is on its way any more.
settled() {
	counters && accounted $work/counters
}

# Linux has said what it says by itself when a link comes up (multicast
# reports): what a test sends can be counted.
rest() { wait_for 20 quiet || die "Linux does not come to rest"; }
quiet() {
	counters $work/one && sleep 1.5 && counters $work/two &&
		[ "$(gained cos0.to_aos_packets $work/one $work/two)" = 0 ]
}

check_accounting() { # WHAT
	if wait_for 5 settled; then
		ok "$1"
	else
		fail "$1: $(accounted $work/counters | short)"
	fi
}

# ---- the machine: before and after -------------------------------------------------

machine_state() {
	echo "links $(ls /sys/class/net | tr '\n' ' ')"
	ip -4 route show table all | sed 's/^/route /'
	ip -6 route show table all | sed 's/^/route6 /'
	for file in /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/conf/*/rp_filter \
		/proc/sys/net/ipv6/conf/*/forwarding /proc/sys/net/ipv6/conf/*/accept_ra; do
		read -r value <$file
		echo "$file $value"
	done
	entries
}

machine_record() { machine_state >/run/machine; }

available() { sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo; }

# Prints what a test has left behind; nothing if it was tidy.
machine_compare() {
	modules_gone || echo "modules: $(grep -E '^(hijack|cosnet) ' /proc/modules | short)"
	for program in aosctl starter holder; do
		! pidof $program >/dev/null || echo "process: $program $(pidof $program)"
	done
	[ ! -e /run/aosctl ] || echo "/run/aosctl: $(ls /run/aosctl | short)"
	machine_state >/run/machine.now
	diff /run/machine /run/machine.now | grep '^[<>]'
}

mkdir -p "$work"
