// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * config - appliance.conf: its keys, and how each value is accepted.  What
 * must hold between values is in rules.c.
 */
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "abi/tunnel.h"
#include "config.h"
#include "prefix.h"
#include "reader.h"
#include "rules.h"

#define AT(type, member) .offset = offsetof(type, member)
#define LIST(type, array, n)						\
	AT(type, array), .size = sizeof(((type *)0)->array[0]),	\
	.room = sizeof(((type *)0)->array) / sizeof(((type *)0)->array[0]), \
	.count = offsetof(type, n)

#define DEFAULT_SLOTS	512

/* What store functions need to know of the world. */
struct config_context {
	const cpu_set_t *online;
};

bool config_name_valid(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				"0123456789-_.");

	return n && n < ABI_NAME_LEN && !name[n] && *name != '.' && *name != '-';
}

/* ---- how values are accepted ---------------------------------------------- */

static void store_int(struct reader *reader, const config_setting_t *value,
		      const struct field *field, void *to)
{
	long long v = config_setting_get_int64(value);

	if (v < field->min || v > field->max)
		report_error(reader->report, reader_line(value),
			     "'%s' is %lld: it must be %lld to %lld",
			     field->name, v, field->min, field->max);
	else
		*(int *)to = (int)v;
}

static void store_version(struct reader *reader, const config_setting_t *value,
			  const struct field *field, void *to)
{
	long long v = config_setting_get_int64(value);

	(void)field;
	if (v != CONFIG_VERSION)
		report_error(reader->report, reader_line(value),
			     "version %lld is not known to this aosctl: it reads "
			     "version %d", v, CONFIG_VERSION);
	*(int *)to = CONFIG_VERSION;
}

static void store_slots(struct reader *reader, const config_setting_t *value,
			const struct field *field, void *to)
{
	long long v = config_setting_get_int64(value);

	(void)field;
	if (v < 0 || v > RING_MAX_SLOTS || !ring_slots_valid((uint32_t)v))
		report_error(reader->report, reader_line(value),
			     "'slots' is %lld: it must be a power of two, %u to %u",
			     v, RING_MIN_SLOTS, RING_MAX_SLOTS);
	else
		*(int *)to = (int)v;
}

static int last_online(const cpu_set_t *online)
{
	int cpu = CPU_SETSIZE - 1;

	while (cpu > 0 && !CPU_ISSET((size_t)cpu, online))
		cpu--;
	return cpu;
}

static void store_cpu(struct reader *reader, const config_setting_t *value,
		      const struct field *field, void *to)
{
	const struct config_context *context = reader->context;
	long long v = config_setting_get_int64(value);

	(void)field;
	if (v == -1)
		v = last_online(context->online);
	if (v < 0 || v >= CPU_SETSIZE || !CPU_ISSET((size_t)v, context->online))
		report_error(reader->report, reader_line(value),
			     "CPU %lld is not online here: see "
			     "/sys/devices/system/cpu/online, or write -1 for the "
			     "last one", v);
	else
		*(int *)to = (int)v;
}

static void store_bool(struct reader *reader, const config_setting_t *value,
		       const struct field *field, void *to)
{
	(void)reader;
	(void)field;
	*(bool *)to = config_setting_get_bool(value);
}

static void store_name(struct reader *reader, const config_setting_t *value,
		       const struct field *field, void *to)
{
	const char *name = config_setting_get_string(value);

	if (config_name_valid(name))
		strcpy(to, name);
	else
		report_error(reader->report, reader_line(value),
			     "'%s' \"%.64s\" is no good name: 1 to %u letters, digits, "
			     "'-', '_' or '.', not starting with '-' or '.'",
			     field->name, name, ABI_NAME_LEN - 1);
}

static void store_group(struct reader *reader, const config_setting_t *value,
			const struct field *field, void *to)
{
	const char *group = config_setting_get_string(value);
	size_t n = strlen(group);

	if (n && n < sizeof(((struct config_host *)0)->group) && *group != '-' &&
	    strspn(group, "abcdefghijklmnopqrstuvwxyz0123456789_-") == n)
		strcpy(to, group);
	else
		report_error(reader->report, reader_line(value), "'%s' \"%.64s\" is no name of "
			     "a group: small letters, digits, '_' and '-'", field->name, group);
}

/* Relative to the directory of the configuration. */
static void store_path(struct reader *reader, const config_setting_t *value,
		       const struct field *field, void *to)
{
	const char *path = config_setting_get_string(value);
	const char *conf = reader->report->file, *slash = strrchr(conf, '/');
	int dir = *path != '/' && slash ? (int)(slash - conf + 1) : 0;
	struct config_path *p = to;

	p->line = reader_line(value);
	if (!*path)
		report_error(reader->report, p->line, "'%s' is empty: name a file",
			     field->name);
	else if (snprintf(p->path, sizeof(p->path), "%.*s%s", dir, conf, path) >=
		 (int)sizeof(p->path))
		report_error(reader->report, p->line, "'%s' is too long a path",
			     field->name);
}

/* A word out of a table: its index goes to *to through values[]. */
static void store_word(struct reader *reader, const config_setting_t *value,
		       const char *key, const char *const *words,
		       const int *values, size_t n, int *to)
{
	const char *word = config_setting_get_string(value), *nearest;

	for (size_t i = 0; i < n; i++)
		if (!strcmp(word, words[i])) {
			*to = values[i];
			return;
		}
	nearest = reader_nearest(word, words, n);
	report_error(reader->report, reader_line(value),
		     "'%s' \"%.64s\" is not known: write \"%s\"", key, word,
		     nearest ? nearest : words[0]);
}

static void store_policy(struct reader *reader, const config_setting_t *value,
			 const struct field *field, void *to)
{
	static const char *const words[] = { "fifo", "rr", "other" };
	static const int values[] = { SCHED_FIFO, SCHED_RR, SCHED_OTHER };

	store_word(reader, value, field->name, words, values, 3, to);
}

static void store_io(struct reader *reader, const config_setting_t *value,
		     const struct field *field, void *to)
{
	static const char *const words[] = { "cosnet", "proxy" };
	static const int values[] = { CONFIG_IO_COSNET, CONFIG_IO_PROXY };

	store_word(reader, value, field->name, words, values, 2, to);
}

static void store_full(struct reader *reader, const config_setting_t *value,
		       const struct field *field, void *to)
{
	static const char *const words[] = { "drop", "stop" };
	static const int values[] = { CONFIG_FULL_DROP, CONFIG_FULL_STOP };

	store_word(reader, value, field->name, words, values, 2, to);
}

static void store_answers(struct reader *reader, const config_setting_t *value,
			  const struct field *field, void *to)
{
	static const char *const words[] = { "linux", "direct" };
	static const int values[] = { CONFIG_ANSWERS_LINUX, CONFIG_ANSWERS_DIRECT };

	store_word(reader, value, field->name, words, values, 2, to);
}

/* ---- steering: words, and what they mean ---- */

#define WORDS 3

static const char *const mode_words[WORDS] = { "route", "redirect", "xdp" };
static const int mode_values[WORDS] = {
	CONFIG_MODE_ROUTE, CONFIG_MODE_REDIRECT, CONFIG_MODE_XDP
};
static const char *const protocol_words[WORDS] = { "udp", "tcp", "any" };
static const int protocol_values[WORDS] = { IPPROTO_UDP, IPPROTO_TCP, 0 };
static const char *const down_words[WORDS] = { "drop", "reject", "linux" };
static const int down_values[WORDS] = {
	COSNET_DOWN_DROP, COSNET_DOWN_REJECT, COSNET_DOWN_LINUX
};

static const char *word_of(int value, const char *const *words, const int *values)
{
	for (size_t i = 0; i < WORDS; i++)
		if (values[i] == value)
			return words[i];
	return "?";
}

static int value_of(const char *word, const char *const *words, const int *values)
{
	for (size_t i = 0; i < WORDS; i++)
		if (!strcmp(word, words[i]))
			return values[i];
	return -1;
}

const char *config_mode_word(int mode)
{
	return word_of(mode, mode_words, mode_values);
}

const char *config_protocol_word(int protocol)
{
	return word_of(protocol, protocol_words, protocol_values);
}

const char *config_down_word(int down)
{
	return word_of(down, down_words, down_values);
}

int config_mode_value(const char *word)
{
	return value_of(word, mode_words, mode_values);
}

int config_protocol_value(const char *word)
{
	return value_of(word, protocol_words, protocol_values);
}

int config_down_value(const char *word)
{
	return value_of(word, down_words, down_values);
}

static void store_mode(struct reader *reader, const config_setting_t *value,
		       const struct field *field, void *to)
{
	store_word(reader, value, field->name, mode_words, mode_values, WORDS, to);
}

static void store_protocol(struct reader *reader, const config_setting_t *value,
			   const struct field *field, void *to)
{
	store_word(reader, value, field->name, protocol_words, protocol_values, WORDS, to);
}

static void store_down(struct reader *reader, const config_setting_t *value,
		       const struct field *field, void *to)
{
	store_word(reader, value, field->name, down_words, down_values, WORDS, to);
}

/* "53" or "5000-5099"; where they end stands right after where they begin. */
static void store_ports(struct reader *reader, const config_setting_t *value,
			const struct field *field, void *to)
{
	const char *text = config_setting_get_string(value);
	int *ports = to, end = 0;
	bool good;

	(void)field;
	ports[1] = 0;
	if (sscanf(text, "%5d%n", &ports[0], &end) == 1 && !text[end])
		ports[1] = ports[0];
	else if (sscanf(text, "%5d-%5d%n", &ports[0], &ports[1], &end) != 2 || text[end])
		ports[0] = 0;
	good = strspn(text, "0123456789-") == strlen(text) && ports[0] >= 1 &&
	       ports[1] >= ports[0] && ports[1] <= UINT16_MAX;
	if (!good)
		report_error(reader->report, reader_line(value), "'ports' \"%.64s\" are no "
			     "ports: write one, \"53\", or the first and the last, "
			     "\"5000-5099\"", text);
}

static void store_prefix_if(struct reader *reader, const config_setting_t *value,
			    struct config_prefix *to, bool need_length,
			    const char *(*why_not)(const struct config_prefix *))
{
	const char *text = config_setting_get_string(value);
	struct config_prefix p = { .line = reader_line(value) };
	const char *why = prefix_parse(&p, text);

	if (!why && need_length && !strchr(text, '/'))
		why = p.family == 4 ? "has no length: write e.g. /24 after it"
				    : "has no length: write e.g. /64 after it";
	if (!why)
		why = why_not(&p);
	if (why)
		report_error(reader->report, p.line, "\"%.64s\" %s", text, why);
	*to = p;
}

static void store_address(struct reader *reader, const config_setting_t *value,
			  const struct field *field, void *to)
{
	(void)field;
	store_prefix_if(reader, value, to, true, prefix_why_no_host);
}

static void store_host_address(struct reader *reader, const config_setting_t *value,
			       const struct field *field, void *to)
{
	const char *text = config_setting_get_string(value);

	(void)field;
	if (strchr(text, '/'))
		report_error(reader->report, reader_line(value),
			     "\"%.64s\" has a length: a host address is a single one, "
			     "write it without", text);
	else
		store_prefix_if(reader, value, to, false, prefix_why_no_host);
}

static void store_network(struct reader *reader, const config_setting_t *value,
			  const struct field *field, void *to)
{
	const char *text = config_setting_get_string(value);
	char better[PREFIX_TEXT];
	struct config_prefix p, net;

	(void)field;
	if (!prefix_parse(&p, text) && p.len && strchr(text, '/')) {
		net = prefix_network(&p);
		if (!prefix_same_address(&net, &p)) {
			report_error(reader->report, reader_line(value),
				     "\"%.64s\" has bits set beyond its length: "
				     "write \"%s\"", text, prefix_text(&net, better));
			return;
		}
	}
	store_prefix_if(reader, value, to, true, prefix_why_no_network);
}

/* ---- the keys ------------------------------------------------------------- */

#define VLAN_MAX 4094

#define STEERING_FIELDS								\
	{ "mode", FIELD_STRING, true, store_mode, AT(struct config_steering, mode) }, \
	{ "prefix", FIELD_STRING, true, store_network,				\
	  AT(struct config_steering, prefix) },					\
	{ "from", FIELD_STRING, false, store_name, AT(struct config_steering, from) }, \
	{ "protocol", FIELD_STRING, false, store_protocol,			\
	  AT(struct config_steering, protocol) },				\
	{ "ports", FIELD_STRING, false, store_ports, AT(struct config_steering, first) }, \
	{ "vlan", FIELD_INT, false, store_int, AT(struct config_steering, vlan), \
	  .min = 1, .max = VLAN_MAX },						\
	{ "down", FIELD_STRING, false, store_down, AT(struct config_steering, down) }

static const struct field steering_fields[] = { STEERING_FIELDS, { 0 } };

static const struct field rule_fields[] = {
	STEERING_FIELDS,
	{ "to", FIELD_STRING, true, store_name, AT(struct config_steering, to) },
	{ 0 }
};

static const struct field rules_fields[] = {
	{ "rules", FIELD_GROUPS, true, NULL,
	  LIST(struct config_rules, rule, n), .fields = rule_fields },
	{ 0 }
};

static const struct field interface_fields[] = {
	{ "name", FIELD_STRING, true, store_name, AT(struct config_interface, name) },
	{ "io", FIELD_STRING, false, store_io, AT(struct config_interface, io) },
	{ "mtu", FIELD_INT, false, store_int, AT(struct config_interface, mtu),
	  .min = CONFIG_MTU_MIN, .max = CONFIG_MTU_MAX },
	{ "slots", FIELD_INT, false, store_slots, AT(struct config_interface, slots) },
	{ "full", FIELD_STRING, false, store_full, AT(struct config_interface, full) },
	{ "answers", FIELD_STRING, false, store_answers,
	  AT(struct config_interface, answers) },
	{ "addresses", FIELD_STRINGS, true, store_address,
	  LIST(struct config_interface, addresses, naddresses) },
	{ "host_addresses", FIELD_STRINGS, false, store_host_address,
	  LIST(struct config_interface, host, nhost) },
	{ "steering", FIELD_GROUPS, true, NULL,
	  LIST(struct config_interface, steering, nsteering), .fields = steering_fields },
	{ 0 }
};

static const struct field service_fields[] = {
	{ "name", FIELD_STRING, true, store_name, AT(struct config_service, name) },
	{ "port", FIELD_INT, true, store_int, AT(struct config_service, port),
	  .min = 1, .max = UINT16_MAX },
	{ 0 }
};

static const struct field shared_fields[] = {
	{ "region", FIELD_STRING, true, store_name, AT(struct config_shared, region) },
	{ "file", FIELD_STRING, true, store_path, AT(struct config_shared, file) },
	{ 0 }
};

static const struct field aos_fields[] = {
	{ "name", FIELD_STRING, true, store_name, AT(struct config_aos, name) },
	{ "cpu", FIELD_INT, true, store_cpu, AT(struct config_aos, cpu) },
	{ "policy", FIELD_STRING, true, store_policy, AT(struct config_aos, policy) },
	{ "priority", FIELD_INT, false, store_int, AT(struct config_aos, priority),
	  .min = 0, .max = 99 },
	{ "poll_us", FIELD_INT, false, store_int, AT(struct config_aos, poll_us),
	  .min = 0, .max = HIJACK_MAX_POLL_US },
	{ "frames", FIELD_INT, true, store_int, AT(struct config_aos, frames),
	  .min = HIJACK_MIN_FRAMES, .max = HIJACK_MAX_FRAMES },
	{ "shared", FIELD_GROUPS, false, NULL,
	  LIST(struct config_aos, shared, nshared), .fields = shared_fields },
	{ 0 }
};

static const struct field host_fields[] = {
	{ "forwarding", FIELD_BOOL, false, store_bool, AT(struct config_host, forwarding) },
	{ "group", FIELD_STRING, false, store_group, AT(struct config_host, group) },
	{ 0 }
};

static const struct field config_fields[] = {
	{ "version", FIELD_INT, true, store_version, AT(struct config, version) },
	{ "image", FIELD_STRING, true, store_path, AT(struct config, image) },
	{ "composition", FIELD_STRING, false, store_path, AT(struct config, composition) },
	{ "modules", FIELD_STRING, false, store_path, AT(struct config, modules) },
	{ "aos", FIELD_GROUP, true, NULL, AT(struct config, aos), .fields = aos_fields },
	{ "interfaces", FIELD_GROUPS, true, NULL,
	  LIST(struct config, interfaces, ninterfaces), .fields = interface_fields },
	{ "services", FIELD_GROUPS, true, NULL,
	  LIST(struct config, services, nservices), .fields = service_fields },
	{ "host", FIELD_GROUP, false, NULL, AT(struct config, host), .fields = host_fields },
	{ 0 }
};

/* ---- the whole ------------------------------------------------------------ */

/* What holds where a key may be left out. */
static void set_defaults(struct config *config)
{
	memset(config, 0, sizeof(*config));
	for (size_t i = 0; i < CONFIG_INTERFACES; i++)
		config->interfaces[i].mtu = 1500;
}

/* How many slots hold where none are given depends on what has them; 0: none are. */
static void set_slots(struct config *config, struct report *report)
{
	for (unsigned int i = 0; i < config->ninterfaces; i++) {
		struct config_interface *interface = &config->interfaces[i];

		if (interface->io == CONFIG_IO_PROXY && interface->slots)
			report_error(report, interface->line, "interface %s has io = \"proxy\", "
				     "where the composition says how much may wait ('to_aos' "
				     "and 'from_aos' of its translator): remove 'slots'",
				     interface->name);
		else if (!interface->slots)
			interface->slots = interface->io == CONFIG_IO_PROXY ?
					   (int)TUNNEL_SLOTS : DEFAULT_SLOTS;
	}
}

/* False: it is no libconfig text at all. */
static bool read_tree(struct reader *reader, FILE *in, const struct field *fields, void *to)
{
	config_t tree;
	bool good;

	config_init(&tree);
	good = config_read(&tree, in);
	if (good)
		reader_group(reader, config_root_setting(&tree), fields, to);
	else
		report_error(reader->report, config_error_line(&tree),
			     "%s: check ';', quotes and brackets here and on the "
			     "line before", config_error_text(&tree));
	config_destroy(&tree);
	return good;
}

int config_parse(struct config *config, FILE *in, const cpu_set_t *online,
		 struct report *report)
{
	struct config_context context = { .online = online };
	struct reader reader = { .report = report, .context = &context };

	set_defaults(config);
	if (read_tree(&reader, in, config_fields, config) && !report->errors) {
		set_slots(config, report);
		rules_check(config, report);
	}
	return report->errors ? -1 : 0;
}

int config_parse_rules(struct config_rules *rules, FILE *in, struct report *report)
{
	struct reader reader = { .report = report };

	memset(rules, 0, sizeof(*rules));
	read_tree(&reader, in, rules_fields, rules);
	return report->errors ? -1 : 0;
}

static void print_interface(const struct config_interface *interface, FILE *out)
{
	char text[PREFIX_TEXT];

	fprintf(out, "interface %s io %d mtu %d slots %d full %d answers %d\n", interface->name,
		interface->io, interface->mtu, interface->slots, interface->full,
		interface->answers);
	for (unsigned int i = 0; i < interface->naddresses; i++)
		fprintf(out, "address %s\n",
			prefix_text(&interface->addresses[i], text));
	for (unsigned int i = 0; i < interface->nhost; i++)
		fprintf(out, "host %s\n", prefix_text(&interface->host[i], text));
	for (unsigned int i = 0; i < interface->nsteering; i++) {
		const struct config_steering *rule = &interface->steering[i];

		fprintf(out, "steering %s %s from %s %s %d-%d vlan %d down %s\n",
			config_mode_word(rule->mode), prefix_text(&rule->prefix, text),
			rule->from, config_protocol_word(rule->protocol), rule->first,
			rule->last, rule->vlan, config_down_word(rule->down));
	}
}

void config_print(const struct config *config, FILE *out)
{
	const struct config_aos *aos = &config->aos;

	fprintf(out, "aos %s cpu %d policy %d priority %d poll %d frames %d forwarding %d\n",
		aos->name, aos->cpu, aos->policy, aos->priority, aos->poll_us,
		aos->frames, config->host.forwarding);
	for (unsigned int i = 0; i < aos->nshared; i++)
		fprintf(out, "shared %s %s\n", aos->shared[i].region, aos->shared[i].file.path);
	for (unsigned int i = 0; i < config->ninterfaces; i++)
		print_interface(&config->interfaces[i], out);
	for (unsigned int i = 0; i < config->nservices; i++)
		fprintf(out, "service %s %d\n", config->services[i].name,
			config->services[i].port);
}
