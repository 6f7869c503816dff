/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Accounting of packets.  Where our own code decides it says so; where lwIP
 * decides, its statistics tell: whichever of them moved names the reason.
 */
#include "aos.h"
#include "fate.h"
#include "lwip/opt.h"
#include "lwip/stats.h"

struct stat_reason {
	const STAT_COUNTER *stat;
	enum fate fate;
};

/* The first that moved decides: the particular before the general. */
static const struct stat_reason stat_reasons[] = {
	{ &lwip_stats.udp.chkerr, FATE_drop_udp_checksum },
	{ &lwip_stats.udp.lenerr, FATE_drop_udp_length },
	{ &lwip_stats.udp.proterr, FATE_drop_udp_port },
	{ &lwip_stats.icmp.chkerr, FATE_drop_icmp_checksum },
	{ &lwip_stats.icmp.lenerr, FATE_drop_icmp_length },
	{ &lwip_stats.icmp.proterr, FATE_drop_icmp_type },
	{ &lwip_stats.icmp.err, FATE_drop_memory },
	{ &lwip_stats.icmp6.chkerr, FATE_drop_icmp_checksum },
	{ &lwip_stats.icmp6.lenerr, FATE_drop_icmp_length },
	{ &lwip_stats.icmp6.proterr, FATE_drop_icmp_type },
	{ &lwip_stats.icmp6.memerr, FATE_drop_memory },
	{ &lwip_stats.nd6.recv, FATE_drop_icmp_type },
	{ &lwip_stats.ip.chkerr, FATE_drop_ip_checksum },
	{ &lwip_stats.ip.lenerr, FATE_drop_length },
	{ &lwip_stats.ip.proterr, FATE_drop_protocol },
	{ &lwip_stats.ip6.lenerr, FATE_drop_length },
	{ &lwip_stats.ip6.proterr, FATE_drop_protocol },
	{ &lwip_stats.ip_frag.drop, FATE_drop_reassembly },
	{ &lwip_stats.ip6_frag.drop, FATE_drop_reassembly },
	{ &lwip_stats.ip.drop, FATE_drop_header },
	{ &lwip_stats.ip6.drop, FATE_drop_extension },
};
#define NREASONS (sizeof(stat_reasons) / sizeof(stat_reasons[0]))

static struct {
	struct counter *counter[FATE_COUNT];
	STAT_COUNTER seen[NREASONS];	/* the statistics at the last look */
	STAT_COUNTER transports;	/* see transports(), when the packet began */
	STAT_COUNTER echoes;
	enum fate fate;
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
static enum fate stat_fate(void)
{
	enum fate fate = FATE_OPEN;
	size_t i;

	for (i = 0; i < NREASONS; i++) {
		if (*stat_reasons[i].stat == fates.seen[i])
			continue;
		fates.seen[i] = *stat_reasons[i].stat;
		if (fate == FATE_OPEN)
			fate = stat_reasons[i].fate;
	}
	return fate;
}

static enum fate fate_found(void)
{
	enum fate fate = stat_fate();

	if (fate != FATE_OPEN)
		return fate;
	if (fates.unsent)
		return FATE_drop_tx_buffers;
	if (echoes() != fates.echoes && fates.sent)
		return FATE_icmp_replied;
	return FATE_drop_other;
}

void fate_init(uint64_t in_packets)
{
	uint64_t known = 0;
	size_t i;

#define FATE_COUNTER(name) fates.counter[FATE_##name] = aos_counter(#name);
	FATES(FATE_COUNTER)
	for (i = 0; i < FATE_COUNT; i++)
		known += fates.counter[i]->value;
	counter_add(fates.counter[FATE_drop_restart], in_packets - known);
}

void fate_count(enum fate fate, uint32_t n)
{
	if (n)
		counter_add(fates.counter[fate], n);
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
void fate_end(bool held)
{
	if (held) {
		stat_fate();
		fate_count(FATE_drop_reassembly, fates.freed_before);
		return;
	}
	if (fates.freed_after)
		fates.freed_after--;
	else if (fates.freed_before)
		fates.freed_before--;
	fate_count(FATE_fragments_joined, fates.freed_after);
	fate_count(FATE_drop_reassembly, fates.freed_before);
	if (fates.fate == FATE_OPEN)
		fates.fate = fate_found();
	if (fates.fate < FATE_COUNT)
		fate_count(fates.fate, 1);
}

void fate_set(enum fate fate)
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
	fate_count(FATE_drop_reassembly, fates.freed_before + fates.freed_after);
	stat_fate();
}
