// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * links - the appliance's interfaces, made, configured and unmade by iproute2 and ethtool.
 */
#include <inttypes.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "ethtool.h"
#include "file.h"
#include "host.h"
#include "links.h"
#include "prefix.h"

#define LAST_WORDS	1024
#define ETHER_TEXT	17u	/* six bytes, with colons */

bool links_exist(const char *name)
{
	return if_nametoindex(name);
}

bool links_address(const char *name, uint8_t address[ETH_ALEN])
{
	unsigned int byte[ETH_ALEN];
	char path[64], text[64];

	snprintf(path, sizeof(path), "/sys/class/net/%s/address", name);
	if (file_read_line(path, text, sizeof(text)) ||
	    sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x", &byte[0], &byte[1], &byte[2], &byte[3],
		   &byte[4], &byte[5]) != ETH_ALEN || strlen(text) != ETHER_TEXT)
		return false;
	for (int i = 0; i < ETH_ALEN; i++)
		address[i] = (uint8_t)byte[i];
	return true;
}

/* ethtool refuses to set what is set already. */
static int set_rings(const struct config_interface *interface)
{
	uint32_t rx, tx, want = (uint32_t)interface->slots;
	char slots[16];

	if (!ethtool_rings(interface->name, &rx, &tx) && rx == want && tx == want)
		return 0;
	snprintf(slots, sizeof(slots), "%u", want);
	return host_must("ethtool", "-G", interface->name, "rx", slots, "tx", slots, NULL);
}

static int set_mtu(const struct config_interface *interface)
{
	char mtu[16];

	snprintf(mtu, sizeof(mtu), "%d", interface->mtu);
	return host_must("ip", "link", "set", "dev", interface->name, "mtu", mtu, NULL);
}

static int set_full(const struct config_interface *interface)
{
	return host_must("ethtool", "--set-priv-flags", interface->name, "stop-on-full",
			 interface->full == CONFIG_FULL_STOP ? "on" : "off", NULL);
}

/* Where a full ring drops, the device never makes a packet wait: no queue to go through. */
static int set_queue(const struct config_interface *interface)
{
	if (interface->full == CONFIG_FULL_STOP)
		return 0;
	return host_must("tc", "qdisc", "replace", "dev", interface->name, "root",
			 "noqueue", NULL);
}

/* No link-local address: the AOS has its own, and the device no link layer. */
static int set_ipv6(const struct config_interface *interface)
{
	if (!file_exists("/proc/sys/net/ipv6"))
		return 0;
	return host_must("ip", "link", "set", "dev", interface->name, "addrgenmode",
			 "none", NULL);
}

static int add_address(const struct config_interface *interface,
		       const struct config_prefix *address)
{
	char text[PREFIX_TEXT];

	prefix_text(address, text);
	if (address->family == 4)
		return host_must("ip", "-4", "address", "add", text, "dev",
				 interface->name, NULL);
	return host_must("ip", "-6", "address", "add", text, "dev", interface->name,
			 "nodad", NULL);
}

int links_refuse_existing(const struct config_interface *interface)
{
	if (!links_exist(interface->name))
		return 0;
	return say_error("interface %s exists already: remove it ('ip link del %s'), or choose "
			 "another name in the configuration", interface->name,
			 interface->name);
}

int links_configure(const struct config_interface *interface)
{
	if (set_mtu(interface) || set_ipv6(interface))
		return -1;
	for (unsigned int i = 0; i < interface->nhost; i++)
		if (add_address(interface, &interface->host[i]))
			return -1;
	return host_must("ip", "link", "set", "dev", interface->name, "up", NULL);
}

static int create(struct state *state, const struct config_interface *interface)
{
	if (links_refuse_existing(interface) ||
	    state_add(state, "link %s", interface->name) ||
	    host_must("ip", "link", "add", interface->name, "type", "cosnet", NULL) ||
	    set_rings(interface) || set_full(interface) || set_queue(interface))
		return -1;
	return links_configure(interface);
}

int links_create(struct state *state, const struct config *config)
{
	for (unsigned int i = 0; i < config->ninterfaces; i++)
		if (config->interfaces[i].io == CONFIG_IO_COSNET &&
		    create(state, &config->interfaces[i]))
			return -1;
	return 0;
}

int links_keep_carrier(const char *name, bool keep)
{
	return host_must("ethtool", "--set-priv-flags", name, "keep-carrier",
			 keep ? "on" : "off", NULL);
}

/* Packets, and why they were dropped; nothing that is zero. */
static void say_counters(const char *name)
{
	static struct ethtool_counters own;
	char text[LAST_WORDS] = "";
	size_t n = 0;

	if (ethtool_counters(name, &own))
		return;
	for (unsigned int i = 0; i < own.n && n < sizeof(text); i++)
		if (own.value[i] && (strstr(own.name[i], "_packets") ||
				     !strncmp(own.name[i], "drop_", 5)))
			n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s %" PRIu64,
					      n ? ", " : "", own.name[i], own.value[i]);
	if (n)
		say("%s: %s", name, text);
}

int links_delete(const char *name)
{
	if (!links_exist(name))
		return 0;
	say_counters(name);	/* they go with it */
	return host_must("ip", "link", "del", "dev", name, NULL);
}
