# SPDX-License-Identifier: GPL-2.0-or-later
# Lines of `aosctl stats --raw`, OWNER.COUNTER VALUE: says which sums do not add up,
# and fails.  Owners are known by what they count: a link, vnic (or tunnel, which is in
# its place), lwip; there may be several of each.  A link that is gone takes its
# counters along.  Set hands to how many packets a killed AOS can have had in hand.

/^[^.]+\.dev\./ { next }
{
	dot = index($1, ".")
	owner = substr($1, 1, dot - 1)
	name = substr($1, dot + 1)
	all[name] += $2
	if (name ~ /^drop_/)
		drop[owner, name] = $2
}
name == "to_aos_packets" { links++ }
name == "rx_packets" { vnic[owner] }
name == "in_packets" { lwip[owner] }

function sort_drops(key, part) {
	for (key in drop) {
		split(key, part, SUBSEP)
		if (part[2] ~ /^drop_from_aos_/)
			from_aos += drop[key]
		else if (part[2] ~ /^drop_to_aos_/ && part[1] in vnic)
			tunnel += drop[key]
		else if (part[2] == "drop_to_aos_purged")
			purged += drop[key]
		else if (part[2] ~ /^drop_tx_/ && part[1] in vnic)
			out += drop[key]
		else if (part[1] in vnic)
			in_vnic += drop[key]
		else if (part[2] ~ /^drop_reply_/)
			unanswered += drop[key]
		else if (part[2] != "drop_out_restart" && part[1] in lwip)
			in_lwip += drop[key]
	}
}

function same(what, a, b) {
	if (a - b <= hands && b - a <= hands)
		return
	print what ": " a + 0 " and " b + 0
	wrong = 1
}

END {
	sort_drops()
	if (links)
		same("cosnet to vnic", all["to_aos_packets"], all["rx_packets"] + tunnel + purged)
	same("vnic to lwip", all["rx_packets"], all["in_packets"] + in_vnic)
	same("lwip's fates", all["in_packets"],
	     in_lwip + all["fragments_joined"] + all["fragments_held"] + all["udp_delivered"] +
	     all["icmp_replied"])
	same("udpapp's replies", all["udp_delivered"],
	     all["replies"] + all["replies_none"] + unanswered)
	same("lwip to vnic", all["out_packets"],
	     all["tx_packets"] + out + all["drop_out_restart"])
	if (links)
		same("vnic to cosnet", all["tx_packets"], all["from_aos_packets"] + from_aos)
	exit wrong
}
