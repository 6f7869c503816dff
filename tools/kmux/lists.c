// SPDX-License-Identifier: GPL-2.0-or-later
/* From lists of names to rules. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kmux.h"

/* They cannot be refused (uapi/kmux.h). */
static const char *const vital[] = { "exit", "exit_group", "rt_sigreturn", "restart_syscall" };

static bool add_name(struct call_set *set, const char *name, const char *where)
{
	int number = calls_number(name);

	if (number < 0) {
		fprintf(stderr, "kmux: %s: there is no system call '%s' (see kmux calls)\n",
			where, name);
		return false;
	}
	set->has[number] = true;
	return true;
}

/* A line of a file: names between blanks and commas, up to a #. */
static bool add_line(struct call_set *set, char *line, const char *where)
{
	char *name, *rest = line;
	bool good = true;

	line[strcspn(line, "#")] = '\0';
	while ((name = strsep(&rest, ", \t\r\n")))
		if (*name)
			good &= add_name(set, name, where);
	return good;
}

static bool add_file(struct call_set *set, const char *path)
{
	FILE *file = fopen(path, "re");
	char *line = NULL, where[4096];
	size_t size = 0;
	int number = 0;
	bool good = true;

	if (!file) {
		fprintf(stderr, "kmux: %s: %s\n", path, strerror(errno));
		return false;
	}
	while (getline(&line, &size, file) > 0) {
		snprintf(where, sizeof(where), "%s:%d", path, ++number);
		good &= add_line(set, line, where);
	}
	if (ferror(file)) {
		fprintf(stderr, "kmux: %s: %s\n", path, strerror(errno));
		good = false;
	}
	free(line);
	fclose(file);
	return good;
}

bool lists_add(struct call_set *set, const char *text)
{
	char *copy = strdup(text), *rest = copy, *word;
	bool good = copy;

	set->given = true;
	while (good && (word = strsep(&rest, ","))) {
		if (word[0] == '@')
			good = add_file(set, word + 1);
		else if (*word)
			good = add_name(set, word, "list");
	}
	free(copy);
	return good;
}

static bool is_vital(int number)
{
	size_t i;

	for (i = 0; i < sizeof(vital) / sizeof(*vital); i++)
		if (calls_number(vital[i]) == number)
			return true;
	return false;
}

static bool policy_makes_sense(const struct policy *policy)
{
	int i;

	if (policy->allow.given == policy->deny.given) {
		fprintf(stderr, "kmux: give either --allow or --deny\n");
		return false;
	}
	for (i = 0; i < KMUX_CALLS; i++)
		if (policy->deny.has[i] && is_vital(i)) {
			fprintf(stderr, "kmux: --deny: %s cannot be refused: it ends or continues what Linux has begun\n",
				calls_name(i));
			return false;
		}
	return true;
}

bool lists_rules(struct kmux_rules *rules, const struct policy *policy)
{
	int i;

	if (!policy_makes_sense(policy))
		return false;
	*rules = (struct kmux_rules){
		.size = sizeof(*rules),
		.revision = KMUX_REVISION,
		.flags = KMUX_AT_EXEC | (policy->inherit ? KMUX_INHERIT : 0),
		.threads = policy->threads,
	};
	for (i = 0; i < KMUX_CALLS; i++) {
		struct kmux_rule *rule = &rules->rule[i];
		bool refused = policy->allow.given ? !policy->allow.has[i] : policy->deny.has[i];

		rule->log = policy->log_all || policy->log.has[i];
		if (!refused || is_vital(i))
			continue;
		rule->log = 1;
		rule->action = policy->kill ? KMUX_KILL : KMUX_ERRNO;
		rule->error = policy->kill ? 0 : (__u16)policy->error;
	}
	return true;
}
