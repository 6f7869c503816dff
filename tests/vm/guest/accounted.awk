# SPDX-License-Identifier: GPL-2.0-or-later
# Lines of `aosctl stats --raw`: says which sums do not add up, and fails.

{ split($1, part, "."); value[$1] = $2 }
part[1] == "cos0" && part[2] ~ /^drop_from_aos_/ { from_drops += $2 }
part[1] == "vnic" && part[2] ~ /^drop_tx_/ { tx_drops += $2 }
part[1] == "vnic" && part[2] ~ /^drop_/ && part[2] !~ /^drop_tx_/ { vnic_drops += $2 }
part[1] == "lwip" && (part[2] ~ /^drop_/ || part[2] ~ /^fragments_/) { fates += $2 }

function same(what, a, b) {
	if (a == b)
		return
	print what ": " a " and " b
	wrong = 1
}

END {
	same("cosnet to vnic", value["cos0.to_aos_packets"], value["vnic.rx_packets"])
	same("vnic to lwip", value["vnic.rx_packets"], value["lwip.in_packets"] + vnic_drops)
	same("lwip's fates", value["lwip.in_packets"],
	     fates + value["lwip.udp_delivered"] + value["lwip.icmp_replied"])
	same("udpapp's replies", value["lwip.udp_delivered"],
	     value["lwip.replies"] + value["lwip.replies_none"] + value["lwip.replies_invalid"] +
	     value["lwip.replies_no_buffer"] + value["lwip.replies_failed"] +
	     value["lwip.replies_restart"])
	same("lwip to vnic", value["lwip.out_packets"],
	     value["vnic.tx_packets"] + tx_drops + value["lwip.out_restart"])
	same("vnic to cosnet", value["vnic.tx_packets"],
	     value["cos0.from_aos_packets"] + from_drops)
	exit wrong
}
