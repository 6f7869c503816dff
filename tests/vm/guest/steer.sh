# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by the steer tests.  Three hosts in one machine:
#
#   client                this one                          backup
#   c0  10.5.0.2 ------ v0  10.5.0.1    w0  10.6.0.1 ------ b0  10.6.0.2
#       fd00:5::2           fd00:5::1       fd00:6::1           fd00:6::2
#   c0.5 10.5.5.2 ----- v0.5 10.5.5.1 (VLAN 5)              10.9.0.1, fd00:9::1
#
# The client reaches 10.9.0.0/24 and fd00:9::/64 through this one, where the
# AOS has the .1 of each.  The backup has the same addresses, and is where Linux
# sends what it gets itself: so the answer tells who got the packet.

client() { ip netns exec client "$@"; }
backup() { ip netns exec backup "$@"; }

four=10.9.0.1
six=fd00:9::1

who() { client udp who "$@"; }		# ADDRESS PORT SIZE
soon_who() { PATIENCE=$SLOW client udp who "$@"; }	# nothing may come

pair() { # OURS NAMESPACE THEIRS NUMBER
	ip link add $1 type veth peer name $3
	ip link set $3 netns $2
	ip addr add 10.$4.0.1/24 dev $1
	ip addr add fd00:$4::1/64 dev $1 nodad
	ip link set $1 up
	ip netns exec $2 ip addr add 10.$4.0.2/24 dev $3
	ip netns exec $2 ip addr add fd00:$4::2/64 dev $3 nodad
	ip netns exec $2 ip link set $3 up
	ip netns exec $2 ip link set lo up
	ip netns exec $2 ip route add default via 10.$4.0.1
	ip netns exec $2 ip -6 route add default via fd00:$4::1
	# XDP sees frames as they are: checksums and tags must be in them.
	ip netns exec $2 ethtool -K $3 tx off tso off gso off txvlan off >/dev/null 2>&1
}

vlan() { # LINK ADDRESS [COMMAND PREFIX]
	link=$1 address=$2
	shift 2
	"$@" ip link add link $link name $link.5 type vlan id 5
	"$@" ip addr add $address/24 dev $link.5
	"$@" ip link set $link.5 up
}

serve() { # ADDRESS PORT
	ip netns exec backup udp serve $1 $2 backup >/dev/null 2>&1 &
	servers="$servers $!"
}

# Linux tells of a new interface's groups at once, not when exact counters are read.
reports=/proc/sys/net/ipv6/conf/default/mldv2_unsolicited_report_interval

network() {
	servers=
	echo 1 >$reports
	ip netns add client
	ip netns add backup
	pair v0 client c0 5
	pair w0 backup b0 6
	vlan v0 10.5.5.1
	vlan c0 10.5.5.2 client
	backup ip addr add $four/32 dev lo
	backup ip addr add $six/128 dev lo nodad
	for port in 7 6666; do
		serve $four $port
		serve $six $port
	done
}

network_gone() {
	echo 1000 >$reports
	[ -z "$servers" ] || kill $servers 2>/dev/null
	wait
	for link in v0 w0; do
		ip link del $link
	done
	ip netns del client
	ip netns del backup
}

# Linux's own way to the appliance's addresses.
backup_routes() { # add | del
	ip route $1 10.9.0.0/24 via 10.6.0.2
	ip -6 route $1 fd00:9::/64 via fd00:6::2
}

# steering RULES FILE: the shipped configuration with these rules.
steering() {
	configure "$2" '/steering = (/,/);/c steering = ( '"$(echo "$1" | tr '\n' ' ')"' );'
}

# WHAT: an AOS at rest that crashed: its process is gone, and nobody has cleared up.
crash() { kill_aos "$1" 0; }

# "packets" of flow N.
hits() { $aosctl flows -j | sed -n "/\"id\": $1,/,/}/s/.*\"packets\": \([0-9]*\).*/\1/p"; }

# What a counter of the device has gained since the crash.
lost() { echo $(($(device $1) - $(cat $work/$1))); }
note() { device $1 >$work/$1; }

device() { ethtool -S cos0 | sed -n "s/^ *$1: //p"; }
