# SPDX-License-Identifier: GPL-2.0-or-later
# traced.awk BEFORE AFTER TRACE - says which drop counters have grown by another number
# than the trace has drops, and which traced drops lack their packet; fails then.
# The appliance's own names: cos0, vnic, lwip.

BEGIN {
	split("to_aos cos0 from_aos cos0 vnic vnic vnic_out vnic lwip lwip reply lwip lwip_out lwip", w)
	for (i = 1; i in w; i += 2)
		owner["at=" w[i]] = w[i + 1]
}
FNR == 1 { file++ }
file < 3 && $1 ~ /\.drop_/ { grown[$1] += file == 1 ? -$2 : $2 }
file == 3 && $0 ~ / cosnet_drop: / {
	sub(/.* cosnet_drop: /, "")
	sub(/n=/, "", $4)
	grown[owner[$3] "." $2] -= $4
	if ($3 == "at=lwip" && ($5 ~ /\?/ || $7 !~ /^bytes=[46]/))
		bare[$2] = $0
}
END {
	for (name in grown)
		if (grown[name]) {
			print name ": " grown[name] " more counted than traced"
			wrong = 1
		}
	for (reason in bare) {
		print "without its packet: " bare[reason]
		wrong = 1
	}
	exit wrong
}
