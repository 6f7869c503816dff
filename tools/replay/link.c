// SPDX-License-Identifier: GPL-2.0-or-later
/* Link-layer headers: Ethernet with VLAN tags, Linux cooked, loopback, raw. */
#include "link.h"

#include <pcap/pcap.h>

#include "bytes.h"

#define VLAN_TAGS_MAX 4
#define TYPE_IP4 0x0800
#define TYPE_IP6 0x86dd

struct link_type {
	int type;
	size_t header;
	int protocol;		/* where its EtherType stands, -1: none */
};

static const struct link_type link_types[] = {
	{ DLT_EN10MB, 14, 12 },
	{ DLT_LINUX_SLL, 16, 14 },
	{ DLT_LINUX_SLL2, 20, 0 },
	/* The address family in front differs between systems; IP tells. */
	{ DLT_NULL, 4, -1 },
	{ DLT_LOOP, 4, -1 },
	{ DLT_RAW, 0, -1 },
	{ DLT_IPV4, 0, -1 },
	{ DLT_IPV6, 0, -1 },
};

static const struct link_type *link_find(int type)
{
	for (size_t i = 0; i < sizeof(link_types) / sizeof(*link_types); i++)
		if (link_types[i].type == type)
			return &link_types[i];
	return NULL;
}

bool link_known(int type)
{
	return link_find(type) != NULL;
}

static bool type_is_vlan(uint16_t type)
{
	return type == 0x8100 || type == 0x88a8 || type == 0x9100;
}

/* Steps over VLAN tags; false if one is cut off. */
static bool vlan_skip(const uint8_t *data, size_t size, size_t *at,
		      uint16_t *type)
{
	for (int i = 0; i < VLAN_TAGS_MAX && type_is_vlan(*type); i++) {
		if (size - *at < 4)
			return false;
		*type = get16(data + *at + 2);
		*at += 4;
	}
	return true;
}

enum link_status link_strip(int type, const uint8_t *data, size_t size,
			    size_t *offset)
{
	const struct link_type *link = link_find(type);
	uint16_t protocol;

	if (!link)
		return LINK_NOT_IP;
	if (size < link->header)
		return LINK_TRUNCATED;
	*offset = link->header;
	if (link->protocol >= 0) {
		protocol = get16(data + link->protocol);
		if (!vlan_skip(data, size, offset, &protocol))
			return LINK_TRUNCATED;
		if (protocol != TYPE_IP4 && protocol != TYPE_IP6)
			return LINK_NOT_IP;
	}
	if (*offset >= size)
		return LINK_TRUNCATED;
	return data[*offset] >> 4 == 4 || data[*offset] >> 4 == 6 ?
		LINK_IP : LINK_NOT_IP;
}
