/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Accounting of packets.  Where our own code decides it says so; where lwIP
 * decides, its statistics tell: whichever of them moved names the reason.
 */
#include "aos.h"
#include "drops.h"
#include "fate.h"
#include "tell.h"
#include "lwip/opt.h"
#include "lwip/stats.h"

struct stat_reason {
	const STAT_COUNTER *stat;
	enum drop drop;
};

/* The first that moved decides: the particular before the general. */
static const struct stat_reason stat_reasons[] = {
	{ &lwip_stats.udp.chkerr, DROP_UDP_CHECKSUM },
	{ &lwip_stats.udp.lenerr, DROP_UDP_LENGTH },
	{ &lwip_stats.udp.proterr, DROP_UDP_PORT },
	{ &lwip_stats.icmp.chkerr, DROP_ICMP_CHECKSUM },
	{ &lwip_stats.icmp.lenerr, DROP_ICMP_LENGTH },
	{ &lwip_stats.icmp.proterr, DROP_ICMP_TYPE },
	{ &lwip_stats.icmp.err, DROP_MEMORY },
	{ &lwip_stats.icmp6.chkerr, DROP_ICMP_CHECKSUM },
	{ &lwip_stats.icmp6.lenerr, DROP_ICMP_LENGTH },
	{ &lwip_stats.icmp6.proterr, DROP_ICMP_TYPE },
	{ &lwip_stats.icmp6.memerr, DROP_MEMORY },
	{ &lwip_stats.nd6.recv, DROP_ICMP_TYPE },
	{ &lwip_stats.ip.chkerr, DROP_IP_CHECKSUM },
	{ &lwip_stats.ip.lenerr, DROP_LENGTH },
	{ &lwip_stats.ip.proterr, DROP_PROTOCOL },
	{ &lwip_stats.ip6.lenerr, DROP_LENGTH },
	{ &lwip_stats.ip6.proterr, DROP_PROTOCOL },
	{ &lwip_stats.ip_frag.drop, DROP_REASSEMBLY },
	{ &lwip_stats.ip6_frag.drop, DROP_REASSEMBLY },
	{ &lwip_stats.ip.drop, DROP_HEADER },
	{ &lwip_stats.ip6.drop, DROP_EXTENSION },
};
#define NREASONS (sizeof(stat_reasons) / sizeof(stat_reasons[0]))

static struct {
	struct counter *counter[FATES];	/* of reasons: those of DROP_AT_LWIP_IN */
	STAT_COUNTER seen[NREASONS];	/* the statistics at the last look */
	STAT_COUNTER transports;	/* see transports(), when the packet began */
	STAT_COUNTER echoes;
	uint32_t fate;
	uint32_t sent;
	bool unsent;
	uint32_t freed_before;		/* copies freed before the transport saw a packet */
	uint32_t freed_after;		/* and since: they were parts of it */
} fates;

/* Moves as soon as a whole datagram is in the transport's hands. */
static STAT_COUNTER transports(void)
{
	return lwip_stats.udp.recv + lwip_stats.icmp.recv + lwip_stats.icmp6.recv +
	       lwip_stats.ip.proterr + lwip_stats.ip6.proterr;
}

static STAT_COUNTER echoes(void)
{
	return lwip_stats.icmp.xmit + lwip_stats.icmp6.xmit;
}

/* The reason lwIP had, if any; brings `seen` up to date. */
static enum drop stat_drop(void)
{
	enum drop drop = DROP_NONE;
	size_t i;

	for (i = 0; i < NREASONS; i++) {
		if (*stat_reasons[i].stat == fates.seen[i])
			continue;
		fates.seen[i] = *stat_reasons[i].stat;
		if (drop == DROP_NONE)
			drop = stat_reasons[i].drop;
	}
	return drop;
}

static uint32_t fate_found(void)
{
	enum drop drop = stat_drop();

	if (drop)
		return drop;
	if (fates.unsent)
		return DROP_TX_BUFFERS;
	if (echoes() != fates.echoes && fates.sent)
		return FATE_ICMP_REPLIED;
	return DROP_OTHER;
}

void fate_init(uint64_t in_packets)
{
	uint64_t known;
	uint32_t i;

	drops_find(fates.counter, DROP_AT_LWIP_IN);
	fates.counter[FATE_UDP_DELIVERED] = aos_counter("udp_delivered");
	fates.counter[FATE_ICMP_REPLIED] = aos_counter("icmp_replied");
	fates.counter[FATE_FRAGMENTS_JOINED] = aos_counter("fragments_joined");
	known = drops_sum(fates.counter);
	for (i = DROPS; i < FATES; i++)
		known += fates.counter[i]->value;
	fate_count(DROP_RESTART, (uint32_t)(in_packets - known));
}

void fate_count(uint32_t fate, uint32_t n)
{
	if (!n)
		return;
	counter_add(fates.counter[fate], n);
	if (fate < DROPS)
		tell_drop(fate, DROP_AT_LWIP_IN, n);
}

void fate_drop(enum drop why, uint32_t buf)
{
	counter_inc(fates.counter[why]);
	tell_packet(why, DROP_AT_LWIP_IN, buf);
}

void fate_begin(void)
{
	fates.fate = FATE_OPEN;
	fates.transports = transports();
	fates.echoes = echoes();
	fates.sent = 0;
	fates.unsent = false;
	fates.freed_before = fates.freed_after = 0;
}

/*
 * One packet is this one, unless it is held; all other copies that were freed
 * either made up a datagram with it, or made room for it.
 */
void fate_end(bool held, uint32_t buf)
{
	if (held) {
		stat_drop();
		fate_count(DROP_REASSEMBLY, fates.freed_before);
		return;
	}
	if (fates.freed_after)
		fates.freed_after--;
	else if (fates.freed_before)
		fates.freed_before--;
	fate_count(FATE_FRAGMENTS_JOINED, fates.freed_after);
	fate_count(DROP_REASSEMBLY, fates.freed_before);
	if (fates.fate == FATE_OPEN)
		fates.fate = fate_found();
	if (fates.fate < DROPS)
		fate_drop(fates.fate, buf);
	else if (fates.fate < FATES)
		fate_count(fates.fate, 1);
}

void fate_set(uint32_t fate)
{
	fates.fate = fate;
}

void fate_output(bool sent)
{
	if (sent)
		fates.sent++;
	else
		fates.unsent = true;
}

void fate_copy_freed(void)
{
	if (transports() != fates.transports)
		fates.freed_after++;
	else
		fates.freed_before++;
}

void fate_tick(void)
{
	fate_count(DROP_REASSEMBLY, fates.freed_before + fates.freed_after);
	stat_drop();
}
