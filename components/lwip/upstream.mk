# SPDX-License-Identifier: GPL-2.0-or-later
# The files of lwIP that we use, relative to its src/: one list for the
# component and for the tests.  What core/inet_chksum.c does checksum.c does here.
LWIP_UPSTREAM := \
	core/def.c core/init.c core/ip.c core/mem.c core/memp.c \
	core/netif.c core/pbuf.c core/stats.c core/udp.c \
	core/ipv4/icmp.c core/ipv4/ip4.c core/ipv4/ip4_addr.c core/ipv4/ip4_frag.c \
	core/ipv6/icmp6.c core/ipv6/inet6.c core/ipv6/ip6.c core/ipv6/ip6_addr.c \
	core/ipv6/ip6_frag.c core/ipv6/nd6.c
