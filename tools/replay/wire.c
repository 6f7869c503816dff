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

#include "clock.h"
#include "receive_room.h"
#include "wire.h"

#define FRAGMENTED_AT_A_TIME 64
#define REASSEMBLY_TIMEOUT (10 * NS_PER_S)
#define FRAMES_AT_A_TIME 256
#define ASK_EVERY (200 * NS_PER_MS)
#define BUFFER_WANTED (8 << 20)

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

/* Sending, with the moment of the first frame noted. */
struct sending {
	struct wire *wire;
	uint64_t tag, stamp;
};

static struct wire *wire_of(struct transport *t)
{
	return (struct wire *)t;
}

int wire_frame_write(struct wire *w, const uint8_t *frame, size_t size,
		     uint64_t tag)
{
	ssize_t n = send(w->fd, frame, size, 0);

	/*
	 * A refusal reports an earlier frame to a peer that was not there, and
	 * this one has not been sent. Try once more.
	 */
	if (n < 0 && errno == ECONNREFUSED) {
		w->counts[COUNT_REFUSED]++;
		kernel_stamps_failed(&w->stamps);
		n = send(w->fd, frame, size, 0);
	}
	if (n < 0) {
		int error = -errno;

		kernel_stamps_failed(&w->stamps);
		return error;
	}
	kernel_stamps_sent(&w->stamps, tag);
	w->counts[COUNT_FRAMES_OUT]++;
	return 0;
}

static int sending_emit(void *arg, const uint8_t *frame, size_t size)
{
	struct sending *s = arg;
	uint64_t tag = s->stamp ? TAG_NONE : s->tag;

	if (!s->stamp)
		s->stamp = clock_ns();
	return wire_frame_write(s->wire, frame, size, tag);
}

static int packet_write(struct wire *w, const struct address *from,
			const struct address *to, uint8_t protocol,
			const uint8_t *data, size_t size, uint64_t tag,
			uint64_t *stamp)
{
	const struct neighbour *hop = neighbour_hop(&w->neighbours,
						    to->family);
	struct sending sending = { .wire = w, .tag = tag };
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
		     size_t size, uint64_t tag, uint64_t *stamp)
{
	struct wire *w = wire_of(t);
	size_t whole = udp_build(w->outgoing, sizeof(w->outgoing), from, to,
				 payload, size);

	if (!whole)
		return -EMSGSIZE;
	return packet_write(w, &from->address, &to->address, PROTOCOL_UDP,
			    w->outgoing, whole, tag, stamp);
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
			    message, sizeof(message), TAG_NONE, stamp);
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
		wire_frame_write(w, frame, neighbour_ask(&w->neighbours, hop,
							 frame), TAG_NONE);
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

static int wire_receive(struct transport *t, struct message *m)
{
	struct wire *w = wire_of(t);
	ssize_t size;

	/* First these: the reply's way is split with their help. */
	if (kernel_stamps_take(&w->stamps, m))
		return 1;
	/* A flood of frames that are no message must not hold up sending. */
	for (int i = 0; i < FRAMES_AT_A_TIME; i++) {
		size = kernel_stamps_receive(&w->stamps, w->incoming,
					     sizeof(w->incoming), m);
		if (size < 0 && errno == ECONNREFUSED) {
			w->counts[COUNT_REFUSED]++;
			continue;
		}
		if (size < 0)
			return errno == EAGAIN || errno == EINTR ? 0 : -errno;
		if (wire_frame_take(w, w->incoming, (size_t)size, m))
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
	struct wire *w = wire_of(t);
	size_t n;

	for (n = 0; n < COUNT_KINDS && n < room; n++)
		out[n] = (struct transport_counter) { count_names[n],
						      w->counts[n] };
	if (n < room)
		out[n++] = (struct transport_counter) {
			COUNTER_DROPS, receive_room_drops(w->fd) };
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
	int error, fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t length;

	if (fd < 0)
		return -errno;
	/* A burst of replies must find room. */
	receive_room_ask(fd, BUFFER_WANTED);
	length = endpoint_sockaddr(&end, &address);
	if (!bind(fd, (struct sockaddr *)&address, length)) {
		end.port = peer;
		length = endpoint_sockaddr(&end, &address);
		if (!connect(fd, (struct sockaddr *)&address, length))
			return fd;
	}
	error = -errno;
	close(fd);
	return error;
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
	kernel_stamps_init(&w->stamps, w->fd, config->kernel_stamps);
	if (w->fd >= 0)
		return &w->transport;
	snprintf(error, error_size, "wire: UDP port %u of 127.0.0.1: %s - "
		 "give another LOCALPORT, to QEMU as well",
		 (unsigned int)config->local_port, strerror(-w->fd));
	wire_close(&w->transport);
	return NULL;
}
