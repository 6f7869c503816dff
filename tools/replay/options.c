// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line: finding, taking and checking options, and --help. */
#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "option_table.h"

#define WINDOW_AT_MAX 32
#define WORST_SHOWN 3

static const struct option_group *const groups[] = {
	&option_traffic, &option_timing, &option_link, &option_side,
	&option_results,
};

#define GROUPS (sizeof(groups) / sizeof(*groups))

bool number_parse(const char *text, uint64_t least, uint64_t most,
		  uint64_t *out)
{
	unsigned long long value;
	char *end;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno || value < least ||
	    value > most)
		return false;
	*out = value;
	return true;
}

bool number_scaled(uint64_t *out, const char *text, uint64_t most,
		   uint64_t unit)
{
	if (!number_parse(text, 0, most, out))
		return false;
	*out *= unit;
	return true;
}

static void entry_help(const struct option_entry *e)
{
	char left[32];
	const char *line = e->help, *end;

	snprintf(left, sizeof(left), "--%s%s%s", e->name,
		 e->argument ? " " : "", e->argument ? e->argument : "");
	while ((end = strchr(line, '\n')) != NULL) {
		printf("  %-25s %.*s\n", left, (int)(end - line), line);
		line = end + 1;
		left[0] = '\0';
	}
	printf("  %-25s %s\n", left, line);
}

static void group_help(const struct option_group *group)
{
	printf("\n%s:\n", group->title);
	for (size_t i = 0; i < group->count; i++)
		entry_help(&group->entries[i]);
}

void options_help(void)
{
	puts("usage: replay --socket --to ADDR[:PORT] [options] CAPTURE\n"
	     "       replay --socket --pcap A --to X --pcap B --to Y [options]"
	     "\n"
	     "       replay --wire dgram:LOCAL:PEER --to ADDR --source4 ADDR"
	     " [options] CAPTURE\n"
	     "       replay --dry-run CAPTURE...\n"
	     "\n"
	     "Sends the UDP datagrams of pcap or pcapng files (\"-\": standard"
	     " input) to UDP\necho services, checks every reply byte for byte"
	     " and reports losses and latencies.");
	for (size_t i = 0; i < GROUPS; i++)
		group_help(groups[i]);
	puts("\n"
	     "exit status:\n"
	     "  0  every datagram came back in time and unharmed, none twice,"
	     " and every\n     side check was answered\n"
	     "  1  something was lost, late, corrupt, duplicate or unexpected,"
	     " or the\n     appliance never answered, or the run was"
	     " interrupted\n"
	     "  2  the command line, a capture or a place for results cannot"
	     " be used");
}

const struct endpoint *stream_to(const struct stream_options *s,
				 uint8_t family)
{
	return family == 4 ? &s->to4 : &s->to6;
}

static const struct option_entry *entry_find(const char *name, size_t size)
{
	for (size_t g = 0; g < GROUPS; g++)
		for (size_t i = 0; i < groups[g]->count; i++) {
			const char *own = groups[g]->entries[i].name;

			if (strlen(own) == size && !memcmp(own, name, size))
				return &groups[g]->entries[i];
		}
	return NULL;
}

/* What sockets leave to the host. */
static bool is_wire_only(const char *name)
{
	static const char *const names[] = {
		"source4", "source6", "sources", "gateway4", "gateway6", "mac",
		"peer-mac", "mtu", "ping",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

static void argument_refuse(const struct options *o,
			    const struct option_entry *e, const char *value,
			    char *error, size_t size)
{
	const char *expected = e->argument ? e->argument : "nothing";

	snprintf(error, size, "--%s%s%s: %s%s - see --help", e->name,
		 value ? " " : "", value ? value : "",
		 o->wrong ? "" : "expected ", o->wrong ? o->wrong : expected);
}

/* Takes "--name value" or "--name=value"; returns arguments used, 0: error. */
static int argument_take(struct options *o, char **argv, char *error,
			 size_t size)
{
	/* A word with a single dash has no name, and so is none. */
	const char *name = argv[0] + (argv[0][1] == '-' ? 2 : strlen(argv[0]));
	const char *value = strchr(name, '=');
	const struct option_entry *e = entry_find(
		name, value ? (size_t)(value - name) : strlen(name));
	int used = 1;

	if (!e) {
		snprintf(error, size, "%s: no such option - see --help",
			 argv[0]);
		return 0;
	}
	if (value) {
		value++;
	} else if (e->argument) {
		value = argv[1];
		used = 2;
	}
	if ((e->argument && !value) || (!e->argument && value) ||
	    !e->take(o, value)) {
		argument_refuse(o, e, value, error, size);
		return 0;
	}
	if (is_wire_only(e->name))
		o->wire_only = e->name;
	return used;
}

static void options_default(struct options *o)
{
	static const uint8_t mac[6] = { 0x52, 0x54, 0, 0x72, 0x70, 1 };

	memset(o, 0, sizeof(*o));
	memcpy(o->wire.mac, mac, 6);
	o->wire.mtu = 1500;
	o->sources.count = 1;
	o->sources.first_port = 20000;
	o->schedule.speed = 1;
	o->rounds = 1;
	o->worst = WORST_SHOWN;
	o->timeout = 5 * NS_PER_S;
	o->side.interval = 200 * NS_PER_MS;
}

/* Sockets let the host choose; the numbers are then names within the tool. */
static void sources_for_sockets(struct options *o)
{
	o->sources.base4 = (struct address) { .family = 4 };
	o->sources.base6 = (struct address) { .family = 6 };
	o->sources.count = 1;
}

static const char *family_check(const struct options *o, uint8_t family)
{
	const struct address *source = family == 4 ? &o->sources.base4 :
						     &o->sources.base6;
	bool used = false;

	for (unsigned int i = 0; i < o->stream_count; i++)
		used |= stream_to(&o->streams[i], family)->address.family != 0;
	for (unsigned int i = 0; i < o->side.count; i++)
		used |= o->side.checks[i].to.address.family == family;
	if (used && !source->family)
		return family == 4 ? "IPv4 on the wire needs --source4" :
				     "IPv6 on the wire needs --source6";
	return NULL;
}

static const char *transport_check(struct options *o)
{
	if (o->transport == TRANSPORT_NONE)
		return "say --wire or --socket (or --dry-run)";
	for (unsigned int i = 0; i < o->stream_count; i++)
		if (!o->streams[i].to4.address.family &&
		    !o->streams[i].to6.address.family)
			return "say where to send: --to, for each capture or "
			       "before the first";
	if (o->transport == TRANSPORT_WIRE)
		return family_check(o, 4) ? family_check(o, 4) :
					    family_check(o, 6);
	sources_for_sockets(o);
	return NULL;
}

/* The two must get the same datagrams, or the figures compare nothing. */
static const char *comparison_add(struct options *o)
{
	const struct stream_options *first = &o->streams[0];

	if (!o->compare.to4.address.family && !o->compare.to6.address.family)
		return NULL;
	if (o->compare.to4.address.family != first->to4.address.family ||
	    o->compare.to6.address.family != first->to6.address.family)
		return "--compare needs an address for each family that the "
		       "first capture is sent by, and no other";
	if (!stream_begin(o, first->capture))
		return "too many captures for --compare";
	o->streams[o->stream_count - 1].to4 = o->compare.to4;
	o->streams[o->stream_count - 1].to6 = o->compare.to6;
	o->streams[o->stream_count - 1].comparison = true;
	return NULL;
}

static void destinations_derive(struct options *o)
{
	for (unsigned int i = 0; i < o->stream_count; i++) {
		struct stream_options *s = &o->streams[i];

		if (s->to4.address.family || s->to6.address.family)
			continue;
		s->to4 = o->everywhere.to4;
		s->to6 = o->everywhere.to6;
	}
}

static void options_derive(struct options *o)
{
	if (o->schedule.max && !o->window_given)
		o->window = WINDOW_AT_MAX;
	if (!o->wire.gateway4.family)
		o->wire.gateway4 = o->streams[0].to4.address;
	if (!o->wire.gateway6.family)
		o->wire.gateway6 = o->streams[0].to6.address;
	o->wire.sources = &o->sources;
	o->wire.kernel_stamps = !o->no_kernel_stamps;
}

static const char *captures_check(const struct options *o)
{
	unsigned int inputs = 0;

	for (unsigned int i = 0; i < o->stream_count; i++)
		inputs += !strcmp(o->streams[i].capture, "-");
	if (inputs > 1)
		return "standard input (\"-\") can be read only once";
	return o->stream_count ? NULL : "no capture given";
}

static bool options_check(struct options *o, char *error, size_t size)
{
	const char *wrong = captures_check(o);

	destinations_derive(o);
	if (!wrong && o->speed_given && o->rate_given)
		wrong = "--speed or --rate, not both";
	if (!wrong)
		wrong = comparison_add(o);
	if (!wrong && !o->dry_run)
		wrong = transport_check(o);
	options_derive(o);
	if (wrong)
		snprintf(error, size, "%s - see --help", wrong);
	else if (o->transport == TRANSPORT_SOCKET && o->wire_only)
		snprintf(error, size, "--%s needs --wire - see --help",
			 o->wire_only);
	else
		return true;
	return false;
}

/* A dash alone is standard input; behind "--" all are captures. */
static bool is_option(const char *word, bool *rest)
{
	if (*rest || word[0] != '-' || !word[1])
		return false;
	*rest = !strcmp(word, "--");
	return true;
}

bool options_parse(struct options *o, int argc, char **argv, char *error,
		   size_t error_size)
{
	bool rest = false;

	options_default(o);
	for (int i = 1; i < argc;) {
		int used = 1;

		if (is_option(argv[i], &rest)) {
			used = rest ? 1 : argument_take(o, argv + i, error,
							error_size);
			if (!used)
				return false;
		} else if (!stream_begin(o, argv[i])) {
			snprintf(error, error_size, "%s: more than %d captures "
				 "- see --help", argv[i], STREAMS_MAX);
			return false;
		}
		i += used;
	}
	return o->help || options_check(o, error, error_size);
}
