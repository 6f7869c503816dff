/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sub-commands: what they are given, and the exit status that they end with. */
#ifndef AOSCTL_COMMAND_H
#define AOSCTL_COMMAND_H

#include <stdbool.h>
#include <stdio.h>

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
	const char *conf, *modules, *name, *pcap, *component;
	char *const *words;	/* the other arguments, where a command takes some */
	int nwords;
	bool json, raw, explain, latency, follow, foreground;
	double wait;		/* seconds */
	const char *file;	/* to write */
	unsigned long count;	/* 0: no end */
	double watch;		/* seconds between looks; 0: one look */
};

struct command {
	const char *name;
	enum exit_status (*run)(const struct options *options);
	const char *accepts;	/* option letters, 'N' for a name, 'W' for words */
	const char *arguments;
	const char *help;
	bool changes;		/* and does not end half-way when nobody reads what it says */
};


/* Ended by one without a name. */
extern const struct command commands[];

const struct command *command_find(const char *name);

/* What it is for, and its arguments. */
void command_print(FILE *out, const struct command *command);
void command_print_all(FILE *out);

#endif
