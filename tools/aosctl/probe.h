/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A packet as far as steering looks at it: from words of the command line, or from
 * a frame somebody recorded, which may hold anything.  Pure.
 */
#ifndef AOSCTL_PROBE_H
#define AOSCTL_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config.h"

struct probe {
	char dev[ABI_NAME_LEN];		/* it comes in here; "": this host sends it */
	bool to_us;			/* its frame is sent to that interface's address */
	int vlan;			/* outermost tag, or 0 */
	uint8_t family;			/* 4 or 6; 0: no IP packet */
	uint8_t src[16], dst[16];	/* network order; IPv4 uses the first four */
	uint8_t protocol;		/* what it carries behind IPv6's extension headers */
	bool fragment;			/* even the first */
	bool echo;			/* ICMP: an echo request */
	bool has_ports;			/* not where a fragment or its end hides them */
	uint16_t sport, dport;
	uint32_t length;		/* bytes, with the IP header */
};

/*
 * From `udp|tcp SRC:PORT DST:PORT` or `icmp SRC DST`, IPv6 addresses with ports in
 * brackets, and then `dev IF`, `vlan N`, `length N`, in any order.  NULL, or what is wrong
 * with which word.
 */
const char *probe_words(struct probe *probe, char *const *words, int n);

/* From a recorded packet that begins with its IP header; false: it is none. */
bool probe_packet(struct probe *probe, const uint8_t *packet, size_t size);

/* From a recorded Ethernet frame; own: the interface's address, or NULL: any. */
bool probe_frame(struct probe *probe, const uint8_t *frame, size_t size,
		 const uint8_t *own);

/* "udp 10.5.0.2:4000 > 10.9.0.1:7".  PROBE_TEXT bytes. */
#define PROBE_TEXT 192
const char *probe_text(const struct probe *probe, char *text);

#endif
