// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The wire: Ethernet frames, each in one UDP datagram over 127.0.0.1, as
 * QEMU's "-netdev dgram" wants them. We are one more host on that wire.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bytes.h"
#include "clock.h"
#include "neighbour.h"
#include "reassembly.h"
#include "transport.h"

#define FRAGMENTED_AT_A_TIME 64
#define REASSEMBLY_TIMEOUT (10 * NS_PER_S)
#define FRAMES_AT_A_TIME 256
#define ASK_EVERY (200 * NS_PER_MS)
#define BUFFER_WANTED (8 << 20)

enum wire_count {
	COUNT_FRAMES_OUT, COUNT_FRAMES_IN, COUNT_FRAGMENTED_OUT,
	COUNT_FRAGMENTS_IN, COUNT_RUNT, COUNT_FOREIGN, COUNT_BAD_IP,
	COUNT_BAD_CHECKSUM, COUNT_ICMP_ERROR, COUNT_REFUSED, COUNT_KINDS
};

static const char *const count_names[COUNT_KINDS] = {
	[COUNT_FRAMES_OUT] = "frames_sent",
	[COUNT_FRAMES_IN] = "frames_received",
	[COUNT_FRAGMENTED_OUT] = "datagrams_sent_in_fragments",
	[COUNT_FRAGMENTS_IN] = "fragments_received",
	[COUNT_RUNT] = "frames_too_short",
	[COUNT_FOREIGN] = "frames_not_for_us",
	[COUNT_BAD_IP] = "bad_ip_headers",
	[COUNT_BAD_CHECKSUM] = "bad_udp_checksums",
	[COUNT_ICMP_ERROR] = "icmp_errors_received",
	[COUNT_REFUSED] = "sends_refused_nobody_listens",
};

struct wire {
	struct transport transport;	/* first: the two are cast */
	int fd;
	struct sources sources;
	struct neighbours neighbours;
	struct frame_link link;
	struct reassembly *reassembly;
	uint64_t asked4, asked6;
	uint64_t counts[COUNT_KINDS];
	uint8_t incoming[65536];
	uint8_t outgoing[TRANSPORT_MAX];
};

/* Sending, with the moment of the first frame noted. */
struct sending {
	struct wire *wire;
	uint64_t stamp;
};

static struct wire *wire_of(struct transport *t)
{
	return (struct wire *)t;
}

static int frame_write(struct wire *w, const uint8_t *frame, size_t size)
{
	ssize_t n = send(w->fd, frame, size, 0);

	/*
	 * A refusal reports an earlier frame to a peer that was not there, and
	 * this one has not been sent. Try once more.
	 */
	if (n < 0 && errno == ECONNREFUSED) {
		w->counts[COUNT_REFUSED]++;
		n = send(w->fd, frame, size, 0);
	}
	if (n < 0)
		return -errno;
	w->counts[COUNT_FRAMES_OUT]++;
	return 0;
}

static int sending_emit(void *arg, const uint8_t *frame, size_t size)
{
	struct sending *s = arg;

	if (!s->stamp)
		s->stamp = clock_ns();
	return frame_write(s->wire, frame, size);
}

static int packet_write(struct wire *w, const struct address *from,
			const struct address *to, uint8_t protocol,
			const uint8_t *data, size_t size, uint64_t *stamp)
{
	const struct neighbour *hop = neighbour_hop(&w->neighbours,
						    to->family);
	struct sending sending = { .wire = w };
	int frames;

	if (!hop->known)
		return -EHOSTUNREACH;
	frames = frame_send(&w->link, hop->mac, from, to, protocol, data, size,
			    sending_emit, &sending);
	*stamp = sending.stamp;
	w->counts[COUNT_FRAGMENTED_OUT] += frames > 1;
	return frames < 0 ? frames : 0;
}

static int wire_send(struct transport *t, const struct endpoint *from,
		     const struct endpoint *to, const void *payload,
		     size_t size, uint64_t *stamp)
{
	struct wire *w = wire_of(t);
	size_t whole = udp_build(w->outgoing, sizeof(w->outgoing), from, to,
				 payload, size);

	if (!whole)
		return -EMSGSIZE;
	return packet_write(w, &from->address, &to->address, PROTOCOL_UDP,
			    w->outgoing, whole, stamp);
}

static int wire_ping(struct transport *t, const struct address *to,
		     struct icmp_echo echo, uint64_t *stamp)
{
	struct wire *w = wire_of(t);
	const struct address *from = to->family == 4 ? &w->sources.base4 :
						       &w->sources.base6;
	uint8_t message[ICMP_ECHO_SIZE];

	icmp_echo_build(message, from, to, echo);
	return packet_write(w, from, to,
			    to->family == 4 ? PROTOCOL_ICMP : PROTOCOL_ICMP6,
			    message, sizeof(message), stamp);
}

static int wire_prepare(struct transport *t, uint8_t family)
{
	struct wire *w = wire_of(t);
	struct neighbour *hop = neighbour_hop(&w->neighbours, family);
	uint64_t *asked = family == 4 ? &w->asked4 : &w->asked6;
	uint64_t now = clock_ns();
	uint8_t frame[FRAME_MIN * 2];

	if (hop->known)
		return 0;
	if (now - *asked >= ASK_EVERY) {
		*asked = now;
		/* Nobody there yet is no error: that is what waiting is for. */
		frame_write(w, frame, neighbour_ask(&w->neighbours, hop,
						    frame));
	}
	return -EAGAIN;
}

static int wire_open_source(struct transport *t, const struct endpoint *from,
			    const struct endpoint *to)
{
	(void)t;
	(void)from;
	(void)to;
	return 0;
}

static int udp_take(struct wire *w, const struct ip_packet *ip,
		    struct message *m)
{
	struct udp_packet udp;

	if (udp_parse(ip->payload, ip->length, &udp) != PACKET_OK) {
		w->counts[COUNT_BAD_IP]++;
		return 0;
	}
	m->kind = MESSAGE_UDP;
	if (!transport_checksum_ok(ip, ip->payload, ip->length)) {
		w->counts[COUNT_BAD_CHECKSUM]++;
		m->kind = MESSAGE_DAMAGED;
	}
	m->from = (struct endpoint) { ip->source, udp.source };
	m->to = (struct endpoint) { ip->destination, udp.destination };
	m->payload = udp.payload;
	m->length = udp.length;
	return 1;
}

static int icmp_take(struct wire *w, const uint8_t *frame,
		     const struct ip_packet *ip, struct message *m)
{
	uint8_t reply[FRAME_MIN * 2];
	size_t size;

	if (icmp_echo_reply(ip, &m->echo)) {
		m->kind = MESSAGE_PONG;
		m->from = (struct endpoint) { ip->source, 0 };
		return 1;
	}
	if (ip->protocol == PROTOCOL_ICMP6) {
		size = neighbour_discovery(&w->neighbours, frame, ip, reply);
		if (size)
			frame_write(w, reply, size);
	}
	/* "Unreachable" and "time exceeded": why a datagram never came back. */
	if (ip->length && (ip->protocol == PROTOCOL_ICMP ?
			   ip->payload[0] == 3 || ip->payload[0] == 11 :
			   ip->payload[0] >= 1 && ip->payload[0] <= 4))
		w->counts[COUNT_ICMP_ERROR]++;
	return 0;
}

/* Multicast is for us only as far as neighbour discovery goes. */
static bool packet_for_us(const struct wire *w, const struct ip_packet *ip)
{
	return sources_own(&w->sources, &ip->destination) ||
	       (ip->protocol == PROTOCOL_ICMP6 &&
		ip->destination.bytes[0] == 0xff);
}

static int packet_take(struct wire *w, const uint8_t *frame, size_t size,
		       struct message *m)
{
	struct ip_packet ip, whole;
	uint64_t tag = 0;

	if (ip_parse(frame + ETHERNET_HEADER, size - ETHERNET_HEADER, &ip) !=
	    PACKET_OK || !ip.checksum_ok) {
		w->counts[COUNT_BAD_IP]++;
		return 0;
	}
	if (!packet_for_us(w, &ip)) {
		w->counts[COUNT_FOREIGN]++;
		return 0;
	}
	if (ip.fragment) {
		w->counts[COUNT_FRAGMENTS_IN]++;
		if (reassembly_add(w->reassembly, &ip, m->stamp, &tag,
				   &whole) != REASSEMBLY_COMPLETE)
			return 0;
		ip = whole;
	}
	if (ip.protocol == PROTOCOL_UDP)
		return udp_take(w, &ip, m);
	if (ip.protocol == (ip.source.family == 4 ? PROTOCOL_ICMP :
						    PROTOCOL_ICMP6))
		return icmp_take(w, frame, &ip, m);
	w->counts[COUNT_FOREIGN]++;
	return 0;
}

static bool frame_for_us(const struct wire *w, const uint8_t *frame)
{
	return frame[0] & 1 || !memcmp(frame, w->link.source, 6);
}

static int frame_take(struct wire *w, const uint8_t *frame, size_t size,
		      struct message *m)
{
	uint8_t reply[FRAME_MIN * 2];
	size_t answer;

	w->counts[COUNT_FRAMES_IN]++;
	if (size < ETHERNET_HEADER) {
		w->counts[COUNT_RUNT]++;
		return 0;
	}
	if (!frame_for_us(w, frame)) {
		w->counts[COUNT_FOREIGN]++;
		return 0;
	}
	switch (get16(frame + 12)) {
	case TYPE_ARP:
		answer = neighbour_arp(&w->neighbours, frame, size, reply);
		if (answer)
			frame_write(w, reply, answer);
		return 0;
	case TYPE_IP4:
	case TYPE_IP6:
		return packet_take(w, frame, size, m);
	}
	w->counts[COUNT_FOREIGN]++;
	return 0;
}

static int wire_receive(struct transport *t, struct message *m)
{
	struct wire *w = wire_of(t);
	ssize_t size;

	/* A flood of frames that are no message must not hold up sending. */
	for (int i = 0; i < FRAMES_AT_A_TIME; i++) {
		size = recv(w->fd, w->incoming, sizeof(w->incoming),
			    MSG_DONTWAIT);
		if (size < 0 && errno == ECONNREFUSED) {
			w->counts[COUNT_REFUSED]++;
			continue;
		}
		if (size < 0)
			return errno == EAGAIN || errno == EINTR ? 0 : -errno;
		m->stamp = clock_ns();
		if (frame_take(w, w->incoming, (size_t)size, m))
			return 1;
	}
	return 0;
}

static int wire_descriptor(struct transport *t)
{
	return wire_of(t)->fd;
}

static size_t wire_counters(struct transport *t, struct transport_counter *out,
			    size_t room)
{
	size_t n;

	for (n = 0; n < COUNT_KINDS && n < room; n++)
		out[n] = (struct transport_counter) {
			count_names[n], wire_of(t)->counts[n] };
	return n;
}

static void wire_close(struct transport *t)
{
	struct wire *w = wire_of(t);

	if (w->fd >= 0)
		close(w->fd);
	reassembly_free(w->reassembly);
	free(w);
}

static const struct transport_ops wire_ops = {
	.prepare = wire_prepare,
	.open_source = wire_open_source,
	.send = wire_send,
	.ping = wire_ping,
	.receive = wire_receive,
	.descriptor = wire_descriptor,
	.counters = wire_counters,
	.close = wire_close,
};

/* Connected, so that nobody else on this machine can speak on our wire. */
static int wire_socket(uint16_t local, uint16_t peer)
{
	struct endpoint end = { { 4, { 127, 0, 0, 1 } }, local };
	struct sockaddr_storage address;
	int size = BUFFER_WANTED;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t length;

	if (fd < 0)
		return -errno;
	/* A burst of replies must find room; a wish, not a condition. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	length = endpoint_sockaddr(&end, &address);
	if (!bind(fd, (struct sockaddr *)&address, length)) {
		end.port = peer;
		length = endpoint_sockaddr(&end, &address);
		if (!connect(fd, (struct sockaddr *)&address, length))
			return fd;
	}
	size = -errno;
	close(fd);
	return size;
}

static void wire_configure(struct wire *w, const struct wire_config *config)
{
	w->transport.ops = &wire_ops;
	w->sources = *config->sources;
	w->neighbours.own = &w->sources;
	w->neighbours.hop4.address = config->gateway4;
	w->neighbours.hop6.address = config->gateway6;
	w->link.mtu = config->mtu;
	/* A fresh start, lest fragments of two runs are put together. */
	w->link.next_id = (uint32_t)clock_ns();
	memcpy(w->link.source, config->mac, 6);
	memcpy(w->neighbours.mac, config->mac, 6);
	if (config->peer_mac_given) {
		memcpy(w->neighbours.hop4.mac, config->peer_mac, 6);
		memcpy(w->neighbours.hop6.mac, config->peer_mac, 6);
		w->neighbours.hop4.known = w->neighbours.hop6.known = true;
	}
}

struct transport *wire_open(const struct wire_config *config, char *error,
			    size_t error_size)
{
	struct wire *w = calloc(1, sizeof(*w));

	if (w)
		w->reassembly = reassembly_new(FRAGMENTED_AT_A_TIME,
					       REASSEMBLY_TIMEOUT);
	if (!w || !w->reassembly) {
		snprintf(error, error_size, "out of memory for the wire");
		free(w);
		return NULL;
	}
	wire_configure(w, config);
	w->fd = wire_socket(config->local_port, config->peer_port);
	if (w->fd >= 0)
		return &w->transport;
	snprintf(error, error_size, "wire: UDP port %u of 127.0.0.1: %s - "
		 "give another LOCALPORT, to QEMU as well",
		 (unsigned int)config->local_port, strerror(-w->fd));
	wire_close(&w->transport);
	return NULL;
}
