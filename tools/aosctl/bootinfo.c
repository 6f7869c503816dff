// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bootinfo - what the AOS is told about this start.  Channels come in the
 * image's order, since components know them by their index.
 */
#include <string.h>

#include "bootinfo.h"

static uint32_t channel_of(const struct bootinfo *info, const char *name)
{
	uint32_t i = 0;

	while (i + 1 < info->nchannels &&
	       strncmp(info->channel[i].name, name, ABI_NAME_LEN))
		i++;
	return i;
}

static void add_channels(struct bootinfo *info, const struct image *image)
{
	struct image_channel channel;

	info->nchannels = image->header.channels.count;
	for (uint32_t i = 0; i < info->nchannels; i++) {
		struct bootinfo_channel *to = &info->channel[i];

		image_channel(image, i, &channel);
		memcpy(to->name, channel.name, ABI_NAME_LEN);
		to->kind = channel.kind;
		to->to_aos = channel.to_aos;
		to->from_aos = channel.from_aos;
	}
}

/* Of others hijack knows better: it has the cosnet interface. */
static void add_proxy(struct bootinfo *info, const struct config_interface *interface)
{
	struct bootinfo_channel *channel = &info->channel[channel_of(info, interface->name)];

	if (interface->io != CONFIG_IO_PROXY)
		return;
	channel->slots = (uint32_t)interface->slots;
	channel->mtu = (uint32_t)interface->mtu;
}

static void add_addresses(struct bootinfo *info,
			  const struct config_interface *interface)
{
	uint32_t channel = channel_of(info, interface->name);

	for (unsigned int i = 0; i < interface->naddresses; i++) {
		const struct config_prefix *from = &interface->addresses[i];
		struct bootinfo_address *to = &info->address[info->naddresses++];

		to->family = from->family;
		to->prefix_len = from->len;
		to->channel = channel;
		memcpy(to->addr, from->addr, sizeof(to->addr));
	}
}

void bootinfo_build(struct bootinfo *info, const struct config *config,
		    const struct image *image)
{
	memset(info, 0, sizeof(*info));
	info->magic = BOOTINFO_MAGIC;
	info->revision = BOOTINFO_REVISION;
	add_channels(info, image);
	for (unsigned int i = 0; i < config->ninterfaces; i++) {
		add_proxy(info, &config->interfaces[i]);
		add_addresses(info, &config->interfaces[i]);
	}
	for (unsigned int i = 0; i < config->nservices; i++) {
		struct bootinfo_service *to = &info->service[info->nservices++];

		memcpy(to->name, config->services[i].name, ABI_NAME_LEN);
		to->port = (uint16_t)config->services[i].port;
	}
}
