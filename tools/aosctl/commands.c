// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * commands - what each sub-command does with its options, and what help says of it.
 */
#include <stdlib.h>
#include <string.h>

#include "admit.h"
#include "capture.h"
#include "check.h"
#include "check_json.h"
#include "command.h"
#include "components.h"
#include "composition.h"
#include "doctor.h"
#include "explain_show.h"
#include "file.h"
#include "places.h"
#include "reload.h"
#include "said.h"
#include "say.h"
#include "settings.h"
#include "show.h"
#include "steer.h"
#include "up.h"
#include "versions.h"

static enum exit_status loaded(int result)
{
	switch (result) {
	case 0:
		return EXIT_DONE;
	case -2:
		return EXIT_USAGE;
	default:
		return EXIT_FAILED;
	}
}

static enum exit_status load(struct appliance *appliance, const struct options *options)
{
	return loaded(check_load(appliance, places_conf(options), stderr));
}

/* ---- the commands -------------------------------------------------------------- */

static enum exit_status run_check(const struct options *options)
{
	static struct appliance appliance;
	enum exit_status status;

	if (options->json)
		return loaded(check_json(places_conf(options)));
	status = load(&appliance, options);
	if (status)
		return status;
	say("%s: good (%u interfaces, %u services, %u components in the image)",
	    places_conf(options), appliance.config.ninterfaces, appliance.config.nservices,
	    appliance.image.header.components.count);
	admit_print(&appliance.image, stdout);
	check_unload(&appliance);
	return EXIT_DONE;
}

static enum exit_status run_up(const struct options *options)
{
	static struct appliance appliance;
	enum exit_status status = load(&appliance, options);
	struct up_options how = { .wait = options->wait,
				  .foreground = options->foreground };

	if (status)
		return status;
	how.modules = places_modules(options, &appliance.config);
	status = up(&appliance, &how) ? EXIT_FAILED : EXIT_DONE;
	check_unload(&appliance);
	return status;
}

static enum exit_status run_down(const struct options *options)
{
	return down(options->name ? options->name : "") ? EXIT_FAILED : EXIT_DONE;
}

static enum exit_status shown(int result)
{
	if (result == SHOW_NOT_UP)
		return EXIT_NOT_UP;
	return result ? EXIT_FAILED : EXIT_DONE;
}

static enum show_form form_of(const struct options *options)
{
	if (options->json)
		return SHOW_JSON;
	return options->raw ? SHOW_RAW : SHOW_TEXT;
}

static enum exit_status run_status(const struct options *options)
{
	return shown(show_status(options->name, form_of(options)));
}

static enum exit_status run_stats(const struct options *options)
{
	if (options->latency)
		return shown(show_latency(options->name, options->watch, options->json));
	if (options->watch > 0)
		return shown(show_watch(options->name, options->watch, options->json));
	return shown(show_stats(options->name, form_of(options), options->explain));
}

static enum exit_status run_log(const struct options *options)
{
	if (options->component)
		return shown(said_show(options->name ? options->name : "", options->component,
				       options->follow, options->json));
	if (!options->json)
		return shown(show_log(options->name, options->follow));
	say_error("log: -j needs --component");
	return EXIT_USAGE;
}

static enum exit_status steered(int result)
{
	if (result == RUNNING_NOT_UP)
		return EXIT_NOT_UP;
	return result ? EXIT_FAILED : EXIT_DONE;
}

static enum exit_status run_reload(const struct options *options)
{
	static struct appliance appliance;
	enum exit_status status = load(&appliance, options);

	if (status)
		return status;
	status = steered(reload(&appliance, places_conf(options)));
	check_unload(&appliance);
	return status;
}

static enum exit_status run_flows(const struct options *options)
{
	return steered(steer_list(options->name, options->json));
}

static enum exit_status run_explain(const struct options *options)
{
	const struct explain_options what = {
		.name = options->name, .pcap = options->pcap, .json = options->json,
		.words = options->words, .nwords = options->nwords,
	};
	int result = explain_show(&what);

	return result == EXPLAIN_BAD_WORDS ? EXIT_USAGE : steered(result);
}

static enum exit_status run_capture(const struct options *options)
{
	const struct capture_options what = {
		.name = options->name, .file = options->file, .count = options->count,
		.words = options->words, .nwords = options->nwords,
	};

	if (!options->file) {
		say_error("capture: name a file with -w, or - to pipe it: 'aosctl capture -w - | "
			  "tcpdump -r -'");
		return EXIT_USAGE;
	}
	return steered(capture(&what));
}

static enum exit_status run_steer(const struct options *options)
{
	const char *what = options->nwords ? options->words[0] : "";
	char *const *rest = options->words + 1;
	int n = options->nwords - 1;

	if (!strcmp(what, "add") && n == 1)
		return steered(steer_add(options->name, rest[0]));
	if (!strcmp(what, "del") && n >= 1)
		return steered(steer_del(options->name, rest, n));
	if (!strcmp(what, "list") && n == 0)
		return steered(steer_list(options->name, options->json));
	say_error("steer: say 'add FILE', 'del ID...' or 'list': see 'aosctl help steer'");
	return EXIT_USAGE;
}

static enum exit_status run_components(const struct options *options)
{
	return shown(components_show(options->name ? options->name : "", options->json));
}

static enum exit_status run_composition(const struct options *options)
{
	return shown(composition_show(options->name ? options->name : "", options->json));
}

static enum exit_status run_set(const struct options *options)
{
	if (options->nwords)
		return steered(settings_set(options->name, options->words, options->nwords));
	say_error("set: say what: 'aosctl set COMPONENT.THREAD budget=2ms': see 'aosctl composition'");
	return EXIT_USAGE;
}

static enum exit_status run_restart(const struct options *options)
{
	if (options->nwords == 1)
		return shown(components_restart(options->name ? options->name : "",
						options->words[0]));
	say_error("restart: say which component: see 'aosctl components'");
	return EXIT_USAGE;
}

static enum exit_status run_stop(const struct options *options)
{
	if (options->nwords == 1)
		return shown(components_stop(options->name ? options->name : "",
					     options->words[0]));
	say_error("stop: say which component: see 'aosctl components'");
	return EXIT_USAGE;
}

static int last_cpu(void)
{
	int cpu = CPU_SETSIZE - 1;
	cpu_set_t online;

	file_online_cpus(&online);
	while (cpu && !CPU_ISSET((size_t)cpu, &online))
		cpu--;
	return cpu;
}

/* A configuration, if there is a good one, says which CPU; else the last one. */
static enum exit_status run_doctor(const struct options *options)
{
	static struct appliance appliance;
	const struct config *config = &appliance.config;
	FILE *null = fopen("/dev/null", "we");
	unsigned int blocks;

	if (null && !check_load(&appliance, places_conf(options), null)) {
		blocks = doctor(config, places_modules(options, config), options->json);
		check_unload(&appliance);
	} else {
		appliance.config = (struct config){ .aos.cpu = last_cpu() };
		blocks = doctor(config, places_modules(options, NULL), options->json);
	}
	if (null)
		fclose(null);
	return blocks ? EXIT_FAILED : EXIT_DONE;
}

static enum exit_status run_version(const struct options *options)
{
	return versions_show(options->json) ? EXIT_FAILED : EXIT_DONE;
}

static enum exit_status run_help(const struct options *options)
{
	const struct command *command = options->name ? command_find(options->name) : NULL;

	if (options->name && !command) {
		say_error("no command '%s': see 'aosctl help'", options->name);
		return EXIT_USAGE;
	}
	if (command)
		command_print(stdout, command);
	else
		command_print_all(stdout);
	return EXIT_DONE;
}

const struct command commands[] = {
	{ "check", run_check, "cj", "[-j] [-c CONF]",
	  "read and check the configuration and what it names; changes nothing" },
	{ "up", run_up, "cmfT", "[-c CONF] [--modules DIR] [--wait S] [--foreground]",
	  "check, load the modules, create the interfaces, start the AOS, steer flows\n"
	  "to it; when a step fails all are undone. Up already: does nothing", .changes = true },
	{ "down", run_down, "N", "[NAME]", "take back all that 'up' did", .changes = true },
	{ "reload", run_reload, "c", "[-c CONF]",
	  "make what is up as CONF says: steering, forwarding, and the settings of the boot\n"
	  "image (see 'set'), and of them only what differs; all or nothing. What needs a\n"
	  "restart of the AOS is refused", .changes = true },
	{ "status", run_status, "jN", "[-j] [NAME]", "what the AOS is doing" },
	{ "stats", run_stats, "jrelwN",
	  "[-j] [--raw | --explain | [--latency] [-w [SECONDS]]] [NAME]",
	  "counters of all components and of the cosnet interfaces; --raw: lines of\n"
	  "'component.counter value'; 'dev.' are Linux's own of the device; --explain:\n"
	  "what was dropped, and why; -w: again and again what has changed, and how fast;\n"
	  "--latency: how long components' invocations and flows' datagrams took; with -w\n"
	  "those since the last look" },
	{ "components", run_components, "jN", "[-j] [NAME]",
	  "what the AOS is made of: state, restarts, faults" },
	{ "composition", run_composition, "jN", "[-j] [NAME]",
	  "which component calls which, their threads, priorities, budgets, as they are now" },
	{ "set", run_set, "iW", "[-i NAME] COMPONENT[.THREAD] KEY=VALUE... ...",
	  "change what runs, until 'reload' or 'down': of a thread priority=N, budget=TIME,\n"
	  "period=TIME, deadline=TIME, of a component watchdog=N, restart.max=N,\n"
	  "restart.within=TIME; TIME: 500us, 2ms, 1s. All of them, or none; what would be\n"
	  "late by coslink's test is refused", .changes = true },
	{ "restart", run_restart, "iW", "[-i NAME] COMPONENT",
	  "make a component anew from its image, also one that is down after too many\n"
	  "restarts; whoever calls it meanwhile gets an error, packets in it are counted",
	  .changes = true },
	{ "stop", run_stop, "iW", "[-i NAME] COMPONENT",
	  "stop a component until 'restart': whoever calls it gets an error, packets for it\n"
	  "are counted as dropped. Not what the control plane itself needs", .changes = true },
	{ "flows", run_flows, "jN", "[-j] [NAME]",
	  "what is steered where, and how many packets so far ('-': Linux does not\n"
	  "count them)" },
	{ "steer", run_steer, "jiW", "[-i NAME] add FILE | del ID... | list",
	  "steering while the AOS is up, until 'down'. FILE ('-': standard input):\n"
	  "  rules = ( { to = \"cos0\"; mode = \"redirect\"; from = \"eth0\";\n"
	  "    prefix = \"ADDRESS/LENGTH\"; protocol = \"udp\"; ports = \"5000-5099\";\n"
	  "    down = \"linux\"; } );\n"
	  "with the keys that 'steering' has in CONF, and 'to'. All rules are added, or\n"
	  "none; all flows are taken away, or none. ID: see 'aosctl flows'", .changes = true },
	{ "explain", run_explain, "jipW",
	  "[-j] [-i NAME] udp|tcp SRC:PORT DST:PORT | icmp SRC DST [dev IF] [vlan N]\n"
	  "    [length N], or --pcap FILE [N] [dev IF]",
	  "what becomes of such a packet: which flow takes it, what component gets it under\n"
	  "which budget, who answers, where the answer leaves, and why the other flows do not\n"
	  "take it. dev: where it comes in; without, this host sends it. Or of packet N of a\n"
	  "capture, or of all, a line each. IPv6 with port: [ADDRESS]:PORT" },
	{ "capture", run_capture, "ionW", "-w FILE [-n COUNT] [-i NAME] [FILTER]",
	  "record what goes to the AOS and comes from it, as pcapng ('-': to a pipe), each packet\n"
	  "with a comment; FILTER: see pcap-filter(7). Ends by a signal, or after COUNT packets,\n"
	  "and says then what it has not seen" },
	{ "log", run_log, "FCjN", "[-f] [--component COMPONENT [-j]] [NAME]",
	  "log of the AOS; -f: go on until it ends. --component: what that one has said last,\n"
	  "with the AOS's time in seconds, also when the log has gone on" },
	{ "doctor", run_doctor, "cmj", "[-j] [-c CONF] [--modules DIR]",
	  "can this host run the AOS, and if not, why not" },
	{ "version", run_version, "j", "[-j]",
	  "version of this program, revisions of its interfaces, and whether the modules that\n"
	  "are loaded have the same" },
	{ "help", run_help, "N", "[COMMAND]", "this" },
	{ 0 }
};

