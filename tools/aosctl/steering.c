// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * steering - which flows go to the AOS [R2].  Mode "route": an IP route to the
 * cosnet interface.  `ip route add`, not `replace`: a route that the host has
 * already for the same prefix is never taken away.
 */
#include <errno.h>
#include <string.h>

#include "host.h"
#include "links.h"
#include "prefix.h"
#include "steering.h"

#define VALUE 32

static int set_sysctl(struct state *state, const char *key, const char *value)
{
	char old[VALUE];
	int err = host_sysctl_read(key, old, sizeof(old));

	if (err == -ENOENT)
		return say_error("sysctl %s does not exist in this kernel: set host."
				 "forwarding = false", key);
	if (!err && !strcmp(old, value))
		return 0;
	if (state_add(state, "sysctl %s %s %s", key, err ? value : old, value))
		return -1;
	err = host_sysctl_write(key, value);
	if (err)
		return say_error("sysctl %s=%s: %s", key, value, strerror(-err));
	return 0;
}

/*
 * Strict reverse path: the AOS can send from steered addresses only, so a
 * component that has been taken over cannot pose as another host.
 */
static int guard_sources(struct state *state, const struct config_interface *interface)
{
	char key[64];

	snprintf(key, sizeof(key), "net/ipv4/conf/%s/rp_filter", interface->name);
	return set_sysctl(state, key, "1");
}

static bool has_ipv6(const struct config *config)
{
	for (unsigned int i = 0; i < config->ninterfaces; i++)
		for (unsigned int j = 0; j < config->interfaces[i].nsteering; j++)
			if (config->interfaces[i].steering[j].prefix.family == 6)
				return true;
	return false;
}

int steering_forward(struct state *state, const struct config *config)
{
	if (!config->host.forwarding)
		return 0;
	for (unsigned int i = 0; i < config->ninterfaces; i++)
		if (guard_sources(state, &config->interfaces[i]))
			return -1;
	if (set_sysctl(state, "net/ipv4/ip_forward", "1"))
		return -1;
	return has_ipv6(config) ?
	       set_sysctl(state, "net/ipv6/conf/all/forwarding", "1") : 0;
}

static int add_route(struct state *state, const struct config_interface *interface,
		     const struct config_prefix *prefix)
{
	const char *family = prefix->family == 4 ? "-4" : "-6";
	char text[PREFIX_TEXT];

	prefix_text(prefix, text);
	if (state_add(state, "route %s %s %s", interface->name, family, text))
		return -1;
	if (host_must("ip", family, "route", "add", text, "dev", interface->name, NULL))
		return say_error("prefix %s cannot be steered to %s: if it has another "
				 "route ('ip %s route show %s'), choose another prefix or "
				 "remove that route", text, interface->name, family, text);
	return 0;
}

int steering_install(struct state *state, const struct config *config)
{
	for (unsigned int i = 0; i < config->ninterfaces; i++) {
		const struct config_interface *interface = &config->interfaces[i];

		for (unsigned int j = 0; j < interface->nsteering; j++)
			if (add_route(state, interface, &interface->steering[j].prefix))
				return -1;
	}
	return 0;
}

int steering_undo_route(const struct state_step *step)
{
	const char *link = step->word[1], *family = step->word[2], *prefix = step->word[3];

	if (links_exist(link))	/* the route may be gone, or was never made */
		host_run(NULL, 0, "ip", family, "route", "del", prefix, "dev", link, NULL);
	return 0;
}

/* Only what is still as `up` has set it: a later change of the operator stays. */
int steering_undo_sysctl(const struct state_step *step)
{
	const char *key = step->word[1], *old = step->word[2], *new = step->word[3];
	char now[VALUE];
	int err;

	if (host_sysctl_read(key, now, sizeof(now)) || strcmp(now, new) ||
	    !strcmp(old, new))
		return 0;
	err = host_sysctl_write(key, old);
	if (err)
		return say_error("sysctl %s=%s: %s", key, old, strerror(-err));
	return 0;
}
