// SPDX-License-Identifier: GPL-2.0-or-later
/* kmux - a command under a filter of system calls.  See kmux.1. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "kmux.h"

#define DEFAULT_THREADS 1024

static const char usage_text[] =
"usage: kmux run (--allow LIST | --deny LIST) [options] -- COMMAND [ARGUMENT...]\n"
"       kmux log [--follow] PID\n"
"       kmux status PID\n"
"       kmux calls\n"
"\n"
"run runs COMMAND under a filter of system calls, which hijack.ko applies.\n"
"\n"
"  --allow LIST     these calls go through, every other one is refused\n"
"  --deny LIST      these calls are refused, every other one goes through\n"
"  --errno E        what a refused call returns, a name or a number (EPERM)\n"
"  --kill           no errno: the process ends, with exit status 159\n"
"  --inherit        child processes are under the filter too (threads always are)\n"
"  --threads N      at one time; then fork() and clone() fail: EAGAIN (1024)\n"
"  --log FILE       what was refused, or logged otherwise; - for stderr\n"
"  --log-calls LIST log these too, whatever becomes of them\n"
"  --log-all        log every call\n"
"  --no-new-privs   give up set-user-ID programs; needed without CAP_SYS_ADMIN\n"
"\n"
"LIST is names and numbers with commas between, @FILE for such in a file, # a\n"
"comment there. Lists of several options add up. exit, exit_group, rt_sigreturn\n"
"and restart_syscall always go through.\n"
"\n"
"log takes the records from the log of the filter that thread PID is under, and\n"
"prints them; --follow until no thread is left. status prints its counters, calls\n"
"the system calls' numbers and names.\n"
"\n"
"Exit status of run: the command's, or 128 + N if signal N ended it; 127 it was\n"
"not found, 126 not executable, 125 there was trouble before. Else 0, 125, or 2\n"
"for a wrong command line.\n";

enum { USAGE = 2 };

static int usage(FILE *out)
{
	fputs(usage_text, out);
	return out == stdout ? 0 : USAGE;
}

static long number_of(const char *text, long max)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	return end == text || *end || errno || n < 1 || n > max ? -1 : n;
}

enum option_key {
	ALLOW = 1, DENY, ERRNO, KILL, INHERIT, THREADS, LOG, LOG_CALLS, LOG_ALL, NNP, HELP
};

static const struct option run_options[] = {
	{ "allow", required_argument, NULL, ALLOW },
	{ "deny", required_argument, NULL, DENY },
	{ "errno", required_argument, NULL, ERRNO },
	{ "kill", no_argument, NULL, KILL },
	{ "inherit", no_argument, NULL, INHERIT },
	{ "threads", required_argument, NULL, THREADS },
	{ "log", required_argument, NULL, LOG },
	{ "log-calls", required_argument, NULL, LOG_CALLS },
	{ "log-all", no_argument, NULL, LOG_ALL },
	{ "no-new-privs", no_argument, NULL, NNP },
	{ "help", no_argument, NULL, HELP },
	{ NULL, 0, NULL, 0 }
};

static bool take_errno(struct policy *policy, const char *text)
{
	policy->error = errors_number(text);
	if (policy->error > 0)
		return true;
	fprintf(stderr, "kmux: --errno %s: no error's name, nor a number of 1 to %d\n", text,
		KMUX_MAX_ERROR);
	return false;
}

static bool take_threads(struct policy *policy, const char *text)
{
	long n = number_of(text, KMUX_MAX_THREADS);

	policy->threads = (unsigned int)n;
	if (n > 0)
		return true;
	fprintf(stderr, "kmux: --threads %s: not a number of 1 to %d\n", text, KMUX_MAX_THREADS);
	return false;
}

static bool take_option(int key, struct policy *policy, struct run_options *run)
{
	switch (key) {
	case ALLOW:
		return lists_add(&policy->allow, optarg);
	case DENY:
		return lists_add(&policy->deny, optarg);
	case ERRNO:
		return take_errno(policy, optarg);
	case THREADS:
		return take_threads(policy, optarg);
	case LOG_CALLS:
		return lists_add(&policy->log, optarg);
	case KILL:
		return policy->kill = true;
	case INHERIT:
		return policy->inherit = true;
	case LOG_ALL:
		return policy->log_all = true;
	case NNP:
		return run->no_new_privs = true;
	case LOG:
		run->log = optarg;
		return true;
	default:
		fprintf(stderr, "see kmux --help\n");
		return false;
	}
}

static int main_run(int argc, char **argv)
{
	static struct policy policy = { .error = EPERM, .threads = DEFAULT_THREADS };
	static struct kmux_rules rules;
	struct run_options run = { .rules = &rules };
	int key;

	while ((key = getopt_long(argc, argv, "+", run_options, NULL)) != -1) {
		if (key == HELP)
			return usage(stdout);
		if (!take_option(key, &policy, &run))
			return USAGE;
	}
	if (!lists_rules(&rules, &policy))
		return USAGE;
	if (optind == argc) {
		fprintf(stderr, "kmux: run: which command? See kmux --help\n");
		return USAGE;
	}
	run.command = argv + optind;
	return run_command(&run);
}

static int main_watch(int argc, char **argv, bool log)
{
	bool follow = argc == 3 && log && !strcmp(argv[1], "--follow");
	long pid = argc == 2 + follow ? number_of(argv[1 + follow], __INT_MAX__) : -1;

	if (pid < 0)
		return usage(stderr);
	return log ? watch_log((pid_t)pid, follow) : watch_status((pid_t)pid);
}

int main(int argc, char **argv)
{
	const char *command = argc > 1 ? argv[1] : "";

	if (!strcmp(command, "run"))
		return main_run(argc - 1, argv + 1);
	if (!strcmp(command, "log") || !strcmp(command, "status"))
		return main_watch(argc - 1, argv + 1, command[0] == 'l');
	if (!strcmp(command, "calls") && argc == 2) {
		calls_print();
		return 0;
	}
	return usage(!strcmp(command, "--help") ? stdout : stderr);
}
