/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What becomes of a packet, decided as Linux, the steering programs, cosnet and lwip
 * do, one after another.  Pure: all that it depends on is in struct explain_world.
 */
#ifndef AOSCTL_EXPLAIN_H
#define AOSCTL_EXPLAIN_H

#include "abi/drop.h"
#include "flow.h"
#include "probe.h"

/* Why a flow does not take a packet; EXPLAIN_TAKES: it does. */
enum explain_no {
	EXPLAIN_TAKES,
	EXPLAIN_NO_IP,
	EXPLAIN_NO_INTERFACE,
	EXPLAIN_NO_OWN_FRAME,
	EXPLAIN_NO_TAG,
	EXPLAIN_NO_PREFIX,
	EXPLAIN_NO_PROTOCOL,
	EXPLAIN_NO_FRAGMENT,
	EXPLAIN_NO_PORT,
	EXPLAIN_NO_ROUTE,
	EXPLAIN_NO_MORE,	/* another has taken it before */
	EXPLAIN_NOES
};

enum explain_by { EXPLAIN_BY_NONE, EXPLAIN_BY_PROGRAM, EXPLAIN_BY_FILTER, EXPLAIN_BY_ROUTE };

enum explain_fate {
	EXPLAIN_LINUX,		/* Linux goes on with it */
	EXPLAIN_ANSWERED,	/* by a service, or lwip */
	EXPLAIN_HELD,		/* a fragment: until the others have come */
	EXPLAIN_DROPPED,
	EXPLAIN_REJECTED	/* its sender is told by ICMP */
};

struct explain_flow {
	struct flow flow;
	bool in_program;	/* mode "xdp": the program has its rule */
};

/* What is behind a cosnet interface. */
struct explain_link {
	char name[ABI_NAME_LEN];
	uint32_t mtu;
	unsigned int naddresses;
	struct config_prefix address[BOOTINFO_ADDRESSES];
	char component[ABI_NAME_LEN];	/* that takes from its ring: vnic, tunnel; "": unknown */
	char taker[128];	/* "component vnic, thread rx, ...": the same, at length */
};

struct explain_service {
	char name[ABI_NAME_LEN];
	int port;
};

/* What Linux's routing says of the packet. */
struct explain_route {
	char dev[ABI_NAME_LEN];	/* where it leaves; "": see `what` */
	const char *what;	/* "local", or why it leaves nowhere */
};

struct explain_world {
	bool aos_up;
	unsigned int nflows, nlinks, nservices;
	struct explain_flow flow[FLOW_MOST];
	struct explain_link link[CONFIG_INTERFACES];
	struct explain_service service[BOOTINFO_SERVICES];
};

struct explanation {
	enum explain_fate fate;
	enum explain_by by;
	const struct explain_flow *flow;	/* that takes it, or NULL */
	const struct explain_link *link;	/* to which it goes, or NULL */
	const struct explain_service *service;	/* that answers, or NULL: lwip does */
	const char *owner;		/* of a drop: in whose counters it is */
	enum drop reason;		/* DROP_NONE: it is not dropped */
	enum explain_no no[FLOW_MOST];	/* per flow */
};

void explain_decide(const struct explain_world *world, const struct probe *probe,
		    const struct explain_route *route, struct explanation *result);

/* The same for a packet that has come to a cosnet interface already, whichever way. */
void explain_arrived(const struct explain_world *world, const struct explain_link *link,
		     const struct probe *probe, struct explanation *result);

/* "comes in on another interface", ... */
const char *explain_no_text(enum explain_no no);

/* One word each: "linux", "answered", ...; "program", "filter", "route", "". */
const char *explain_fate_word(enum explain_fate fate);
const char *explain_by_word(enum explain_by by);

#endif
