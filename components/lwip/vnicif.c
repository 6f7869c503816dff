/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * [R7][T3] The interface between vnic's buffers and lwIP: raw IP, like a TUN
 * device.  Each configured address is a netif of its own, all with the same
 * output, because a lwIP netif has but one IPv4 address, and so that errors
 * leave from the address they are about.
 *
 * Plain UDP stays where it is: lwIP reads it in the ring.  That memory has
 * one writer, cosnet, which does not touch a slot until vnic releases it.
 */
#include "aos.h"
#include "abi/ring.h"
#include "buffers.h"
#include "copies.h"
#include "fate.h"
#include "filter.h"
#include "hooks.h"
#include "lwip/ip.h"
#include "lwip/netif.h"
#include "lwip/prot/icmp.h"
#include "lwip/prot/icmp6.h"
#include "lwip/sys.h"
#include "vnicif.h"

#define IP4_HLEN	20u
#define MIN_MTU4	576u
#define MIN_MTU6	1280u

/* ICMP errors, after Linux: a rate, and a burst above it. */
#define ERRORS_PER_SECOND	1000u
#define ERRORS_BURST		50u

struct address {
	struct netif netif;
	uint8_t family;
	uint8_t addr[16];
};

static struct {
	struct address address[BOOTINFO_ADDRESSES];
	uint32_t naddresses;
	uint32_t channel, slots, mtu;
	const uint8_t *rx;		/* to_aos buffers */
	struct pbuf_custom packet;	/* the packet that lwIP sees in place */
	struct pbuf_custom reply;
	uint32_t reply_buf;
	bool reply_sent;
	uint32_t error_tokens, error_time_ms;
	struct counter *out_packets, *out_copied, *icmp_errors, *icmp_errors_limited;
} vnicif;

/* ---- out ---- */

static bool is_icmp_error(const uint8_t *p)
{
	uint32_t hlen = (p[0] & 15u) * 4;
	bool later_fragment = (p[6] & 0x1f) || p[7];

	if (p[0] >> 4 == 4)
		return p[9] == IP_PROTO_ICMP && !later_fragment &&
		       (p[hlen] == ICMP_DUR || p[hlen] == ICMP_TE);
	return p[6] == IP6_NEXTH_ICMP6 && p[IP6_HLEN] < ICMP6_TYPE_EREQ;
}

/* Token bucket; the clock is read for errors alone. */
static bool error_allowed(void)
{
	uint32_t now = sys_now();
	uint32_t fresh = (now - vnicif.error_time_ms) * ERRORS_PER_SECOND / 1000;

	if (now - vnicif.error_time_ms > 1000 || fresh > ERRORS_BURST - vnicif.error_tokens)
		fresh = ERRORS_BURST - vnicif.error_tokens;
	if (fresh || vnicif.error_tokens == ERRORS_BURST)
		vnicif.error_time_ms = now;
	vnicif.error_tokens += fresh;
	if (!vnicif.error_tokens) {
		counter_inc(vnicif.icmp_errors_limited);
		return false;
	}
	vnicif.error_tokens--;
	counter_inc(vnicif.icmp_errors);
	return true;
}

/* What vnic is handed is counted here and nowhere else: it counts the same packets. */
static void output_send(uint32_t buf, uint16_t off, uint16_t len)
{
	buffer_send(buf, off, len);
	counter_inc(vnicif.out_packets);
	fate_output(true);
}

/* Everything but a reply in place: into a lent buffer of its own. */
static err_t output_copy(struct pbuf *p)
{
	uint8_t *to;
	int32_t buf;

	if (p->tot_len > RING_BUF_SIZE || p->len < IP4_HLEN)
		return ERR_BUF;
	buf = buffer_take();
	if (buf < 0) {
		fate_output(false);
		return ERR_MEM;
	}
	to = buffer_address((uint32_t)buf);
	pbuf_copy_partial(p, to, p->tot_len, 0);
	if (is_icmp_error(to) && !error_allowed()) {
		buffer_return((uint32_t)buf);
		return ERR_OK;
	}
	output_send((uint32_t)buf, 0, p->tot_len);
	counter_inc(vnicif.out_copied);
	return ERR_OK;
}

static err_t output_reply(struct pbuf *p)
{
	const uint8_t *buffer = buffer_address(vnicif.reply_buf);

	output_send(vnicif.reply_buf, (uint16_t)((const uint8_t *)p->payload - buffer), p->len);
	vnicif.reply_sent = true;
	return ERR_OK;
}

static err_t output(struct pbuf *p)
{
	if (p == &vnicif.reply.pbuf && !p->next)
		return output_reply(p);
	return output_copy(p);
}

static err_t output4(struct netif *netif, struct pbuf *p, const ip4_addr_t *to)
{
	(void)netif;
	(void)to;
	return output(p);
}

static err_t output6(struct netif *netif, struct pbuf *p, const ip6_addr_t *to)
{
	(void)netif;
	(void)to;
	return output(p);
}

static void reply_freed(struct pbuf *p)
{
	(void)p;
	if (!vnicif.reply_sent)
		buffer_return(vnicif.reply_buf);
}

/*
 * PBUF_RAM makes lwIP put its headers in front of the payload, in the
 * buffer's headroom: it takes the memory for its own as long as that lies
 * above the pbuf, and regions lie above all components (abi/image.h).
 * Below, lwIP would chain a pbuf for the headers, and output copies.
 */
struct pbuf *vnicif_reply(uint32_t buf, uint16_t len)
{
	vnicif.reply_buf = buf;
	vnicif.reply_sent = false;
	vnicif.reply.custom_free_function = reply_freed;
	return pbuf_alloced_custom(PBUF_RAW, len, PBUF_RAM, &vnicif.reply,
				   buffer_address(buf) + RING_TX_HEADROOM, len);
}

/* ---- in ---- */

/* Lengths that the compiler knows: a comparison of words, not a call. */
static bool address_is(const struct address *a, uint8_t family, const uint8_t *addr)
{
	if (a->family != family)
		return false;
	return family == 4 ? !memcmp(a->addr, addr, 4) : !memcmp(a->addr, addr, 16);
}

static struct address *find_address(uint8_t family, const uint8_t *addr)
{
	struct address *a;

	for (a = vnicif.address; a < vnicif.address + vnicif.naddresses; a++)
		if (address_is(a, family, addr))
			return a;
	return NULL;
}

static void packet_freed(struct pbuf *p)
{
	(void)p;
}

static void input_plain(const uint8_t *data, uint16_t len, struct netif *netif)
{
	struct pbuf *p;

	vnicif.packet.custom_free_function = packet_freed;
	p = pbuf_alloced_custom(PBUF_RAW, len, PBUF_REF, &vnicif.packet,
				(void *)(uintptr_t)data, len);
	netif->input(p, netif);
}

/* -> true if the stack keeps the copy */
static bool input_copy(const uint8_t *data, uint16_t len, struct netif *netif)
{
	struct copy *copy = copy_make(data, len);

	if (!copy) {
		fate_set(DROP_MEMORY);
		return false;
	}
	netif->input(copy_pbuf(copy), netif);
	return copy_held(copy);
}

/* A packet from one of our own addresses would go round for ever. */
static bool input_checked(const uint8_t *data, const struct verdict *v)
{
	struct address *to = find_address(v->family, v->to);

	if (!to) {
		fate_set(DROP_ADDRESS);
	} else if (find_address(v->family, v->from)) {
		fate_set(DROP_SOURCE);
	} else if (v->plain) {
		input_plain(data, v->len, &to->netif);
	} else {
		return input_copy(data, v->len, &to->netif);
	}
	return false;
}

void vnicif_input(const struct packet *packet)
{
	const uint8_t *data = vnicif.rx + (size_t)packet->buf * RING_BUF_SIZE + packet->off;
	struct verdict v;
	bool held = false;

	fate_begin();
	if (packet->buf >= vnicif.slots || packet->off > RING_BUF_SIZE ||
	    packet->len > RING_BUF_SIZE - packet->off) {
		fate_set(DROP_REFERENCE);
	} else {
		filter_packet(data, packet->len, &v);
		if (v.drop)
			fate_set(v.drop);
		else
			held = input_checked(data, &v);
	}
	fate_end(held, packet->buf);
}

bool vnicif_in_ring(const struct pbuf *p, uint32_t *off)
{
	const uint8_t *host = AOS_REGION(ring_host);

	if (p != &vnicif.packet.pbuf)
		return false;
	*off = (uint32_t)((const uint8_t *)p->payload - host);
	return true;
}

uint32_t vnicif_buffer(uint32_t off)
{
	return (off - ring_host_buf_off(vnicif.slots)) / RING_BUF_SIZE;
}

/* ---- addresses ---- */

struct netif *vnicif_route4(const ip4_addr_t *src, const ip4_addr_t *dest)
{
	struct address *a = find_address(4, (const uint8_t *)src);

	(void)dest;
	return a ? &a->netif : NULL;
}

static err_t netif_start(struct netif *netif)
{
	netif->name[0] = 'v';
	netif->name[1] = 'n';
	netif->output = output4;
	netif->output_ip6 = output6;
	netif->mtu = (u16_t)vnicif.mtu;
	return ERR_OK;
}

/* /32 and /128: the appliance is the given address, not its network. */
static void address_add(const struct bootinfo_address *from)
{
	struct address *a = &vnicif.address[vnicif.naddresses];
	ip4_addr_t addr4, mask;
	ip6_addr_t addr6;

	a->family = from->family;
	memcpy(a->addr, from->addr, sizeof(a->addr));
	if (a->family == 4) {
		memcpy(&addr4, a->addr, 4);
		IP4_ADDR(&mask, 255, 255, 255, 255);
		netif_add(&a->netif, &addr4, &mask, IP4_ADDR_ANY4, NULL, netif_start, ip4_input);
		/* lwIP's ip4_frag() errs where a full packet is no multiple of 8 */
		a->netif.mtu = (u16_t)(IP4_HLEN + ((vnicif.mtu - IP4_HLEN) & ~7u));
	} else {
		netif_add_noaddr(&a->netif, NULL, netif_start, ip6_input);
		memcpy(&addr6, a->addr, 16);
		netif_ip6_addr_set(&a->netif, 0, &addr6);
		netif_ip6_addr_set_state(&a->netif, 0, IP6_ADDR_PREFERRED);
	}
	netif_set_link_up(&a->netif);
	netif_set_up(&a->netif);
	vnicif.naddresses++;
}

static bool address_usable(const struct bootinfo_address *a)
{
	if (a->channel != vnicif.channel || find_address(a->family, a->addr))
		return false;
	return (a->family == 4 && vnicif.mtu >= MIN_MTU4) ||
	       (a->family == 6 && vnicif.mtu >= MIN_MTU6);
}

bool vnicif_init(const struct bootinfo *info)
{
	uint32_t i;

	vnicif.channel = aos_channel();
	vnicif.slots = info->channel[vnicif.channel].slots;
	vnicif.mtu = info->channel[vnicif.channel].mtu;
	if (vnicif.mtu > RING_BUF_SIZE)
		vnicif.mtu = RING_BUF_SIZE;
	vnicif.rx = (const uint8_t *)AOS_REGION(ring_host) + ring_host_buf_off(vnicif.slots);
	vnicif.error_tokens = ERRORS_BURST;
	vnicif.out_packets = aos_counter("out_packets");
	vnicif.out_copied = aos_counter("out_copied");
	vnicif.icmp_errors = aos_counter("icmp_errors");
	vnicif.icmp_errors_limited = aos_counter("icmp_errors_limited");
	for (i = 0; i < info->naddresses && i < BOOTINFO_ADDRESSES; i++)
		if (address_usable(&info->address[i]))
			address_add(&info->address[i]);
	return vnicif.naddresses != 0;
}
