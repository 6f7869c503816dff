// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * aosctl - the operator's command: starts, stops and watches the appliance.
 * Here: sub-commands, their options, and the exit status.
 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "abi/counters.h"
#include "abi/ring.h"
#include "check.h"
#include "file.h"
#include "preflight.h"
#include "reload.h"
#include "say.h"
#include "show.h"
#include "steer.h"
#include "up.h"

#ifndef VERSION
#define VERSION "unknown"
#endif

#define DEFAULT_CONF	"/etc/aos/appliance.conf"
#define BESIDE_CONF	"etc/appliance.conf"	/* below the prefix of this program */
#define BESIDE_MODULES	"modules"

enum exit_status {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,	/* or: the configuration has errors */
	EXIT_USAGE = 2,		/* or: the configuration cannot be read */
	EXIT_NOT_UP = 3
};

struct options {
	const char *conf, *modules, *name;
	char *const *words;	/* the other arguments, where a command takes some */
	int nwords;
	bool json, raw, explain, follow, foreground;
	double wait;
};

struct command {
	const char *name;
	enum exit_status (*run)(const struct options *options);
	const char *accepts;	/* option letters, 'N' for a name, 'W' for words */
	const char *arguments;
	const char *help;
};

/* ---- where things are -------------------------------------------------------- */

/* PREFIX/sbin/aosctl knows PREFIX/etc/appliance.conf and PREFIX/modules. */
static const char *beside(const char *what, char *path)
{
	char program[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 1);
	char *slash = NULL;

	for (int up_two = 0; n > 0 && up_two < 2; up_two++) {
		program[n] = '\0';
		slash = strrchr(program, '/');
		n = slash ? slash - program : 0;
	}
	if (!slash ||
	    snprintf(path, PATH_MAX, "%.*s/%s", (int)n, program, what) >= PATH_MAX)
		return NULL;
	return file_exists(path) ? path : NULL;
}

static const char *conf_path(const struct options *options)
{
	static char path[PATH_MAX];
	const char *found = options->conf;

	if (!found)
		found = beside(BESIDE_CONF, path);
	return found ? found : DEFAULT_CONF;
}

/* NULL: modprobe knows. */
static const char *modules_path(const struct options *options,
				const struct config *config)
{
	static char path[PATH_MAX];

	if (options->modules)
		return options->modules;
	if (config && config->modules.path[0])
		return config->modules.path;
	return beside(BESIDE_MODULES "/hijack.ko", path) ? beside(BESIDE_MODULES, path)
							: NULL;
}

static enum exit_status load(struct appliance *appliance, const struct options *options)
{
	switch (check_load(appliance, conf_path(options), stderr)) {
	case 0:
		return EXIT_DONE;
	case -2:
		return EXIT_USAGE;
	default:
		return EXIT_FAILED;
	}
}

/* ---- the commands -------------------------------------------------------------- */

static enum exit_status run_check(const struct options *options)
{
	static struct appliance appliance;
	enum exit_status status = load(&appliance, options);

	if (status)
		return status;
	say("%s: good (%u interfaces, %u services, %u components in the image)",
	    conf_path(options), appliance.config.ninterfaces, appliance.config.nservices,
	    appliance.image.header.components.count);
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
	how.modules = modules_path(options, &appliance.config);
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
	if (options->explain)
		return SHOW_REASONS;
	return options->raw ? SHOW_RAW : SHOW_TEXT;
}

static enum exit_status run_status(const struct options *options)
{
	return shown(show_status(options->name, form_of(options)));
}

static enum exit_status run_stats(const struct options *options)
{
	return shown(show_stats(options->name, form_of(options)));
}

static enum exit_status run_log(const struct options *options)
{
	return shown(show_log(options->name, options->follow));
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
	status = steered(reload(&appliance, conf_path(options)));
	check_unload(&appliance);
	return status;
}

static enum exit_status run_flows(const struct options *options)
{
	return steered(steer_list(options->name, options->json));
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

	if (null && !check_load(&appliance, conf_path(options), null)) {
		blocks = preflight_doctor(config->aos.cpu, config->aos.frames,
					  modules_path(options, config));
		check_unload(&appliance);
	} else {
		say("remark  no good configuration (see 'aosctl check'): looking at the "
		    "last CPU");
		blocks = preflight_doctor(last_cpu(), 0, modules_path(options, NULL));
	}
	if (null)
		fclose(null);
	return blocks ? EXIT_FAILED : EXIT_DONE;
}

static enum exit_status run_version(const struct options *options)
{
	(void)options;
	say("aosctl %s (hijack %d, image %u, bootinfo %u, ring %u, counters %u)", VERSION,
	    HIJACK_REVISION, IMAGE_REVISION, BOOTINFO_REVISION, RING_REVISION,
	    COUNTERS_REVISION);
	return EXIT_DONE;
}

static enum exit_status run_help(const struct options *options);

static const struct command commands[] = {
	{ "check", run_check, "c", "[-c CONF]",
	  "read and check the configuration and what it names; changes nothing" },
	{ "up", run_up, "cmfw", "[-c CONF] [--modules DIR] [--wait S] [--foreground]",
	  "check, load the modules, create the interfaces, start the AOS, steer flows\n"
	  "to it; when a step fails all are undone. Up already: does nothing" },
	{ "down", run_down, "N", "[NAME]", "take back all that 'up' did" },
	{ "reload", run_reload, "c", "[-c CONF]",
	  "make what is up as CONF says: steering and forwarding, and of them only what\n"
	  "differs; all or nothing. What needs a restart of the AOS is refused" },
	{ "status", run_status, "jN", "[-j] [NAME]", "what the AOS is doing" },
	{ "stats", run_stats, "jreN", "[-j | --raw | --explain] [NAME]",
	  "counters of all components and of the cosnet interfaces; --raw: lines of\n"
	  "'component.counter value'; 'dev.' are Linux's own of the device; --explain:\n"
	  "what was dropped, and why" },
	{ "flows", run_flows, "jN", "[-j] [NAME]",
	  "what is steered where, and how many packets so far ('-': Linux does not\n"
	  "count them)" },
	{ "steer", run_steer, "jiW", "[-i NAME] add FILE | del ID... | list",
	  "steering while the AOS is up, until 'down'. FILE ('-': standard input):\n"
	  "  rules = ( { to = \"cos0\"; mode = \"redirect\"; from = \"eth0\";\n"
	  "    prefix = \"ADDRESS/LENGTH\"; protocol = \"udp\"; ports = \"5000-5099\";\n"
	  "    down = \"linux\"; } );\n"
	  "with the keys that 'steering' has in CONF, and 'to'. All rules are added, or\n"
	  "none; all flows are taken away, or none. ID: see 'aosctl flows'" },
	{ "log", run_log, "FN", "[-f] [NAME]", "log of the AOS; -f: go on until it ends" },
	{ "doctor", run_doctor, "cm", "[-c CONF] [--modules DIR]",
	  "can this host run the AOS, and if not, why not" },
	{ "version", run_version, "", "", "version and interface revisions" },
	{ "help", run_help, "N", "[COMMAND]", "this" },
};

#define NCOMMANDS (sizeof(commands) / sizeof(commands[0]))

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < NCOMMANDS; i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

static void print_command(FILE *out, const struct command *command)
{
	fprintf(out, "aosctl %s%s%s\n    ", command->name, *command->arguments ? " " : "",
		command->arguments);
	for (const char *c = command->help; *c; c++) {
		fputc(*c, out);
		if (*c == '\n')
			fputs("    ", out);
	}
	fputc('\n', out);
}

static void print_help(FILE *out)
{
	fputs("aosctl - start, stop and watch the appliance\n\n", out);
	for (size_t i = 0; i < NCOMMANDS; i++)
		print_command(out, &commands[i]);
	fputs("\nNAME is an instance; it may be left out when there is only one.\n"
	      "CONF is PREFIX/" BESIDE_CONF " if this program is PREFIX/sbin/aosctl and\n"
	      "that exists, else " DEFAULT_CONF ". Modules come from --modules DIR,\n"
	      "'modules' in CONF, PREFIX/" BESIDE_MODULES ", or modprobe.\n\n"
	      "Exit status: 0 done; 1 failed, or the configuration has errors;\n"
	      "2 wrong usage, or no configuration; 3 not up (status, stats, flows, steer, reload, log).\n",
	      out);
}

static enum exit_status run_help(const struct options *options)
{
	const struct command *command = options->name ? find_command(options->name) : NULL;

	if (options->name && !command) {
		say_error("no command '%s': see 'aosctl help'", options->name);
		return EXIT_USAGE;
	}
	if (command)
		print_command(stdout, command);
	else
		print_help(stdout);
	return EXIT_DONE;
}

/* ---- the command line ------------------------------------------------------------ */

static const struct option long_options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "modules", required_argument, NULL, 'm' },
	{ "wait", required_argument, NULL, 'w' },
	{ "foreground", no_argument, NULL, 'f' },
	{ "follow", no_argument, NULL, 'F' },
	{ "json", no_argument, NULL, 'j' },
	{ "raw", no_argument, NULL, 'r' },
	{ "explain", no_argument, NULL, 'e' },
	{ "instance", required_argument, NULL, 'i' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

static bool take_option(struct options *options, int letter)
{
	char *end = NULL;

	switch (letter) {
	case 'c': options->conf = optarg; break;
	case 'm': options->modules = optarg; break;
	case 'f': options->foreground = true; break;
	case 'F': options->follow = true; break;
	case 'j': options->json = true; break;
	case 'r': options->raw = true; break;
	case 'e': options->explain = true; break;
	case 'i': options->name = optarg; break;
	case 'w':
		options->wait = strtod(optarg, &end);
		return end != optarg && !*end && options->wait > 0;
	}
	return true;
}

static enum exit_status usage(const struct command *command, const char *why)
{
	say_error("%s: %s", command->name, why);
	print_command(stderr, command);
	return EXIT_USAGE;
}

static enum exit_status run_command(const struct command *command, int argc, char **argv)
{
	struct options options = { .wait = 60 };
	int letter;

	while ((letter = getopt_long(argc, argv, "c:m:fji:", long_options, NULL)) != -1) {
		if (letter == 'f' && strchr(command->accepts, 'F'))
			letter = 'F';
		if (letter == 'h') {
			print_command(stdout, command);
			return EXIT_DONE;
		}
		if (letter == '?')
			return EXIT_USAGE;
		if (!strchr(command->accepts, letter))
			return usage(command, "does not take this option");
		if (!take_option(&options, letter))
			return usage(command, "--wait takes seconds");
	}
	if (optind < argc && strchr(command->accepts, 'N'))
		options.name = argv[optind++];
	if (strchr(command->accepts, 'W')) {
		options.words = argv + optind;
		options.nwords = argc - optind;
		optind = argc;
	}
	if (optind < argc)
		return usage(command, "too many arguments");
	return command->run(&options);
}

int main(int argc, char **argv)
{
	const struct command *command;

	if (argc < 2) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		argv[1] = "help";
	if (!strcmp(argv[1], "--version"))
		argv[1] = "version";
	command = find_command(argv[1]);
	if (!command) {
		say_error("no command '%s': see 'aosctl help'", argv[1]);
		return EXIT_USAGE;
	}
	argv[1] = argv[0];
	return run_command(command, argc - 1, argv + 1);
}
