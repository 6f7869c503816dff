// SPDX-License-Identifier: GPL-2.0-or-later
/* Small captures for tests. */
#include "replay_pcap.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "frame.h"

struct writing {
	struct replay_pcap *pcap;
	uint64_t us;
};

void pcap_begin(struct replay_pcap *p, int link_type)
{
	int fd;

	snprintf(p->path, sizeof(p->path), "/tmp/test_replay.XXXXXX");
	fd = mkstemp(p->path);
	if (fd < 0)
		abort();
	p->dead = pcap_open_dead(link_type, 262144);
	p->dumper = pcap_dump_fopen(p->dead, fdopen(fd, "wb"));
}

void pcap_packet(struct replay_pcap *p, uint64_t us, const uint8_t *data,
		 size_t size, size_t kept)
{
	struct pcap_pkthdr header = {
		.ts = { (time_t)(us / 1000000), (suseconds_t)(us % 1000000) },
		.caplen = (bpf_u_int32)kept, .len = (bpf_u_int32)size,
	};

	pcap_dump((u_char *)p->dumper, &header, data);
}

static int frame_record(void *arg, const uint8_t *frame, size_t size)
{
	struct writing *w = arg;

	pcap_packet(w->pcap, w->us, frame, size, size);
	return 0;
}

void pcap_udp(struct replay_pcap *p, uint64_t us, const char *from,
	      const char *to, const void *payload, size_t size)
{
	static uint32_t id = 7;
	struct frame_link link = { .source = { 2, 0, 0, 0, 0, 1 },
				   .mtu = 1500, .next_id = id++ };
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 2 };
	struct writing writing = { p, us };
	struct endpoint source, destination;
	uint8_t datagram[TRANSPORT_MAX];
	size_t whole;

	if (!endpoint_parse(from, 1, &source) ||
	    !endpoint_parse(to, 1, &destination))
		abort();
	whole = udp_build(datagram, sizeof(datagram), &source, &destination,
			  payload, size);
	if (!whole || frame_send(&link, mac, &source.address,
				 &destination.address, PROTOCOL_UDP, datagram,
				 whole, frame_record, &writing) < 0)
		abort();
}

void pcap_end(struct replay_pcap *p)
{
	pcap_dump_close(p->dumper);
	pcap_close(p->dead);
}

void pcap_remove(struct replay_pcap *p)
{
	unlink(p->path);
}
