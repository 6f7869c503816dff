/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kmux's files offer each other.  Troubles go to stderr, with the remedy. */
#ifndef TOOL_KMUX_H
#define TOOL_KMUX_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "uapi/kmux.h"

#define KMUX_DEVICE "/dev/kmux"

/* Exit statuses beside those of a command that was run (see main.c's help). */
#define KMUX_EXIT_FAILED	125	/* the command was not run */
#define KMUX_EXIT_NO_EXEC	126	/* it could not be executed */
#define KMUX_EXIT_NOT_FOUND	127

/* calls.c: names of system calls.  A number, or -1; a name, or NULL. */
int calls_number(const char *name);
const char *calls_name(int number);
void calls_print(void);

/* errors.c: names of errno values.  A number of 1 to KMUX_MAX_ERROR, or -1. */
int errors_number(const char *name);
const char *errors_name(int number);

/* lists.c: sets of system calls, by number. */
struct call_set {
	bool has[KMUX_CALLS];
	bool given;
};

/* "NAME,NUMBER,@FILE,..." into the set; false, and said why, if it is none. */
bool lists_add(struct call_set *set, const char *text);

/* What the rules are made of. */
struct policy {
	struct call_set allow, deny, log;
	int error;
	bool kill, log_all, inherit;
	unsigned int threads;
};

/* False, and said why, if they make no sense together. */
bool lists_rules(struct kmux_rules *rules, const struct policy *policy);

/* run.c: the command under the rules; kmux's exit status. */
struct run_options {
	const struct kmux_rules *rules;
	const char *log;	/* a file, "-" for stderr, or NULL */
	bool no_new_privs;
	char **command;
};
int run_command(const struct run_options *options);

/* watch.c: the log of the filter that a thread is under. */
int watch_log(pid_t pid, bool follow);
int watch_status(pid_t pid);

/* print.c: takes what there is from the log, prints it; -1, errno set, on error. */
int print_records(int kmux, FILE *out);

/* The file, open; -1, and said why, if there is none. */
int open_kmux(void);

#endif
