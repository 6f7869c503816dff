// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fib - Linux's routing decision, asked for one packet.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fib.h"
#include "say.h"

struct question {
	struct nlmsghdr header;
	struct rtmsg route;
	char attributes[256];
};

union answer {
	struct nlmsghdr header;
	char bytes[8192];
};

int fib_open(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	return fd < 0 ? say_error("netlink: %s", strerror(errno)) : fd;
}

static void add(struct question *q, unsigned short type, const void *data, size_t size)
{
	struct rtattr *attribute = (void *)((char *)q + NLMSG_ALIGN(q->header.nlmsg_len));

	attribute->rta_type = type;
	attribute->rta_len = (unsigned short)RTA_LENGTH(size);
	memcpy(RTA_DATA(attribute), data, size);
	q->header.nlmsg_len = (uint32_t)(NLMSG_ALIGN(q->header.nlmsg_len) +
					 RTA_ALIGN(attribute->rta_len));
}

static uint32_t way_in(const struct probe *probe)
{
	char tagged[2 * ABI_NAME_LEN];

	/* Linux itself sees a tagged frame on the VLAN's device. */
	if (probe->vlan) {
		snprintf(tagged, sizeof(tagged), "%s.%d", probe->dev, probe->vlan);
		return if_nametoindex(tagged);
	}
	return *probe->dev ? if_nametoindex(probe->dev) : 0;
}

static void put_question(struct question *q, const struct probe *probe)
{
	uint8_t bytes = probe->family == 4 ? 4 : 16;
	uint32_t in = way_in(probe);

	memset(q, 0, sizeof(*q));
	q->header.nlmsg_len = NLMSG_LENGTH(sizeof(q->route));
	q->header.nlmsg_type = RTM_GETROUTE;
	q->header.nlmsg_flags = NLM_F_REQUEST;
	q->route.rtm_family = probe->family == 4 ? AF_INET : AF_INET6;
	q->route.rtm_dst_len = q->route.rtm_src_len = (unsigned char)(8 * bytes);
	add(q, RTA_DST, probe->dst, bytes);
	add(q, RTA_SRC, probe->src, bytes);
	if (in)
		add(q, RTA_IIF, &in, sizeof(in));
}

static const char *trouble(int err)
{
	switch (err) {
	case EXDEV:
		return "its source does not come from there (reverse-path check)";
	case EHOSTUNREACH:
	case ENETUNREACH:
		return "no route, or this host does not forward";
	case EINVAL:
		return "no such packet is forwarded";
	default:
		return strerror(err);
	}
}

static void take_route(const struct rtmsg *found, size_t size, struct explain_route *route)
{
	const struct rtattr *a = RTM_RTA(found);
	uint32_t out = 0;

	if (found->rtm_type == RTN_LOCAL)
		route->what = "to this host itself";
	else if (found->rtm_type != RTN_UNICAST)
		route->what = "unreachable, by a route that says so";
	for (; found->rtm_type == RTN_UNICAST && RTA_OK(a, size); a = RTA_NEXT(a, size))
		if (a->rta_type == RTA_OIF)
			memcpy(&out, RTA_DATA(a), sizeof(out));
	if (!out || !if_indextoname(out, route->dev))
		route->dev[0] = '\0';
}

void fib_ask(int fd, const struct probe *probe, struct explain_route *route)
{
	struct question q;
	union answer answer;
	const struct nlmsghdr *h = &answer.header;
	ssize_t n;

	memset(route, 0, sizeof(*route));
	route->what = "Linux does not say";
	if (!probe->to_us) {
		route->what = "its frame is to another host";
		return;
	}
	if (probe->vlan && !way_in(probe)) {
		route->what = "no interface has its VLAN tag";
		return;
	}
	put_question(&q, probe);
	if (send(fd, &q, q.header.nlmsg_len, 0) < 0)
		return;
	n = recv(fd, &answer, sizeof(answer), 0);
	if (n < (ssize_t)sizeof(*h) || !NLMSG_OK(h, (uint32_t)n))
		return;
	if (h->nlmsg_type == NLMSG_ERROR)
		route->what = trouble(-((const struct nlmsgerr *)NLMSG_DATA(h))->error);
	else if (h->nlmsg_type == RTM_NEWROUTE)
		take_route(NLMSG_DATA(h), RTM_PAYLOAD(h), route);
}
