// SPDX-License-Identifier: GPL-2.0-or-later
/* Small captures for tests, written through libpcap to a temporary file. */
#ifndef REPLAY_PCAP_H
#define REPLAY_PCAP_H

#include <pcap/pcap.h>
#include <stddef.h>
#include <stdint.h>

struct replay_pcap {
	char path[64];
	pcap_t *dead;
	pcap_dumper_t *dumper;
};

void pcap_begin(struct replay_pcap *p, int link_type);

/* One packet at @us, of which only @kept bytes are recorded. */
void pcap_packet(struct replay_pcap *p, uint64_t us, const uint8_t *data,
		 size_t size, size_t kept);

/* One UDP datagram as Ethernet frames, fragmented for an MTU of 1500. */
void pcap_udp(struct replay_pcap *p, uint64_t us, const char *from,
	      const char *to, const void *payload, size_t size);

void pcap_end(struct replay_pcap *p);

/* Removes the file. */
void pcap_remove(struct replay_pcap *p);

#endif
