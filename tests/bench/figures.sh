# SPDX-License-Identifier: GPL-2.0-or-later
# From what came out of a boot to RAW/samples, RAW/summaries and RAW/events. Of tests/bench/run,
# whose variables it uses.

figures() { # RAW
	mkdir -p "$1"/{samples,summaries,events}
	# 13 numbers of 8 bytes each: struct vector in events/events.c
	od -An -w104 -t u8 "$1/regions" >"$work/vectors"
	rm "$1/regions"
	! chosen operations || operations "$1"
	! chosen delivery || deliveries "$1"
	! chosen load || beside_loads "$1"
	! chosen polling || polling "$1"
	! chosen echoes || echoes "$1"
	events "$1"
}

# ---- the AOS's operations, by the component's own statistics

operations() { # RAW
	local name row
	for name in null:system_call.aos_null invoke:invocation.aos wake:event_list.wake \
		signal:event_list.signal_and_back yield:event_list.yield_and_back; do
		row=$(sed -n "s/^result ${name%:*} //p" "$1/log")
		[[ -z $row ]] || echo "$row" >"$1/summaries/${name#*:}"
	done
}

# ---- delivery: from stamps to latencies

# Each stamp (lines "STAMP") less the beginning of the gap it lies in.  What came before
# gaps was ready lies in none.
since_interrupt() { # GAPS <STAMPS
	awk '$1 == "gap" { first[n] = $2; last[n++] = $3; next }
		FILENAME == "-" {
			while (k < n && last[k] < $1)
				k++
			if (k < n && first[k] < $1)
				printf "%d\n", $1 - first[k]
		}' "$1" -
}

# The receiver's own stamps.
received() { # RAW CARD NAME METHOD
	awk '$1 == "recv" { print $2 }' "$1/gaps/$2.$3" | since_interrupt "$1/gaps/$2.$3" \
		>"$1/samples/delivery_$2.$4"
}

# The AOS's, in the replies of its time service: lines "aos PUBLISHED TAKEN" of the run.
taken() { # RAW CARD MODE RUN
	local gaps=$1/gaps/$2.$3 samples=$1/samples
	local replies=$1/replies.${2#polling_}
	[[ -e $replies ]] || replies=$1/replies.e1000
	awk -v run="$4" '$1 == "end" { n++ } $1 == "aos" && n == run' "$replies" >"$work/run"
	awk '{ print $3 }' "$work/run" | since_interrupt "$gaps" >"$samples/delivery_$2.$3"
	awk '{ print $2 }' "$work/run" | since_interrupt "$gaps" >"$samples/to_ring_$2.$3"
	awk '{ print $3 - $2 }' "$work/run" >"$samples/from_ring_$2.$3"
}

deliveries() { # RAW
	local card run
	for card in "${cards[@]}"; do
		received "$1" "$card" route recv
		received "$1" "$card" redirect recv_beside_redirect
		received "$1" "$card" xdp recv_beside_xdp
		received "$1" "$card" tun tun
		received "$1" "$card" af_xdp af_xdp
		for run in 0 1 2; do
			taken "$1" "$card" "${modes[run]}" $run
		done
	done
}

# The same runs beside each load, in the order of guest's; those of the cards came first.
beside_loads() { # RAW
	local load run=0
	! chosen delivery || run=5
	for load in idle cpu memory network; do
		received "$1" "$load" route recv
		received "$1" "$load" redirect recv_beside_redirect
		received "$1" "$load" af_xdp af_xdp
		taken "$1" "$load" route $run
		taken "$1" "$load" redirect $((run + 1))
		rename_loads "$1" "$load"
		run=$((run + 3))
	done
}

# For each card a run beside an AOS that sleeps, for recv(), then three with one that polls.
polling() { # RAW
	local card run sample
	for card in "${cards[@]}"; do
		run=0
		! chosen delivery || ((run += 5))
		! chosen load || [[ $card != e1000 ]] || ((run += 12))
		received "$1" "sleeping_$card" route recv
		mv "$1/samples/delivery_sleeping_$card.recv" "$1/samples/polling_$card.recv"
		for ((mode = 0; mode < 3; mode++)); do
			taken "$1" "polling_$card" "${modes[mode]}" $((run + 1 + mode))
		done
		for sample in "$1"/samples/delivery_polling_"$card".*; do
			mv "$sample" "${sample/delivery_/}"
		done
		rm "$1"/samples/{to,from}_ring_polling_"$card".*
	done
}

rename_loads() { # RAW LOAD
	local sample
	for sample in "$1"/samples/delivery_"$2".*; do
		mv "$sample" "${sample/delivery_/beside_}"
	done
	rm -f "$1"/samples/{to,from}_ring_"$2".*
}

# ---- echoes: what the CPU was taken away for, from one note of a burst's end to the next

burst=16	# as in guest
warm_up=50	# as in send.c

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
	empty=$(busy "$1/gaps/echo_64.empty" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }')
	for gaps in "$1"/gaps/echo_*; do
		name=$(basename "$gaps")
		[[ $name != *.empty ]] || continue
		busy "$gaps" | awk -v empty="$empty" -v burst=$burst \
			'{ print ($1 > empty) ? ($1 - empty) / burst : 0 }' >"$1/samples/$name"
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

# Length and events of the most frequent region of such a length between two readings
# of the counter, from one program or component to another.
events_of() { # LEAST MOST FROM FROM_END TO TO_END
	awk -v least="$1" -v most="$2" -v from="$3" -v from_end="$4" -v to="$5" -v to_end="$6" '
		NF == 13 && $4 >= least && $4 <= most && $1 >= from && $1 < from_end &&
			$2 >= to && $2 < to_end && $3 > times { times = $3; $1 = $2 = $3 = ""; found = $0 }
		END { if (times) print found }' "$work/vectors"
}

median() { # RAW ROW
	if [[ -s $1/summaries/$2 ]]; then
		awk '{ print $5 }' "$1/summaries/$2"
	elif [[ -s $1/samples/$2 ]]; then
		sort -n "$1/samples/$2" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
	fi
}

# README.md: SHORTER and SHORTEST: what the figure is longer than the region, at least and most.
row_events() { # RAW ROW SHORTER SHORTEST FROM FROM_END TO TO_END
	local length
	length=$(median "$1" "$2")
	[[ -n $length ]] || return 0
	events_of $((length - $4)) $((length - $3)) "${@:5}" >"$1/events/$2"
	[[ -s $1/events/$2 ]] || rm "$1/events/$2"
}

events() { # RAW
	local row overhead programs=($((0x400000)) $((0x900000))) bench udpapp
	read -ra bench <<<"$(text_of test-bench bench)"
	read -ra udpapp <<<"$(text_of appliance udpapp)"
	overhead=$(sed -n 's/^overhead //p' "$1/log" 2>/dev/null) || overhead=4
	for row in system_call.aos_null invocation.aos event_list.{wake,signal_and_back,yield_and_back}; do
		row_events "$1" $row -$overhead -$overhead "${bench[@]}" "${bench[@]}"
	done
	for row in getpid.{absent,loaded,idle} read.{absent,loaded,idle} page_fault.{absent,loaded,idle}; do
		row_events "$1" $row -4 -4 "${programs[@]}" "${programs[@]}"
	done
	for row in event.{pipe,eventfd,futex} rpc.pipe_{threads,processes}; do
		row_events "$1" $row 0 0 "${programs[@]}" "${programs[@]}"
	done
	for row in delivery_{e1000,virtio}.{recv{,_beside_redirect,_beside_xdp},tun,af_xdp}; do
		row_events "$1" $row 196 256 "${programs[@]}" "${programs[@]}"
	done
	for row in delivery_{e1000,virtio}.{route,redirect,xdp}; do
		row_events "$1" $row 196 256 "${programs[@]}" "${udpapp[@]}"
	done
}
