// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading a composition file into structures. */
#include <errno.h>
#include <libgen.h>
#include <string.h>
#include <sys/stat.h>

#include <abi/histogram.h>
#include <abi/image.h>
#include <abi/ring.h>
#include <abi/translator.h>

#include "composition.h"
#include "schema.h"

#define PAGES(n)	((int64_t)(n) * ABI_PAGE_SIZE)

/* The channel's own name and ".host" make a region's name. */
#define CHANNEL_NAME_MAX (ABI_NAME_LEN - sizeof(".host"))

/* Restarts where the composition does not say how many. */
#define RESTARTS	5
#define RESTARTS_WITHIN	(10 * SECONDS)

static unsigned int length(const config_setting_t *list)
{
	return list ? (unsigned int)config_setting_length(list) : 0;
}

/* Read a list of groups that all have the same shape, place first. */
static void *read_groups(const struct settings *s, const config_setting_t *list,
			 const char *what, const struct key *keys, size_t size,
			 unsigned int *count)
{
	char *array = pool_alloc(s->pool, length(list), size);

	for (unsigned int i = 0; i < length(list); i++) {
		const config_setting_t *group = config_setting_get_elem(list, i);

		*(struct place *)(array + i * size) = settings_place(s, group);
		settings_group(s, group, what, keys, array + i * size);
	}
	*count = length(list);
	return array;
}

#define READ_GROUPS(s, list, what, keys, into, count) \
	((into) = read_groups(s, list, what, keys, sizeof(*(into)), count))

static void read_imports(const struct settings *s, const config_setting_t *list,
			 struct component *c)
{
	c->nimports = length(list);
	c->imports = POOL_ARRAY(s->pool, struct comp_import, c->nimports);
	for (unsigned int i = 0; i < c->nimports; i++) {
		const config_setting_t *name = config_setting_get_elem(list, i);

		c->imports[i].at = settings_place(s, name);
		c->imports[i].name = settings_name(s, name, "import");
	}
}

static void read_restart(const struct settings *s, const config_setting_t *group,
			 struct component *c)
{
	c->has_restart = group;
	if (group)
		settings_group(s, group, "restart", restart_keys, c);
}

static void read_component(const struct settings *s, const config_setting_t *group,
			   struct component *c)
{
	struct component_group g = {
		.c.stack = PAGES(4),
		.c.restart_max = RESTARTS, .c.restart_within = RESTARTS_WITHIN,
	};

	g.c.at = settings_place(s, group);
	if (settings_group(s, group, "component", component_keys, &g)) {
		read_restart(s, g.restart, &g.c);
		read_imports(s, g.imports, &g.c);
		READ_GROUPS(s, g.threads, "thread", thread_keys, g.c.threads, &g.c.nthreads);
		READ_GROUPS(s, g.endpoints, "endpoint", endpoint_keys, g.c.endpoints,
			    &g.c.nendpoints);
		READ_GROUPS(s, g.timers, "timer", timer_keys, g.c.timers, &g.c.ntimers);
		READ_GROUPS(s, g.doorbells, "doorbell", doorbell_keys, g.c.doorbells,
			    &g.c.ndoorbells);
		READ_GROUPS(s, g.maps, "map", map_keys, g.c.maps, &g.c.nmaps);
	}
	for (unsigned int i = 0; i < g.c.nmaps; i++)
		if (!g.c.maps[i].as)
			g.c.maps[i].as = g.c.maps[i].region;
	*c = g.c;
}

static void check_channel_name(const struct settings *s, struct channel *channel)
{
	if (!channel->name)
		channel->name = "";
	if (!channel->as)
		channel->as = channel->name;
	if (strlen(channel->name) > CHANNEL_NAME_MAX)
		diag_error(s->diag, channel->at,
			   "channel '%s' has %zu characters; use 1 to %zu, as its regions are called NAME.host, NAME.ctrl and NAME.tx",
			   channel->name, strlen(channel->name), CHANNEL_NAME_MAX);
	if (strlen(channel->as) > CHANNEL_NAME_MAX)
		diag_error(s->diag, channel->at,
			   "'%s' has %zu characters; use 1 to %zu, as the translator's parts are called NAME_host, NAME_ctrl and NAME_bell",
			   channel->as, strlen(channel->as), CHANNEL_NAME_MAX);
}

static void read_channels(const struct settings *s, const config_setting_t *packets,
			  const config_setting_t *translators, struct composition *composition)
{
	unsigned int n = length(packets), more;
	struct channel *read;

	READ_GROUPS(s, translators, "translator", translator_keys, read, &more);
	composition->nchannels = n + more;
	composition->channels = POOL_ARRAY(s->pool, struct channel, n + more);
	for (unsigned int i = 0; i < n; i++) {
		const config_setting_t *name = config_setting_get_elem(packets, i);

		composition->channels[i].at = settings_place(s, name);
		composition->channels[i].name = settings_name(s, name, "channel");
	}
	for (unsigned int i = 0; i < more; i++) {
		composition->channels[n + i] = read[i];
		if (!read[i].component)		/* that has been said */
			composition->channels[n + i].component = "";
	}
	for (unsigned int i = 0; i < n + more; i++)
		check_channel_name(s, &composition->channels[i]);
}

static const char *const part_words[RING_PARTS] = {
	[RING_PART_HOST] = "host", [RING_PART_CTRL] = "ctrl", [RING_PART_TX] = "tx"
};

/* Of packets: the most there can be. */
static uint32_t part_bytes(const struct channel *channel, enum ring_part part)
{
	if (!channel->component)
		return ring_part_bytes(part, RING_MAX_SLOTS);
	return translator_part_bytes(part, (uint32_t)channel->to_aos,
				     (uint32_t)channel->from_aos);
}

/* The regions every channel brings along. */
static void add_channel_regions(struct pool *pool, struct composition *composition)
{
	for (unsigned int i = 0; i < composition->nchannels; i++) {
		const struct channel *channel = &composition->channels[i];

		for (unsigned int part = 0; part < RING_PARTS; part++) {
			if (!part_bytes(channel, (enum ring_part)part))
				continue;
			composition->regions[composition->nbrought++] = (struct region){
				.at = channel->at,
				.name = pool_printf(pool, "%s.%s", channel->name,
						    part_words[part]),
				.size = part_bytes(channel, (enum ring_part)part),
				.kind = IMAGE_REGION_CHANNEL,
				.channel = i,
				.part = part,
			};
		}
	}
}

static void read_regions(const struct settings *s, const config_setting_t *list,
			 struct composition *composition)
{
	const struct region counters = {
		.at = { s->file, 0 }, .name = "counters", .kind = IMAGE_REGION_COUNTERS,
		.size = PAGES(composition->ncomponents * (1 + HISTOGRAM_PAGES)),
	};
	unsigned int most = composition->nchannels * RING_PARTS, n;
	struct region *read;

	READ_GROUPS(s, list, "region", region_keys, read, &n);
	composition->regions = POOL_ARRAY(s->pool, struct region, most + n + 1);
	add_channel_regions(s->pool, composition);
	composition->nregions = composition->nbrought + n + 1;
	for (unsigned int i = 0; i < n; i++) {
		read[i].size = (read[i].size + PAGES(1) - 1) / PAGES(1) * PAGES(1);
		composition->regions[composition->nbrought + i] = read[i];
	}
	composition->regions[composition->nbrought + n] = counters;
}

/* First of all: the keys of another version are no errors of this one. */
static bool read_version(const struct settings *s, const config_t *config)
{
	const config_setting_t *version = config_lookup(config, "version");

	if (!version || !config_setting_is_number(version) ||
	    config_setting_get_int(version) == 1)
		return true;
	diag_error(s->diag, settings_place(s, version),
		   "version %lld of the composition syntax is unknown; this coslink reads version = 1",
		   config_setting_get_int64(version));
	return false;
}

static void read_file(const struct settings *s, const config_t *config,
		      struct composition *composition)
{
	struct file_group g = { 0 };

	if (!read_version(s, config))
		return;
	settings_group(s, config_root_setting(config), "composition", file_keys, &g);
	composition->overhead = g.overhead;
	read_channels(s, g.channels, g.translators, composition);
	composition->ncomponents = length(g.components);
	read_regions(s, g.regions, composition);
	composition->components =
		POOL_ARRAY(s->pool, struct component, composition->ncomponents);
	for (unsigned int i = 0; i < composition->ncomponents; i++)
		read_component(s, config_setting_get_elem(g.components, i),
			       &composition->components[i]);
}

static void parse_error(const struct settings *s, const config_t *config)
{
	const char *file = config_error_file(config);
	struct place at = { file ? file : s->file,
			    (unsigned int)config_error_line(config) };

	diag_error(s->diag, at, "%s; the syntax is described in coslink's README.md",
		   config_error_text(config));
}

/* libconfig ends the process when it is given a directory. */
static FILE *open_file(const struct settings *s)
{
	FILE *in = fopen(s->file, "re");
	struct stat st;
	int error = errno;

	if (in && !fstat(fileno(in), &st) && S_ISDIR(st.st_mode)) {
		fclose(in);
		in = NULL;
		error = EISDIR;
	}
	if (!in)
		diag_error(s->diag, (struct place){ s->file, 0 },
			   "cannot read the composition: %s; name an existing file with --composition",
			   strerror(error));
	return in;
}

bool composition_read(struct composition *composition, const char *file,
		      struct pool *pool, struct diag *diag)
{
	struct settings s = { pool, diag, file };
	unsigned int before = diag->errors;
	FILE *in = open_file(&s);
	config_t config;

	if (!in)
		return false;
	composition->file = file;
	config_init(&config);
	config_set_include_dir(&config, dirname(pool_strdup(pool, file)));
	if (config_read(&config, in) == CONFIG_TRUE)
		read_file(&s, &config, composition);
	else
		parse_error(&s, &config);
	config_destroy(&config);
	fclose(in);
	return diag->errors == before;
}
