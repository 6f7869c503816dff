/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long each flow's datagrams were with us: from the moment cosnet put a
 * packet into its ring to the one its answer goes to the other ring.  A flow is
 * a service, by its port, on this interface.  lwip says which packet of the
 * batch an answer is for, and of which flow; a lie there spoils figures alone.
 */
#include "aos.h"
#include "abi/ring.h"
#include "histogram.h"
#include "ordering.h"
#include "packet/packet.h"
#include "vnic.h"

/* Services beyond these share one: there is room for so many and our own. */
#define FLOWS_APART	(HISTOGRAMS_MAX - 2)

static struct {
	uint32_t n, taken;
	struct histogram *flow[BOOTINFO_SERVICES];
	uint64_t stamp[RING_BATCH];	/* of the packets in pkt_in */
} flows;

/* What is cut off at the end is the service's name, and the port tells it from others. */
static struct histogram *flow_histogram(const struct bootinfo *info, uint32_t i)
{
	const char *channel = info->channel[aos_channel()].name;
	char name[HISTOGRAM_NAME_LEN];

	if (i >= FLOWS_APART)
		aos_format(name, sizeof(name), "%s.others", channel);
	else
		aos_format(name, sizeof(name), "%s.%u.%s", channel, info->service[i].port,
			   info->service[i].name);
	return aos_histogram(name, HISTOGRAM_FLOW);
}

void flows_init(const struct bootinfo *info)
{
	flows.n = info->nservices < BOOTINFO_SERVICES ? info->nservices : BOOTINFO_SERVICES;
	flows.taken = 0;
	for (uint32_t i = 0; i < flows.n; i++)
		flows.flow[i] = flow_histogram(info, i);
}

void flows_arrived(uint32_t i, uint64_t stamp)
{
	flows.stamp[i] = stamp;
}

void flows_taken(uint32_t n)
{
	flows.taken = n;
}

void flows_answered(uint32_t i, uint64_t now)
{
	const struct packet_out *out = AOS_REGION(pkt_out);
	uint32_t flow = READ_ONCE(out->answer[i].flow) - 1u;
	uint32_t packet = READ_ONCE(out->answer[i].packet);

	if (flow < flows.n && packet < flows.taken)
		histogram_record(flows.flow[flow], flows.stamp[packet], now);
}
