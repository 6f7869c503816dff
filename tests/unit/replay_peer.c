// SPDX-License-Identifier: GPL-2.0-or-later
/* A host at the other end of the wire. */
#include "replay_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bytes.h"
#include "clock.h"
#include "icmp.h"
#include "neighbour.h"
#include "reassembly.h"

/* All that the peer knows; one process, one peer. */
struct host {
	struct replay_peer faults;
	int fd;
	unsigned int replies;
	struct sources own4, own6;	/* its addresses, in the tool's terms */
	struct neighbours neighbours4, neighbours6;
	struct frame_link link;
	struct reassembly *reassembly;
};

static int frame_out(void *arg, const uint8_t *frame, size_t size)
{
	struct host *h = arg;

	/* The tool may have gone; nobody minds. */
	(void)!send(h->fd, frame, size, 0);
	return 0;
}

static bool nth(unsigned int n, const struct host *h)
{
	return n && h->replies % n == 0;
}

static void packet_out(struct host *h, const uint8_t *mac,
		       const struct ip_packet *to, const uint8_t *data,
		       size_t size)
{
	frame_send(&h->link, mac, &to->destination, &to->source, to->protocol,
		   data, size, frame_out, h);
}

/* The MAC to answer to: what the tool said about itself when asked. */
static const uint8_t *mac_of(struct host *h, const struct ip_packet *ip)
{
	struct neighbours *n = ip->source.family == 4 ? &h->neighbours4 :
							&h->neighbours6;
	struct neighbour *hop = neighbour_hop(n, ip->source.family);
	uint8_t frame[FRAME_MIN * 2];

	if (hop->known && address_equal(&hop->address, &ip->source))
		return hop->mac;
	hop->address = ip->source;
	hop->known = false;
	frame_out(h, frame, neighbour_ask(n, hop, frame));
	return NULL;
}

static void udp_answer(struct host *h, const uint8_t *mac,
		       const struct ip_packet *ip)
{
	static uint8_t out[TRANSPORT_MAX], payload[TRANSPORT_MAX];
	struct endpoint from = { ip->destination, 0 }, to = { ip->source, 0 };
	struct udp_packet udp;
	size_t size;

	if (udp_parse(ip->payload, ip->length, &udp) != PACKET_OK ||
	    !transport_checksum_ok(ip, ip->payload, ip->length))
		return;
	h->replies++;
	if (nth(h->faults.lose, h))
		return;
	from.port = udp.destination;
	to.port = nth(h->faults.stray, h) ? 9 : udp.source;
	memcpy(payload, udp.payload, udp.length);
	/* Changed before the checksum is made: only the content tells. */
	if (nth(h->faults.alter, h) && udp.length)
		payload[udp.length - 1] ^= 1;
	size = udp_build(out, sizeof(out), &from, &to, payload, udp.length);
	if (nth(h->faults.spoil_checksum, h))
		out[6] ^= 0x55;
	packet_out(h, mac, ip, out, size);
	if (nth(h->faults.repeat, h))
		packet_out(h, mac, ip, out, size);
}

static void ping_answer(struct host *h, const uint8_t *mac,
			const struct ip_packet *ip)
{
	bool four = ip->source.family == 4;
	uint8_t out[ICMP_ECHO_SIZE];

	if (h->faults.deaf_ping || ip->length != sizeof(out) ||
	    ip->payload[0] != (four ? 8 : 128))
		return;
	memcpy(out, ip->payload, sizeof(out));
	out[0] = four ? 0 : 129;
	put16(out + 2, 0);
	if (four)
		put16(out + 2, checksum_fold(checksum_add(0, out,
							  sizeof(out))));
	else
		icmp6_seal(out, sizeof(out), &ip->destination, &ip->source);
	packet_out(h, mac, ip, out, sizeof(out));
}

static void ip_answer(struct host *h, const uint8_t *frame, size_t size)
{
	uint8_t reply[FRAME_MIN * 2];
	struct ip_packet ip, whole;
	uint64_t tag = 0;
	const uint8_t *mac;
	size_t answer;

	if (ip_parse(frame + ETHERNET_HEADER, size - ETHERNET_HEADER, &ip) !=
	    PACKET_OK || !ip.checksum_ok)
		return;
	if (ip.protocol == PROTOCOL_ICMP6 && !ip.fragment) {
		answer = neighbour_discovery(&h->neighbours6, frame, &ip,
					     reply);
		if (answer)
			frame_out(h, reply, answer);
		if (ip.payload[0] >= 135)
			return;
	}
	if (ip.fragment) {
		if (reassembly_add(h->reassembly, &ip, clock_ns(), &tag,
				   &whole) != REASSEMBLY_COMPLETE)
			return;
		ip = whole;
	}
	mac = mac_of(h, &ip);
	if (!mac)
		return;		/* the first packet is lost to the question */
	if (ip.protocol == PROTOCOL_UDP)
		udp_answer(h, mac, &ip);
	else
		ping_answer(h, mac, &ip);
}

static void frame_answer(struct host *h, const uint8_t *frame, size_t size)
{
	uint8_t reply[FRAME_MIN * 2];
	size_t answer;

	if (size < ETHERNET_HEADER)
		return;
	if (get16(frame + 12) != TYPE_ARP) {
		ip_answer(h, frame, size);
		return;
	}
	answer = neighbour_arp(&h->neighbours4, frame, size, reply);
	if (answer)
		frame_out(h, reply, answer);
}

static void host_init(struct host *h, const struct replay_peer *p, int fd)
{
	memset(h, 0, sizeof(*h));
	h->faults = *p;
	h->fd = fd;
	h->own4.count = h->own6.count = 1;
	address_parse(PEER4, &h->own4.base4);
	address_parse(PEER6, &h->own6.base6);
	mac_parse(PEER_MAC, h->link.source);
	h->link.mtu = 1500;
	h->neighbours4.own = &h->own4;
	h->neighbours6.own = &h->own6;
	memcpy(h->neighbours4.mac, h->link.source, 6);
	memcpy(h->neighbours6.mac, h->link.source, 6);
	h->reassembly = reassembly_new(16, NS_PER_S);
}

static void host_run(const struct replay_peer *p, int fd)
{
	static struct host h;
	static uint8_t frame[65536];
	ssize_t size;

	host_init(&h, p, fd);
	for (;;) {
		size = recv(fd, frame, sizeof(frame), 0);
		if (size > 0)
			frame_answer(&h, frame, (size_t)size);
	}
}

void peer_room(int fd)
{
	int room = 8 << 20;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
}

/* A socket on any free port of 127.0.0.1. */
static int port_take(uint16_t *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	peer_room(fd);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) ||
	    getsockname(fd, (struct sockaddr *)&address, &size))
		abort();
	*port = ntohs(address.sin_port);
	return fd;
}

void peer_start(struct replay_peer *p)
{
	struct sockaddr_in tool = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = port_take(&p->port), other = port_take(&p->tool_port);

	close(other);
	tool.sin_port = htons(p->tool_port);
	if (connect(fd, (struct sockaddr *)&tool, sizeof(tool)))
		abort();
	p->pid = fork();
	if (p->pid == 0) {
		/* A test that dies takes its peer along. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		host_run(p, fd);
	}
	close(fd);
}

void peer_stop(struct replay_peer *p)
{
	kill(p->pid, SIGKILL);
	waitpid(p->pid, NULL, 0);
}
