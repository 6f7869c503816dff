// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading a composition file into structures. */
#include <errno.h>
#include <libgen.h>
#include <string.h>
#include <sys/stat.h>

#include <abi/bootinfo.h>
#include <abi/image.h>
#include <abi/ring.h>
#include <abi/syscall.h>

#include "composition.h"
#include "settings.h"

#define PAGES(n)	((int64_t)(n) * ABI_PAGE_SIZE)
#define STACK_MAX	(AOS_STACK_STRIDE - ABI_PAGE_SIZE)
#define SIZE_MAX_REGION	((int64_t)1 << 30)

/* The channel's own name and ".host" make a region's name. */
#define CHANNEL_NAME_MAX (ABI_NAME_LEN - sizeof(".host"))

#define NAME(type, field, needed) \
	{ #field, KEY_NAME, needed, offsetof(type, field), 0, 0, NULL }
#define TEXT(type, field, needed) \
	{ #field, KEY_TEXT, needed, offsetof(type, field), 0, 0, NULL }
#define NUMBER(type, field, needed, lowest, highest) \
	{ #field, KEY_NUMBER, needed, offsetof(type, field), lowest, highest, NULL }
#define FLAG(type, field) \
	{ #field, KEY_FLAG, false, offsetof(type, field), 0, 0, NULL }
#define CHOICE(type, field, needed, words) \
	{ #field, KEY_CHOICE, needed, offsetof(type, field), 0, 0, words }
#define LIST(type, field) \
	{ #field, KEY_LIST, false, offsetof(type, field), 0, 0, NULL }
#define END { NULL, KEY_NAME, false, 0, 0, 0, NULL }

static const char *const fault_words[] = { "continue", "stop", NULL };
static const char *const rights_words[] = {
	[AOS_MAP_READ] = "r", [AOS_MAP_WRITE] = "rw", NULL
};
static const char *const source_words[] = {
	[AOS_SOURCE_SOFT] = "soft", [AOS_SOURCE_CHANNEL] = "channel",
	[AOS_SOURCE_SCHED] = "scheduler", [AOS_SOURCE_FAULT] = "faults", NULL
};

static const struct key thread_keys[] = {
	NAME(struct comp_thread, name, true),
	TEXT(struct comp_thread, entry, true),
	NUMBER(struct comp_thread, priority, true, 0, AOS_URGENCY_MAX),
	NUMBER(struct comp_thread, arg, false, INT64_MIN, INT64_MAX),
	END
};

static const struct key endpoint_keys[] = {
	NAME(struct comp_endpoint, name, true),
	CHOICE(struct comp_endpoint, source, false, source_words),
	NAME(struct comp_endpoint, channel, false),
	END
};

static const struct key timer_keys[] = {
	NAME(struct comp_timer, name, true),
	NAME(struct comp_timer, endpoint, true),
	END
};

static const struct key doorbell_keys[] = {
	NAME(struct comp_doorbell, name, true),
	NAME(struct comp_doorbell, channel, true),
	END
};

static const struct key map_keys[] = {
	TEXT(struct comp_map, region, true),
	NAME(struct comp_map, as, false),
	CHOICE(struct comp_map, rights, true, rights_words),
	END
};

static const struct key region_keys[] = {
	NAME(struct region, name, true),
	NUMBER(struct region, size, true, 1, SIZE_MAX_REGION),
	END
};

/* A component's group: its own values and its lists, not yet read. */
struct component_group {
	struct component c;
	const config_setting_t *imports, *threads, *endpoints, *timers, *doorbells, *maps;
};


#define IN_COMPONENT(field) offsetof(struct component_group, c.field)

static const struct key component_keys[] = {
	{ "name", KEY_NAME, true, IN_COMPONENT(name), 0, 0, NULL },
	{ "object", KEY_TEXT, true, IN_COMPONENT(object), 0, 0, NULL },
	{ "args", KEY_TEXT, false, IN_COMPONENT(args), 0, 0, NULL },
	{ "stack", KEY_NUMBER, false, IN_COMPONENT(stack), 1, STACK_MAX, NULL },
	{ "heap", KEY_NUMBER, false, IN_COMPONENT(heap), 0, IMAGE_STACKS_OFFSET, NULL },
	{ "base", KEY_NUMBER, false, IN_COMPONENT(base), IMAGE_COMPONENT_BASE,
	  IMAGE_REGION_BASE - IMAGE_COMPONENT_STRIDE, NULL },
	{ "scheduler", KEY_FLAG, false, IN_COMPONENT(scheduler), 0, 0, NULL },
	{ "fp", KEY_FLAG, false, IN_COMPONENT(fp), 0, 0, NULL },
	{ "on_fault", KEY_CHOICE, false, IN_COMPONENT(on_fault), 0, 0, fault_words },
	LIST(struct component_group, imports),
	LIST(struct component_group, threads),
	LIST(struct component_group, endpoints),
	LIST(struct component_group, timers),
	LIST(struct component_group, doorbells),
	LIST(struct component_group, maps),
	END
};

struct file_group {
	int64_t version;
	const config_setting_t *channels, *components, *regions;
};

static const struct key file_keys[] = {
	NUMBER(struct file_group, version, true, INT64_MIN, INT64_MAX),
	LIST(struct file_group, channels),
	LIST(struct file_group, components),
	LIST(struct file_group, regions),
	END
};

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

static void read_component(const struct settings *s, const config_setting_t *group,
			   struct component *c)
{
	struct component_group g = { .c.stack = PAGES(4) };

	g.c.at = settings_place(s, group);
	if (settings_group(s, group, "component", component_keys, &g)) {
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

static void read_channels(const struct settings *s, const config_setting_t *list,
			  struct composition *composition)
{
	composition->nchannels = length(list);
	composition->channels = POOL_ARRAY(s->pool, struct channel, length(list));
	for (unsigned int i = 0; i < length(list); i++) {
		const config_setting_t *name = config_setting_get_elem(list, i);
		struct channel *channel = &composition->channels[i];

		channel->at = settings_place(s, name);
		channel->name = settings_name(s, name, "channel");
		if (!channel->name)
			channel->name = "";
		if (strlen(channel->name) > CHANNEL_NAME_MAX)
			diag_error(s->diag, channel->at,
				   "channel '%s' has %zu characters; use 1 to %zu, as its regions are called NAME.host, NAME.ctrl and NAME.tx",
				   channel->name, strlen(channel->name), CHANNEL_NAME_MAX);
	}
}

/* The regions every channel brings along. */
static void add_channel_regions(struct pool *pool, struct composition *composition)
{
	static const char *const part_words[RING_PARTS] = {
		[RING_PART_HOST] = "host", [RING_PART_CTRL] = "ctrl", [RING_PART_TX] = "tx"
	};

	for (unsigned int i = 0; i < composition->nchannels; i++) {
		const struct channel *channel = &composition->channels[i];

		for (unsigned int part = 0; part < RING_PARTS; part++)
			composition->regions[i * RING_PARTS + part] = (struct region){
				.at = channel->at,
				.name = pool_printf(pool, "%s.%s", channel->name,
						    part_words[part]),
				.size = ring_part_bytes((enum ring_part)part, RING_MAX_SLOTS),
				.kind = IMAGE_REGION_CHANNEL,
				.channel = i,
				.part = part,
			};
	}
}

static void read_regions(const struct settings *s, const config_setting_t *list,
			 struct composition *composition)
{
	unsigned int kept = composition->nchannels * RING_PARTS, n;
	struct region *read;

	READ_GROUPS(s, list, "region", region_keys, read, &n);
	composition->nregions = kept + n;
	composition->regions = POOL_ARRAY(s->pool, struct region, composition->nregions);
	add_channel_regions(s->pool, composition);
	for (unsigned int i = 0; i < n; i++) {
		read[i].size = (read[i].size + PAGES(1) - 1) / PAGES(1) * PAGES(1);
		composition->regions[kept + i] = read[i];
	}
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
	read_channels(s, g.channels, composition);
	read_regions(s, g.regions, composition);
	composition->ncomponents = length(g.components);
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
