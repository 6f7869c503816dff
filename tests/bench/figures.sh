# SPDX-License-Identifier: GPL-2.0-or-later
# From what came out of a boot to RAW/samples, RAW/summaries and RAW/events. Of tests/bench/run,
# whose variables it uses: $scratch is a folder of this boot's.

figures() { # RAW
	mkdir -p "$1"/{samples,summaries,events}
	# 14 numbers of 8 bytes each: struct vector in events/events.c
	od -An -w112 -t u8 "$1/regions" >"$scratch/vectors"
	rm "$1/regions"
	! chosen delivery || deliveries "$1"
	! chosen load || beside_loads "$1"
	! chosen polling || polling "$1"
	! chosen echoes || echoes "$1"
	events "$1"
}

# ---- an invocation's parts

# What an invocation is made of, by the plugin's count of the way it always takes.
invocation_parts() { # RAW
	local length ring0 cr3 times
	[[ -s $1/events/invocation.aos ]] || return 0
	read -r length ring0 cr3 _ <"$1/events/invocation.aos"
	times=$(awk '{ print $1 }' "$1/summaries/invocation.aos")
	constant "$times" $((ring0 - cr3)) >"$1/summaries/invocation_part.system_calls"
	constant "$times" "$cr3" >"$1/summaries/invocation_part.page_tables"
	constant "$times" $((length - overhead - ring0)) >"$1/summaries/invocation_part.stubs"
}

constant() { # TIMES VALUE: a summary
	echo "$1 $2 0 $2 $2 $2 $2 $2 $2 $2"
}

# ---- delivery: from stamps to latencies

# Each stamp (lines "STAMP") less the beginning of the gap it lies in.  What came before
# gaps was ready lies in none.  An interrupt of the trace is a gap that lasts until the next.
since_interrupt() { # GAPS <STAMPS
	awk 'BEGIN { n = k = 0 }
		$1 == "irq" { last[n - 1] = first[n] = $2; last[n++] = 2 ^ 62; next }
		$1 == "gap" { first[n] = $2; last[n++] = $3; next }
		FILENAME == "-" {
			while (k < n && last[k] < $1)
				k++
			if (k < n && first[k] < $1)
				printf "%d\n", $1 - first[k]
		}' "$1" -
}

# The receiver's own stamps.
received() { # RAW NAME ROW
	awk '$1 == "recv" { print $2 }' "$1/gaps/$2" | since_interrupt "$1/gaps/$2" >"$1/samples/$3"
}

# The AOS's, in the replies of its time service: lines "aos NAME PUBLISHED TAKEN".
taken() { # RAW NAME ROW [TO_RING FROM_RING]
	cat "$1"/replies.* | awk -v name="$2" '$1 == "aos" && $2 == name' >"$scratch/run"
	awk '{ print $4 }' "$scratch/run" | since_interrupt "$1/gaps/$2" >"$1/samples/$3"
	(($# > 3)) || return 0
	awk '{ print $3 }' "$scratch/run" | since_interrupt "$1/gaps/$2" >"$1/samples/$4"
	awk '{ print $4 - $3 }' "$scratch/run" >"$1/samples/$5"
}

deliveries() { # RAW
	local card mode
	for card in "${cards[@]}"; do
		received "$1" $card.route delivery_$card.recv
		received "$1" $card.redirect delivery_$card.recv_beside_redirect
		received "$1" $card.xdp delivery_$card.recv_beside_xdp
		received "$1" $card.tun delivery_$card.tun
		received "$1" $card.af_xdp delivery_$card.af_xdp
		for mode in "${modes[@]}" proxy; do
			taken "$1" $card.$mode delivery_$card.$mode \
				to_ring_$card.$mode from_ring_$card.$mode
		done
	done
}

beside_loads() { # RAW
	local load mode
	for load in idle cpu memory disk network; do
		received "$1" $load.route beside_$load.recv
		received "$1" $load.redirect beside_$load.recv_beside_redirect
		received "$1" $load.xdp beside_$load.recv_beside_xdp
		received "$1" $load.tun beside_$load.tun
		received "$1" $load.af_xdp beside_$load.af_xdp
		for mode in "${modes[@]}"; do
			taken "$1" $load.$mode beside_$load.$mode
		done
	done
}

# recv() is from a run beside an AOS that sleeps.
polling() { # RAW
	local card mode
	for card in "${cards[@]}"; do
		received "$1" sleeping_$card.route polling_$card.recv
		for mode in "${modes[@]}"; do
			taken "$1" polling_$card.$mode polling_$card.$mode
		done
	done
}

# ---- echoes: what the CPU was taken away for, from one note of a train's end to the next

burst=16	# as in guest
train=8		# bursts, as in send.c
warm_up=5	# as in send.c

busy() { # GAPS
	awk -v warm="$warm_up" '$1 == "recv" { noted = 1; n++ }
		$1 == "gap" {
			sum += $3 - $2
			if (noted && n > warm)
				print sum
			if (noted)
				sum = noted = 0
		}' "$1"
}

# Less what the note itself costs, per datagram.
echoes() { # RAW
	local gaps name empty
	for gaps in "$1"/gaps/echo_{e1000,virtio}.*; do
		name=${gaps##*/echo_}		# CARD.SIZE.METHOD
		[[ $name != *.empty ]] || continue
		empty=$(busy "$1/gaps/echo_${name%%.*}.64.empty" | middle)
		busy "$gaps" | awk -v empty="$empty" -v datagrams=$((burst * train)) \
			'{ print ($1 > empty) ? ($1 - empty) / datagrams : 0 }' \
			>"$1/samples/echo_${name/./_}"
	done
}

# ---- expensive events

# "FIRST LAST" address of a component's text, in decimal.
text_of() { # IMAGE COMPONENT
	local range
	range=$(awk -v name="$2" '$1 == "component" { here = $3 == name }
		here && $1 == "text" { print $2; exit }' "$root/build/images/$1.map")
	echo $((${range%-*})) $((${range#*-}))
}

# Length and events of the most frequent region of that length between two readings
# of the counter, from one program or component to another.
events_of() { # LENGTH FROM FROM_END TO TO_END
	awk -v length_="$1" -v from="$2" -v from_end="$3" -v to="$4" -v to_end="$5" '
		NF == 14 && $4 == length_ && $1 >= from && $1 < from_end &&
			$2 >= to && $2 < to_end && $3 > times { times = $3; $1 = $2 = $3 = ""; found = $0 }
		END { if (times) print found }' "$scratch/vectors"
}

middle() { # <SAMPLES
	sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

median() { # RAW ROW
	if [[ -s $1/summaries/$2 ]]; then
		awk '{ print $5 }' "$1/summaries/$2"
	elif [[ -s $1/samples/$2 ]]; then
		middle <"$1/samples/$2"
	fi
}

# LONGER: by so much the region is longer than the figure, which is without the readings.
row_events() { # RAW ROW LONGER FROM FROM_END TO TO_END
	local length
	length=$(median "$1" "$2")
	[[ -n $length ]] || return 0
	events_of $((length + $3)) "${@:4}" >"$scratch/found"
	[[ ! -s $scratch/found ]] || cp "$scratch/found" "$1/events/$2"
}

events() { # RAW
	local row overhead programs=($((0x400000)) $((0x900000))) bench udpapp
	read -ra bench <<<"$(text_of test-bench bench)"
	read -ra udpapp <<<"$(text_of appliance udpapp)"
	overhead=$(sed -n 's/^overhead //p' "$1/log" 2>/dev/null) || overhead=4
	for row in system_call.aos_null invocation.aos event_list.{wake,signal_and_back,yield_and_back}; do
		row_events "$1" $row "$overhead" "${bench[@]}" "${bench[@]}"
	done
	invocation_parts "$1"
	for row in getpid.{absent,loaded,idle} read.{absent,loaded,idle} page_fault.{absent,loaded,idle}; do
		row_events "$1" $row 4 "${programs[@]}" "${programs[@]}"
	done
	for row in event.{pipe,eventfd,futex}{,_urgent} rpc.pipe_{threads,processes}; do
		row_events "$1" $row 0 "${programs[@]}" "${programs[@]}"
	done
	for row in delivery_{e1000,virtio}.{recv{,_beside_redirect,_beside_xdp},tun,af_xdp}; do
		row_events "$1" $row 0 "${programs[@]}" "${programs[@]}"
	done
	for row in delivery_{e1000,virtio}.{route,redirect,xdp}; do
		row_events "$1" $row 0 "${programs[@]}" "${udpapp[@]}"
	done
}
