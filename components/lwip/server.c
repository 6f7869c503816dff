/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * [R8][T2] UDP services.  Datagrams of a batch are collected in dgram_in,
 * each with a buffer for its reply; one invocation of udpapp answers them.
 * What must be right is kept here, never read back from a region; what
 * udpapp says in dgram_out is read once and checked.
 */
#include "aos.h"
#include "app/datagram.h"
#include "buffers.h"
#include "drops.h"
#include "fate.h"
#include "filter.h"
#include "lwip/ip.h"
#include "lwip/udp.h"
#include "ordering.h"
#include "server.h"
#include "tell.h"
#include "vnicif.h"

#define REPLY_TTL	64

struct pending {
	struct udp_pcb *pcb;
	struct netif *netif;
	ip_addr_t from, to;
	uint16_t port;
	uint32_t buf;		/* lent buffer for the reply */
	uint32_t room;		/* in it */
	uint8_t service;
	uint8_t packet;		/* of the batch: the one that made it whole */
};

#define COUNTERS(X)							\
	X(reassembled)		/* datagrams that came in fragments */	\
	X(replies)							\
	X(replies_long)		/* of these: from reply_copy */		\
	X(replies_none)		/* the service chose not to */

static struct {
	struct pending pending[RING_BATCH];
	uint32_t npending;
	uint8_t packet;		/* of the batch, being handled */
	uint32_t copied;	/* bytes of dgram_copy in use */
	uint16_t number[BOOTINFO_SERVICES];	/* callback arguments */
	struct pbuf_custom long_reply;
#define COUNTER_FIELD(name) struct counter *name;
	COUNTERS(COUNTER_FIELD)
	struct counter *drop[DROPS];
} server;

/* ---- datagrams ---- */

/*
 * A datagram that is not whole in the ring is put together in dgram_copy.  Only now is
 * its UDP header known to be right, which is just before the payload; of others
 * vnicif.c has asked that.
 */
static enum drop place(struct datagram *d, const struct pbuf *p, const ip_addr_t *from)
{
	uint8_t *copy = AOS_REGION(dgram_copy);
	enum drop drop;

	d->len = p->tot_len;
	d->place = DATAGRAM_IN_RING;
	if (vnicif_in_ring(p, &d->off))
		return DROP_NONE;
	drop = filter_udp((const uint8_t *)p->payload - UDP_HLEN, p->tot_len + UDP_HLEN,
			  IP_IS_V4(from) ? 4 : 6);
	if (drop)
		return drop;
	if (p->tot_len > DATAGRAM_COPY_BYTES - server.copied)
		return DROP_MEMORY;
	d->place = DATAGRAM_IN_COPY;
	d->off = server.copied;
	pbuf_copy_partial(p, copy + d->off, p->tot_len, 0);
	server.copied += p->tot_len;
	counter_inc(server.reassembled);
	return DROP_NONE;
}

/* Most payload that a packet of its own can carry. */
static uint32_t reply_room(const struct pending *pending, uint8_t family)
{
	uint32_t headers = UDP_HLEN + (family == 4 ? IP_HLEN : IP6_HLEN);
	uint32_t room = pending->netif->mtu - headers;

	return room < RING_BUF_SIZE - RING_TX_HEADROOM ? room
						       : RING_BUF_SIZE - RING_TX_HEADROOM;
}

/* lwIP keeps what an IPv4 address leaves over zero. */
static void describe(struct datagram *d, struct pending *pending)
{
	d->service = pending->service;
	d->family = IP_IS_V4_VAL(pending->from) ? 4 : 6;
	d->port = pending->port;
	d->pad = 0;
	d->reply_off = pending->buf * RING_BUF_SIZE + RING_TX_HEADROOM;
	d->reply_room = pending->room = reply_room(pending, d->family);
	memcpy(d->from, ip_2_ip6(&pending->from)->addr, sizeof(d->from));
	memcpy(d->to, ip_2_ip6(&pending->to)->addr, sizeof(d->to));
}

static uint32_t enqueue(struct udp_pcb *pcb, struct pbuf *p, uint16_t service,
			 const ip_addr_t *from, uint16_t port)
{
	struct datagram_in *in = AOS_REGION(dgram_in);
	struct datagram *d = &in->datagram[server.npending];
	struct pending *pending = &server.pending[server.npending];
	enum drop drop;
	int32_t buf;

	if (server.npending == RING_BATCH)
		return DROP_MEMORY;
	drop = place(d, p, from);
	if (drop)
		return drop;
	buf = buffer_take();
	if (buf < 0)
		return DROP_TX_BUFFERS;
	pending->pcb = pcb;
	pending->netif = ip_current_input_netif();
	pending->from = *from;
	pending->to = *ip_current_dest_addr();
	pending->port = port;
	pending->buf = (uint32_t)buf;
	pending->service = (uint8_t)service;
	pending->packet = server.packet;
	describe(d, pending);
	server.npending++;
	return FATE_QUEUED;
}

static void receive(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *from,
		    u16_t port)
{
	fate_set(enqueue(pcb, p, *(const uint16_t *)arg, from, port));
	pbuf_free(p);
}

/* ---- replies ---- */

static void drop_reply(enum drop why)
{
	counter_inc(server.drop[why]);
	tell_drop(why, DROP_AT_REPLY, 1);
}

static void reply_send(const struct pending *pending, struct pbuf *p)
{
	err_t err;

	buffers_answer(pending->service + 1, pending->packet);
	err = udp_sendto_if_src(pending->pcb, p, &pending->from, pending->port,
				pending->netif, &pending->to);
	buffers_answer(0, 0);
	if (err == ERR_OK)
		counter_inc(server.replies);
	else
		drop_reply(DROP_REPLY_FAILED);
	pbuf_free(p);
}

static void long_reply_freed(struct pbuf *p)
{
	(void)p;
}

/* All fragments or none: a datagram with a hole is of no use to anybody. */
static void reply_send_long(const struct pending *pending, uint32_t off, uint32_t len)
{
	uint32_t per_packet = (pending->room + UDP_HLEN - IP6_FRAG_HLEN) & ~7u;
	uint8_t *data = AOS_REGION(reply_copy);

	buffer_return(pending->buf);
	if ((len + UDP_HLEN) / per_packet + 1 > buffers_left()) {
		drop_reply(DROP_REPLY_BUFFERS);
		return;
	}
	counter_inc(server.replies_long);
	server.long_reply.custom_free_function = long_reply_freed;
	reply_send(pending, pbuf_alloced_custom(PBUF_RAW, (u16_t)len, PBUF_REF,
						&server.long_reply, data + off, (u16_t)len));
}

static bool reply_in_copy(const struct pending *pending, uint32_t off, uint32_t len)
{
	uint32_t most = UINT16_MAX - UDP_HLEN - (IP_IS_V4_VAL(pending->from) ? IP_HLEN : IP6_HLEN);

	return len <= most && off <= DATAGRAM_REPLY_BYTES && len <= DATAGRAM_REPLY_BYTES - off;
}

/* False: it lies where no reply can be. */
static bool reply(const struct pending *pending, int32_t len, uint32_t off)
{
	if (len >= 0 && (uint32_t)len <= pending->room) {
		reply_send(pending, vnicif_reply(pending->buf, (uint16_t)len));
	} else if (len >= 0 && reply_in_copy(pending, off, (uint32_t)len)) {
		reply_send_long(pending, off, (uint32_t)len);
	} else {
		buffer_return(pending->buf);
		if (len != DATAGRAM_NO_REPLY) {
			drop_reply(DROP_REPLY_INVALID);
			return false;
		}
		counter_inc(server.replies_none);
	}
	return true;
}

/* Datagrams that are whole in the ring lie in the buffer they came in. */
static void drop_pending(void)
{
	const struct datagram_in *in = AOS_REGION(dgram_in);
	uint32_t i;

	for (i = 0; i < server.npending; i++)
		if (in->datagram[i].place == DATAGRAM_IN_RING)
			fate_drop(DROP_APP, vnicif_buffer(in->datagram[i].off));
		else
			fate_count(DROP_APP, 1);
}

void server_begin(void)
{
	server.npending = 0;
	server.copied = 0;
}

void server_packet(uint8_t packet)
{
	server.packet = packet;
}

void server_answer(void)
{
	const struct datagram_out *out = AOS_REGION(dgram_out);
	uint32_t i, invalid = 0;
	int64_t result;

	if (!server.npending)
		return;
	result = app_input(server.npending);
	if (result) {
		drop_pending();
		if (result > 0)
			aos_fault_report(AOS_CAP(app_input), (uint64_t)result);
		return;
	}
	fate_count(FATE_UDP_DELIVERED, server.npending);
	for (i = 0; i < server.npending; i++)
		invalid += !reply(&server.pending[i], READ_ONCE(out->reply[i].len),
				  READ_ONCE(out->reply[i].off));
	if (invalid)
		aos_fault_report(AOS_CAP(app_input), invalid);
}

/* ---- ports ---- */

static bool listen(uint32_t service, uint16_t port)
{
	struct udp_pcb *pcb = port ? udp_new_ip_type(IPADDR_TYPE_ANY) : NULL;

	if (!pcb)
		return false;
	if (udp_bind(pcb, IP_ANY_TYPE, port) != ERR_OK) {
		udp_remove(pcb);
		return false;
	}
	pcb->ttl = REPLY_TTL;
	server.number[service] = (uint16_t)service;
	udp_recv(pcb, receive, &server.number[service]);
	return true;
}

/* Delivered in our last life, and never answered. */
static void count_lost(void)
{
	uint64_t known = server.replies->value + server.replies_none->value +
			 drops_sum(server.drop);
	uint64_t lost = aos_counter("udp_delivered")->value - known;

	if (!lost)
		return;
	counter_add(server.drop[DROP_REPLY_RESTART], lost);
	tell_drop(DROP_REPLY_RESTART, DROP_AT_REPLY, (uint32_t)lost);
}

bool server_init(const struct bootinfo *info)
{
	uint32_t i;
	bool any = false;

#define COUNTER_FIND(name) server.name = aos_counter(#name);
	COUNTERS(COUNTER_FIND)
	drops_find(server.drop, DROP_AT_REPLY);
	count_lost();
	for (i = 0; i < info->nservices && i < BOOTINFO_SERVICES; i++) {
		if (listen(i, info->service[i].port))
			any = true;
		else
			aos_log("service %s: no port %u\n", info->service[i].name,
				info->service[i].port);
	}
	return any;
}
