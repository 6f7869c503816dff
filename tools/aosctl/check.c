// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * check - a configuration and all it names, checked together.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "abi/control.h"
#include "admit.h"
#include "check.h"
#include "file.h"
#include "reader.h"
#include "shared.h"

/* ---- against the image ----------------------------------------------------- */

/* Those that an interface belongs to.  At most BOOTINFO_CHANNELS: image_check(). */
static uint32_t packet_channels(const struct image *image, struct image_channel *channel)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < image->header.channels.count; i++) {
		image_channel(image, i, &channel[n]);
		n += channel[n].kind == IMAGE_CHANNEL_PACKETS;
	}
	return n;
}

/* Of its kind alone are names with a packet ring or a proxy behind them. */
static bool image_has_channel(const struct image *image, uint32_t kind, const char *name)
{
	struct image_channel channel;

	for (uint32_t i = 0; i < image->header.channels.count; i++) {
		image_channel(image, i, &channel);
		if (channel.kind == kind && !strcmp(channel.name, name))
			return true;
	}
	return false;
}

/* io = "proxy" */
static void report_no_translator(const struct config_interface *interface,
				 const struct image *image, struct report *report)
{
	if (image_has_channel(image, IMAGE_CHANNEL_PACKETS, interface->name))
		report_error(report, interface->line, "channel '%s' of the boot image has the "
			     "packets of a cosnet interface: remove io = \"proxy\", or link "
			     "the image from a composition with the component 'tunnel', as "
			     "proxy.composition", interface->name);
	else
		report_error(report, interface->line, "the boot image has no translator channel "
			     "'%s' with a component 'tunnel', which io = \"proxy\" needs: link "
			     "it from a composition as proxy.composition", interface->name);
}

static void check_proxy(const struct config_interface *interface, const struct image *image,
			struct report *report)
{
	if (!strcmp(interface->name, CONTROL_CHANNEL))
		report_error(report, interface->line, "translator channel '%s' is not for "
			     "packets: name the interface as the one of the component "
			     "'tunnel'", CONTROL_CHANNEL);
	else if (!image_has_channel(image, IMAGE_CHANNEL_TRANSLATOR, interface->name))
		report_no_translator(interface, image, report);
}

static void report_no_channel(const struct config_interface *interface,
			      const struct image *image, struct report *report)
{
	struct image_channel channel[BOOTINFO_CHANNELS];
	const char *names[BOOTINFO_CHANNELS], *nearest;
	uint32_t n = packet_channels(image, channel);

	if (image_has_channel(image, IMAGE_CHANNEL_TRANSLATOR, interface->name)) {
		report_error(report, interface->line, "channel '%s' of the boot image is a "
			     "translator's: write io = \"proxy\", or name the interface as "
			     "its channel of packets", interface->name);
		return;
	}
	if (!n) {
		report_error(report, interface->line, "the boot image has no channel at "
			     "all: remove interface %s, or link the image with it",
			     interface->name);
		return;
	}
	for (uint32_t i = 0; i < n; i++)
		names[i] = channel[i].name;
	nearest = reader_nearest(interface->name, names, n);
	report_error(report, interface->line, "the boot image has no channel '%s': name "
		     "the interface as its channel '%s', or link the image with this one",
		     interface->name, nearest ? nearest : names[0]);
}

static void check_interface(const struct config_interface *interface,
			    const struct image *image, struct report *report)
{
	if (interface->io == CONFIG_IO_PROXY)
		check_proxy(interface, image, report);
	else if (!image_has_channel(image, IMAGE_CHANNEL_PACKETS, interface->name))
		report_no_channel(interface, image, report);
}

static bool config_has_interface(const struct config *config, const char *name)
{
	for (unsigned int i = 0; i < config->ninterfaces; i++)
		if (!strcmp(config->interfaces[i].name, name))
			return true;
	return false;
}

void check_image(const struct config *config, const struct image *image,
		 struct report *report)
{
	struct image_channel channel[BOOTINFO_CHANNELS];
	uint64_t frames = image_frames(image);
	uint32_t n = packet_channels(image, channel);

	for (unsigned int i = 0; i < config->ninterfaces; i++)
		check_interface(&config->interfaces[i], image, report);
	for (uint32_t i = 0; i < n; i++)
		if (!config_has_interface(config, channel[i].name))
			report_error(report, config->image.line, "channel '%s' of the "
				     "boot image has no interface here: add one of this "
				     "name to 'interfaces'", channel[i].name);
	if (frames > (uint64_t)config->aos.frames)
		report_error(report, config->aos.line, "frames = %d: this boot image "
			     "needs more than %llu", config->aos.frames,
			     (unsigned long long)frames);
}

/* ---- against the file system ----------------------------------------------- */

static void check_composition(const struct config *config, struct report *report)
{
	const struct config_path *composition = &config->composition;
	struct stat source, image;

	if (!composition->path[0])
		return;
	if (stat(composition->path, &source))
		report_error(report, composition->line, "composition %s: %s: correct "
			     "the path, or remove the key", composition->path,
			     strerror(errno));
	else if (!stat(config->image.path, &image) &&
		 image.st_mtime < source.st_mtime)
		report_warning(report, composition->line, "the composition is newer "
			       "than the boot image: link it again");
}

static void check_modules(const struct config *config, struct report *report)
{
	const struct config_path *modules = &config->modules;
	struct stat st;

	if (modules->path[0] && (stat(modules->path, &st) || !S_ISDIR(st.st_mode)))
		report_error(report, modules->line, "modules: %s is no directory: name "
			     "the one that holds hijack.ko and cosnet.ko, or remove the "
			     "key to use modprobe", modules->path);
}

/* FNV-1a: tells configurations apart, protects nothing. */
static void take_digest(struct appliance *appliance)
{
	uint64_t hash = 0xcbf29ce484222325ull;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (out) {
		config_print(&appliance->config, out);
		fprintf(out, "image %zu %08x\n", appliance->image.size,
			appliance->image.header.crc32);
		fclose(out);
	}
	for (size_t i = 0; i < size; i++)
		hash = (hash ^ (uint8_t)text[i]) * 0x100000001b3ull;
	free(text);
	snprintf(appliance->digest, sizeof(appliance->digest), "%016llx",
		 (unsigned long long)hash);
}

static int load_image(struct appliance *appliance, struct report *report)
{
	const struct config_path *path = &appliance->config.image;
	const char *why = image_open(&appliance->image, path->path);

	if (why)
		return report_error(report, path->line, "image %s %s", path->path, why);
	check_image(&appliance->config, &appliance->image, report);
	admit_image(&appliance->image, path->path, path->line, report);
	shared_check(&appliance->config, &appliance->image, report);
	return 0;
}

int check_load(struct appliance *appliance, const char *path, FILE *out)
{
	struct report report = { .out = out, .file = path };
	cpu_set_t online;
	FILE *in;

	memset(appliance, 0, sizeof(*appliance));
	in = fopen(path, "re");
	if (!in) {
		report_error(&report, 0, "%s: name the configuration with -c",
			     strerror(errno));
		return -2;
	}
	file_online_cpus(&online);
	if (!config_parse(&appliance->config, in, &online, &report)) {
		check_composition(&appliance->config, &report);
		check_modules(&appliance->config, &report);
		load_image(appliance, &report);
	}
	fclose(in);
	if (!report.errors) {
		take_digest(appliance);
		return 0;
	}
	check_unload(appliance);
	return -1;
}

void check_unload(struct appliance *appliance)
{
	image_close(&appliance->image);
}
