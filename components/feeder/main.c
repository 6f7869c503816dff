// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vnic without a network: it plays cosnet to itself, and times how long datagrams to the service
 * `echo` take from the packet in one ring to the answer in the other, by vnic's own code, lwip
 * and udpapp.  Nobody sleeps, and no doorbell rings.  A line in the log for each size and batch:
 * "result SIZE_BATCH N MEAN SD MIN P50 P90 P99 P99.9 P99.99 MAX", of a datagram.
 *
 * tests/bench/isolation makes one program of this, lwip and udpapp: what that takes less is what
 * isolation costs.
 */
#include "aos.h"
#include "feeder.h"
#include "packet/packet.h"
#include "samples.h"
#include "vnic.h"

#define ROUNDS		2000u
#define WARM_UP		50u
#define IP_HEADER	20u
#define UDP_HEADER	8u
#define PROTOCOL_UDP	17u
#define ECHO		7u
#define CLIENT		20000u

static uint32_t cycles[ROUNDS];

/* ---- a packet: from 10.9.0.100 to the first address of bootinfo, which is of IPv4 ---- */

static void put16(uint8_t *p, uint32_t n)
{
	p[0] = (uint8_t)(n >> 8);
	p[1] = (uint8_t)n;
}

static uint32_t sum16(const uint8_t *p, uint32_t len)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < len; i += 2)
		sum += (uint32_t)(p[i] << 8 | p[i + 1]);
	return sum;
}

static uint32_t folded(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}

/* @size: bytes of payload, even. Return: bytes of the packet. */
static uint32_t packet_build(uint8_t *p, uint32_t size)
{
	static const uint8_t client[4] = { 10, 9, 0, 100 };
	uint32_t len = UDP_HEADER + size;
	uint8_t *udp = p + IP_HEADER;

	memset(p, 0, IP_HEADER + len);
	p[0] = 0x45;
	put16(p + 2, IP_HEADER + len);
	p[8] = 64;
	p[9] = PROTOCOL_UDP;
	memcpy(p + 12, client, sizeof(client));
	memcpy(p + 16, aos_bootinfo()->address[0].addr, 4);
	put16(p + 10, folded(sum16(p, IP_HEADER)));
	put16(udp, CLIENT);
	put16(udp + 2, ECHO);
	put16(udp + 4, len);
	put16(udp + 6, folded(sum16(p + 12, 8) + PROTOCOL_UDP + len + sum16(udp, len)));
	return IP_HEADER + len;
}

/* ---- cosnet's end of the rings ---- */

static struct ring_host *ring(void)
{
	return AOS_REGION(ring_host);
}

static void ring_open(const struct bootinfo_channel *channel)
{
	*ring() = (struct ring_host){ .magic = RING_MAGIC, .revision = RING_REVISION,
				      .slots = channel->slots, .mtu = channel->mtu, .up = 1 };
}

static void put(uint32_t size)
{
	uint8_t *host = AOS_REGION(ring_host);
	uint32_t slot = ring()->rx_prod & (ring()->slots - 1);
	struct ring_desc *desc = (struct ring_desc *)(host + ABI_PAGE_SIZE) + slot;
	uint8_t *packet = host + ring_host_buf_off(ring()->slots) + (size_t)slot * RING_BUF_SIZE;

	*desc = (struct ring_desc){ .buf = slot, .len = (uint16_t)packet_build(packet, size) };
	ring()->rx_prod++;
}

/* All answers, which are not looked at. It asks for no signal. Return: how many. */
static uint32_t take(void)
{
	uint32_t prod = vnic_ring_comp()->tx_prod, n = prod - ring()->tx_cons;

	ring()->tx_cons = prod;
	ring()->tx_event = prod - 1;
	return n;
}

/* ---- */

static bool measure(uint32_t size, uint32_t batch)
{
	struct summary s;
	uint64_t start;

	for (uint32_t i = 0; i < WARM_UP + ROUNDS; i++) {
		for (uint32_t k = 0; k < batch; k++)
			put(size);
		start = aos_tsc();
		vnic_step();
		cycles[i < WARM_UP ? 0 : i - WARM_UP] = (uint32_t)(aos_tsc() - start) / batch;
		if (take() != batch)
			return false;
	}
	s = samples_summarise(cycles, ROUNDS);
	aos_log("result %u_%u %u %u %u %u %u %u %u %u %u %u\n", size, batch, ROUNDS, s.mean, s.sd,
		s.min, s.p50, s.p90, s.p99, s.p999, s.p9999, s.max);
	return true;
}

void feeder_run(void)
{
	ring_open(&aos_bootinfo()->channel[0]);
	if (!vnic_start())
		return;
	take();
	if (!measure(64, 1) || !measure(512, 1) || !measure(1472, 1) || !measure(64, RING_BATCH))
		aos_log("not every datagram was answered\n");
	counter_set(aos_counter("done"), 1);
}

void feeder_main(uint64_t arg)
{
	(void)arg;
	feeder_run();
	aos_thread_exit();
}
