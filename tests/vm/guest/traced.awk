# SPDX-License-Identifier: GPL-2.0-or-later
# traced.awk -v link=LINK -v taker=COMPONENT BEFORE AFTER TRACE - says which drop counters
# have grown by another number than the trace has drops, and which traced drops lack their
# packet; fails then.  With drops_untold it is their sum that must be right.  Without
# a link, what a process tells is not looked at.

BEGIN {
	split("to_aos from_aos", a)
	for (i in a)
		owner["at=" a[i]] = link
	split("vnic vnic_out translator", b)
	for (i in b)
		owner["at=" b[i]] = taker
	split("lwip reply lwip_out", c)
	for (i in c)
		owner["at=" c[i]] = "lwip"
}
FNR == 1 { file++ }
file < 3 && $1 ~ /\.drop_/ { grown[$1] += file == 1 ? -$2 : $2 }
file < 3 && $1 ~ /\.drops_untold$/ { untold += file == 1 ? -$2 : $2 }
file == 3 && / (cosnet|translator)_drop: / {
	sub(/.* (cosnet|translator)_drop: /, "")
	sub(/n=/, "", $4)
	who = $5 == "by=process" ? link : owner[$3]
	if (who)
		grown[who "." $2] -= $4
	if ($3 == "at=lwip" && ($5 ~ /\?/ || $7 !~ /^bytes=[46]/))
		bare[$2] = $0
}
END {
	for (name in grown) {
		more += grown[name]
		if (grown[name] && !untold) {
			print name ": " grown[name] " more counted than traced"
			wrong = 1
		}
	}
	if (untold && more != untold) {
		print more " more counted than traced, but " untold " untold"
		wrong = 1
	}
	for (reason in bare) {
		print "without its packet: " bare[reason]
		wrong = 1
	}
	exit wrong
}
