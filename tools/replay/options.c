// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line: one table, one short function per option. */
#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "frame.h"

#define ECHO_PORT 7
#define WINDOW_AT_MAX 32

struct option_entry {
	const char *name, *argument;
	bool (*take)(struct options *o, const char *value);
	const char *help;
};

static bool number_parse(const char *text, uint64_t least, uint64_t most,
			 uint64_t *out)
{
	char *end;
	unsigned long long value = strtoull(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || value < least ||
	    value > most)
		return false;
	*out = value;
	return true;
}

static bool take_wire(struct options *o, const char *value)
{
	unsigned int local, peer;
	int used = 0;

	if (sscanf(value, "dgram:%5u:%5u%n", &local, &peer, &used) != 2 ||
	    value[used] || !local || !peer || local > 65535 || peer > 65535)
		return false;
	o->transport = TRANSPORT_WIRE;
	o->wire.local_port = (uint16_t)local;
	o->wire.peer_port = (uint16_t)peer;
	return true;
}

static bool take_socket(struct options *o, const char *value)
{
	(void)value;
	o->transport = TRANSPORT_SOCKET;
	return true;
}

static bool take_to4(struct options *o, const char *value)
{
	return endpoint_parse(value, ECHO_PORT, &o->to4) &&
	       o->to4.address.family == 4;
}

static bool take_to6(struct options *o, const char *value)
{
	return endpoint_parse(value, ECHO_PORT, &o->to6) &&
	       o->to6.address.family == 6;
}

static bool take_address(struct address *out, const char *value, int family)
{
	return address_parse(value, out) && out->family == family;
}

static bool take_source4(struct options *o, const char *value)
{
	return take_address(&o->sources.base4, value, 4);
}

static bool take_source6(struct options *o, const char *value)
{
	return take_address(&o->sources.base6, value, 6);
}

static bool take_sources(struct options *o, const char *value)
{
	uint64_t n;

	if (!number_parse(value, 1, 256, &n))
		return false;
	o->sources.count = (uint32_t)n;
	return true;
}

static bool take_source_port(struct options *o, const char *value)
{
	uint64_t n;

	if (!number_parse(value, 1024 + SIDE_MAX, 65535, &n))
		return false;
	o->sources.first_port = (uint16_t)n;
	return true;
}

static bool take_gateway4(struct options *o, const char *value)
{
	return take_address(&o->wire.gateway4, value, 4);
}

static bool take_gateway6(struct options *o, const char *value)
{
	return take_address(&o->wire.gateway6, value, 6);
}

static bool take_mac(struct options *o, const char *value)
{
	/* A multicast address cannot be a host's own. */
	return mac_parse(value, o->wire.mac) && !(o->wire.mac[0] & 1);
}

static bool take_peer_mac(struct options *o, const char *value)
{
	o->wire.peer_mac_given = true;
	return mac_parse(value, o->wire.peer_mac);
}

static bool take_mtu(struct options *o, const char *value)
{
	uint64_t n;

	if (!number_parse(value, FRAME_MTU_MIN, FRAME_MTU_MAX, &n))
		return false;
	o->wire.mtu = (uint16_t)n;
	return true;
}

static bool take_speed(struct options *o, const char *value)
{
	return schedule_parse(&o->schedule, value);
}

static bool take_window(struct options *o, const char *value)
{
	o->window_given = true;
	return number_parse(value, 0, 1000000, &o->window);
}

static bool take_limit(struct options *o, const char *value)
{
	return number_parse(value, 1, UINT64_MAX, &o->limit);
}

static bool take_loop(struct options *o, const char *value)
{
	return number_parse(value, 1, 1000000000, &o->rounds);
}

static bool take_scaled(uint64_t *out, const char *value, uint64_t most,
			uint64_t unit)
{
	if (!number_parse(value, 0, most, out))
		return false;
	*out *= unit;
	return true;
}

static bool take_timeout(struct options *o, const char *value)
{
	return take_scaled(&o->timeout, value, 600000, NS_PER_MS) &&
	       o->timeout;
}

static bool take_wait(struct options *o, const char *value)
{
	return take_scaled(&o->wait, value, 86400, NS_PER_S);
}

static bool take_max_gap(struct options *o, const char *value)
{
	return take_scaled(&o->max_gap, value, 86400000, NS_PER_MS);
}

static bool take_ping(struct options *o, const char *value)
{
	struct endpoint to = { .port = 0 };

	return address_parse(value, &to.address) &&
	       side_add(&o->side, SIDE_PING, &to);
}

static bool take_side_echo(struct options *o, const char *value)
{
	struct endpoint to;

	return endpoint_parse(value, ECHO_PORT, &to) &&
	       side_add(&o->side, SIDE_ECHO, &to);
}

static bool take_side_interval(struct options *o, const char *value)
{
	return take_scaled(&o->side.interval, value, 60000, NS_PER_MS) &&
	       o->side.interval;
}

static bool take_json(struct options *o, const char *value)
{
	o->json = value;
	return true;
}

static bool take_counters(struct options *o, const char *value)
{
	o->counters = value;
	return true;
}

static bool take_progress(struct options *o, const char *value)
{
	(void)value;
	o->progress = true;
	return true;
}

static bool take_dry_run(struct options *o, const char *value)
{
	(void)value;
	o->dry_run = true;
	return true;
}

static bool take_help(struct options *o, const char *value)
{
	(void)value;
	o->help = true;
	return true;
}

static const struct option_entry entries[] = {
	{ "wire", "dgram:LOCAL:PEER", take_wire,
	  "speak Ethernet with QEMU's -netdev dgram: our UDP port and\n"
	  "QEMU's, both on 127.0.0.1" },
	{ "socket", NULL, take_socket,
	  "use ordinary UDP sockets instead, for comparison" },
	{ "to4", "ADDR[:PORT]", take_to4,
	  "where IPv4 datagrams go; port 7 (echo) if not said" },
	{ "to6", "[ADDR]:PORT", take_to6, "where IPv6 datagrams go" },
	{ "source4", "ADDR", take_source4, "our first IPv4 address (wire)" },
	{ "source6", "ADDR", take_source6, "our first IPv6 address (wire)" },
	{ "sources", "N", take_sources,
	  "spread the flows over N consecutive addresses; default 1" },
	{ "source-port", "PORT", take_source_port,
	  "the first flow's source port, counted up from; default 20000" },
	{ "gateway4", "ADDR", take_gateway4,
	  "next hop, asked for by ARP; default: the destination" },
	{ "gateway6", "ADDR", take_gateway6,
	  "next hop, asked for by neighbour discovery; default likewise" },
	{ "mac", "MAC", take_mac, "our own; default 52:54:00:72:70:01" },
	{ "peer-mac", "MAC", take_peer_mac,
	  "the next hop's; do not ask for it" },
	{ "mtu", "BYTES", take_mtu,
	  "longer packets are fragmented; default 1500" },
	{ "speed", "N|max", take_speed,
	  "1: with the recorded gaps (default), 10: ten times as fast,\n"
	  "max: as fast as the answers come" },
	{ "window", "N", take_window,
	  "at most N datagrams unanswered; 0: no limit. Default 0, with\n"
	  "--speed max 32" },
	{ "max-gap", "MS", take_max_gap, "shorten longer silences to this" },
	{ "limit", "N", take_limit, "only the first N datagrams" },
	{ "loop", "N", take_loop, "replay the capture N times" },
	{ "timeout", "MS", take_timeout,
	  "a reply after this is late; also how long stragglers are\n"
	  "waited for. Default 5000" },
	{ "wait", "S", take_wait,
	  "first wait up to S seconds for the appliance to answer probes" },
	{ "ping", "ADDR", take_ping,
	  "side check: ping this address all the while (wire only;\n"
	  "may be given again)" },
	{ "side-echo", "ADDR:PORT", take_side_echo,
	  "side check: another UDP echo service (may be given again)" },
	{ "side-interval", "MS", take_side_interval,
	  "between side checks; default 200" },
	{ "json", "FILE", take_json, "write the results there as well" },
	{ "counters", "FILE", take_counters,
	  "the appliance's counters, lines \"name value\", read at the\n"
	  "end: they give losses their reasons" },
	{ "progress", NULL, take_progress, "say every 2 s how far it is" },
	{ "dry-run", NULL, take_dry_run,
	  "only say what the capture holds; send nothing" },
	{ "help", NULL, take_help, "this text" },
};

#define ENTRIES (sizeof(entries) / sizeof(*entries))

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

void options_help(void)
{
	puts("usage: replay --wire dgram:LOCAL:PEER [options] CAPTURE\n"
	     "       replay --socket [options] CAPTURE\n"
	     "       replay --dry-run CAPTURE\n"
	     "\n"
	     "Sends the UDP datagrams of a pcap or pcapng file (\"-\": standard"
	     " input) to a\nUDP echo service, checks every reply byte for byte"
	     " and reports losses and\nlatencies.\n\noptions:");
	for (size_t i = 0; i < ENTRIES; i++)
		entry_help(&entries[i]);
	puts("\n"
	     "exit status:\n"
	     "  0  every datagram came back in time and unharmed, none twice,"
	     " and every\n     side check was answered\n"
	     "  1  something was lost, late, corrupt, duplicate or unexpected,"
	     " or the\n     appliance never answered, or the run was"
	     " interrupted\n"
	     "  2  the command line or the capture cannot be used");
}

const struct endpoint *options_to(const struct options *o, uint8_t family)
{
	return family == 4 ? &o->to4 : &o->to6;
}

static const struct option_entry *entry_find(const char *name, size_t size)
{
	for (size_t i = 0; i < ENTRIES; i++)
		if (strlen(entries[i].name) == size &&
		    !memcmp(entries[i].name, name, size))
			return &entries[i];
	return NULL;
}

/* Takes "--name value" or "--name=value"; returns arguments used, 0: error. */
static int argument_take(struct options *o, char **argv, char *error,
			 size_t size)
{
	const char *name = argv[0] + 2, *value = strchr(name, '=');
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
		snprintf(error, size, "--%s %s: expected %s - see --help",
			 e->name, value ? value : "",
			 e->argument ? e->argument : "nothing");
		return 0;
	}
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
	bool used = options_to(o, family)->address.family;

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
	if (!o->to4.address.family && !o->to6.address.family)
		return "say where to send: --to4, --to6 or both";
	if (o->transport == TRANSPORT_WIRE)
		return family_check(o, 4) ? family_check(o, 4) :
					    family_check(o, 6);
	for (unsigned int i = 0; i < o->side.count; i++)
		if (o->side.checks[i].kind == SIDE_PING)
			return "--ping needs --wire";
	sources_for_sockets(o);
	return NULL;
}

static void options_derive(struct options *o)
{
	if (o->schedule.max && !o->window_given)
		o->window = WINDOW_AT_MAX;
	if (!o->wire.gateway4.family)
		o->wire.gateway4 = o->to4.address;
	if (!o->wire.gateway6.family)
		o->wire.gateway6 = o->to6.address;
	o->wire.sources = &o->sources;
}

static bool options_check(struct options *o, char *error, size_t size)
{
	const char *wrong = o->capture ? NULL : "no capture given";

	if (!wrong && !o->dry_run)
		wrong = transport_check(o);
	options_derive(o);
	if (wrong)
		snprintf(error, size, "%s - see --help", wrong);
	return !wrong;
}

bool options_parse(struct options *o, int argc, char **argv, char *error,
		   size_t error_size)
{
	options_default(o);
	for (int i = 1; i < argc;) {
		int used = 1;

		if (!strncmp(argv[i], "--", 2) && argv[i][2]) {
			used = argument_take(o, argv + i, error, error_size);
			if (!used)
				return false;
		} else if (o->capture) {
			snprintf(error, error_size, "%s: one capture only, "
				 "have %s - see --help", argv[i], o->capture);
			return false;
		} else {
			o->capture = argv[i];
		}
		i += used;
	}
	return o->help || options_check(o, error, error_size);
}
