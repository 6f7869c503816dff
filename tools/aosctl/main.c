// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * aosctl - the operator's command: starts, stops and watches the appliance.
 * Here: the command line.
 */
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "say.h"

static const struct option long_options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "modules", required_argument, NULL, 'm' },
	{ "wait", required_argument, NULL, 'T' },
	{ "foreground", no_argument, NULL, 'f' },
	{ "count", required_argument, NULL, 'n' },
	{ "follow", no_argument, NULL, 'F' },
	{ "watch", optional_argument, NULL, 'w' },
	{ "json", no_argument, NULL, 'j' },
	{ "component", required_argument, NULL, 'C' },
	{ "raw", no_argument, NULL, 'r' },
	{ "explain", no_argument, NULL, 'e' },
	{ "latency", no_argument, NULL, 'l' },
	{ "instance", required_argument, NULL, 'i' },
	{ "pcap", required_argument, NULL, 'p' },
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
	case 'l': options->latency = true; break;
	case 'C': options->component = optarg; break;
	case 'i': options->name = optarg; break;
	case 'p': options->pcap = optarg; break;
	case 'o': options->file = optarg; return optarg;
	case 'n':
		options->count = strtoul(optarg, &end, 10);
		return end != optarg && !*end && options->count;
	case 'T':
		options->wait = strtod(optarg, &end);
		return end != optarg && !*end && options->wait > 0;
	case 'w':
		options->watch = optarg ? strtod(optarg, &end) : 1;
		return (!optarg || (end != optarg && !*end)) && options->watch >= 0.1;
	}
	return true;
}

static bool is_number(const char *word)
{
	return word && *word && !word[strspn(word, "0123456789.")];
}

static enum exit_status usage(const struct command *command, const char *why)
{
	say_error("%s: %s", command->name, why);
	command_print(stderr, command);
	return EXIT_USAGE;
}

static const char *bad_value(int letter)
{
	switch (letter) {
	case 'o': return "-w takes a file, or - for standard output";
	case 'n': return "--count takes a number";
	case 'w': return "-w takes seconds, 0.1 or more";
	default:  return "--wait takes seconds";
	}
}

static enum exit_status run_command(const struct command *command, int argc, char **argv)
{
	struct options options = { .wait = 60 };
	int letter;

	while ((letter = getopt_long(argc, argv, "c:m:fji:w::n:", long_options, NULL)) != -1) {
		if (letter == 'f' && strchr(command->accepts, 'F'))
			letter = 'F';
		if (letter == 'w' && strchr(command->accepts, 'o'))
			letter = 'o';
		if (letter == 'h') {
			command_print(stdout, command);
			return EXIT_DONE;
		}
		if (letter == '?')
			return EXIT_USAGE;
		if (!strchr(command->accepts, letter))
			return usage(command, "does not take this option");
		if (!optarg && optind < argc &&
		    (letter == 'o' || (letter == 'w' && is_number(argv[optind]))))
			optarg = argv[optind++];
		if (!take_option(&options, letter))
			return usage(command, bad_value(letter));
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
	if (command->changes)
		signal(SIGPIPE, SIG_IGN);
	return command->run(&options);
}

int main(int argc, char **argv)
{
	const struct command *command;

	if (argc < 2) {
		command_print_all(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		argv[1] = "help";
	if (!strcmp(argv[1], "--version"))
		argv[1] = "version";
	command = command_find(argv[1]);
	if (!command) {
		say_error("no command '%s': see 'aosctl help'", argv[1]);
		return EXIT_USAGE;
	}
	argv[1] = argv[0];
	return run_command(command, argc - 1, argv + 1);
}
