// SPDX-License-Identifier: GPL-2.0-or-later
/* Wishes for a composition, and whether there is time for them: see settings.h.  Pure. */
#include <stdlib.h>
#include <string.h>

#include "admit.h"
#include "say.h"
#include "settings.h"

static const struct key {
	const char *name;
	enum control_setting setting;
	uint32_t unit;		/* ns; 0: a number */
} keys[] = {
	{ "priority", CONTROL_PRIORITY, 0 },
	{ "period", CONTROL_PERIOD_US, 1000 },
	{ "budget", CONTROL_BUDGET_US, 1000 },
	{ "deadline", CONTROL_DEADLINE_US, 1000 },
	{ "watchdog", CONTROL_WATCHDOG, 0 },
	{ "restart.max", CONTROL_RESTART_MAX, 0 },
	{ "restart.within", CONTROL_RESTART_WITHIN_MS, 1000000 },
};

static uint32_t *field(struct composition *c, enum control_setting setting, uint32_t index)
{
	switch (setting) {
	case CONTROL_PRIORITY: return &c->thread[index].priority;
	case CONTROL_PERIOD_US: return &c->thread[index].period_us;
	case CONTROL_BUDGET_US: return &c->thread[index].budget_us;
	case CONTROL_DEADLINE_US: return &c->thread[index].deadline_us;
	case CONTROL_WATCHDOG: return &c->component[index].watchdog;
	case CONTROL_RESTART_MAX: return &c->component[index].restart_max;
	case CONTROL_RESTART_WITHIN_MS: return &c->component[index].restart_within_ms;
	}
	abort();
}

uint32_t settings_value(const struct composition *c, enum control_setting setting,
			uint32_t index)
{
	static struct composition copy;

	copy = *c;
	return *field(&copy, setting, index);
}

bool settings_put(struct composition *c, enum control_setting setting, uint32_t index,
		  uint32_t value)
{
	uint32_t n = CONTROL_IS_OF_THREAD(setting) ? c->nthreads : c->ncomponents;

	if (setting < CONTROL_PRIORITY || setting > CONTROL_RESTART_WITHIN_MS || index >= n)
		return false;
	*field(c, setting, index) = value;
	return true;
}

static void wish(struct wishes *settings, enum control_setting setting, uint32_t index,
		 uint32_t value)
{
	for (unsigned int i = 0; i < settings->n; i++)
		if (settings->wish[i].setting == setting && settings->wish[i].index == index) {
			settings->wish[i].value = value;
			return;
		}
	settings->wish[settings->n++] = (struct settings_wish){ setting, index, value };
}

/* ---- from words -------------------------------------------------------------- */

static bool find_component(const struct composition *c, const char *name, size_t len,
			   uint32_t *index)
{
	for (*index = 0; *index < c->ncomponents; ++*index)
		if (strlen(c->component[*index].name) == len &&
		    !memcmp(c->component[*index].name, name, len))
			return true;
	return false;
}

static bool find_thread(const struct composition *c, uint32_t component, const char *name,
			uint32_t *index)
{
	for (*index = 0; *index < c->nthreads; ++*index)
		if (c->thread[*index].component == component &&
		    !strcmp(c->thread[*index].name, name))
			return true;
	return false;
}

struct subject {
	const char *name;
	bool thread;
	uint32_t index;
};

static int find_subject(const struct composition *now, const char *word,
			struct subject *subject)
{
	size_t len = strcspn(word, ".");
	uint32_t component;

	*subject = (struct subject){ .name = word, .thread = word[len] == '.' };
	if (!find_component(now, word, len, &component))
		return say_error("there is no component '%.*s': see 'aosctl composition'",
				 (int)len, word);
	subject->index = component;
	if (subject->thread && !find_thread(now, component, word + len + 1, &subject->index))
		return say_error("'%.*s' has no thread '%s': see 'aosctl composition'",
				 (int)len, word, word + len + 1);
	return 0;
}

static const struct key *find_key(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strlen(keys[i].name) == len && !memcmp(keys[i].name, name, len))
			return &keys[i];
	return NULL;
}

/* A number, or a length of time in the key's unit. */
static bool parse_value(const struct key *key, const char *text, uint32_t *value)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = { { "us", 1000 }, { "ms", 1000000 }, { "s", 1000000000 } };
	char *end;
	unsigned long long n = strtoull(text, &end, 10);

	if (*text < '0' || *text > '9' || n > UINT32_MAX)
		return false;
	for (size_t i = 0; key->unit && i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcmp(end, units[i].name) && !(n * units[i].ns % key->unit) &&
		    n * units[i].ns / key->unit <= UINT32_MAX) {
			*value = (uint32_t)(n * units[i].ns / key->unit);
			return true;
		}
	*value = (uint32_t)n;
	return !key->unit && !*end;
}

static int parse_word(const struct composition *now, const struct subject *subject,
		      const char *word, struct wishes *settings)
{
	size_t len = strcspn(word, "=");
	const struct key *key = find_key(word, len);
	uint32_t value;

	if (!key || CONTROL_IS_OF_THREAD(key->setting) != subject->thread)
		return say_error("'%.*s' is no setting of a %s: a thread has priority, period, "
				 "budget, deadline; a component watchdog, restart.max, "
				 "restart.within", (int)len, word,
				 subject->thread ? "thread" : "component");
	if (!parse_value(key, word + len + 1, &value))
		return say_error("%s: %s: write %s", subject->name, word, !key->unit ?
				 "a whole number" : "a whole number and us, ms or s");
	if (key->setting == CONTROL_PERIOD_US && now->thread[subject->index].period_us ==
						 now->thread[subject->index].deadline_us)
		wish(settings, CONTROL_DEADLINE_US, subject->index, value);
	wish(settings, key->setting, subject->index, value);
	return 0;
}

int settings_parse(const struct composition *now, char *const *words, int nwords,
		   struct wishes *settings)
{
	struct subject subject = { .name = NULL };
	int err = 0;

	settings->n = 0;
	for (int i = 0; i < nwords && !err; i++) {
		if (!strchr(words[i], '='))
			err = find_subject(now, words[i], &subject);
		else if (!subject.name)
			err = say_error("say first whose: COMPONENT or COMPONENT.THREAD, then %s",
					words[i]);
		else
			err = parse_word(now, &subject, words[i], settings);
	}
	return err;
}

/* ---- from another composition -------------------------------------------------- */

void settings_differ(const struct composition *now, const struct composition *wanted,
		     struct wishes *settings)
{
	settings->n = 0;
	for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
		enum control_setting setting = keys[k].setting;
		uint32_t n = CONTROL_IS_OF_THREAD(setting) ? now->nthreads : now->ncomponents;

		/* The loader changes its own priority. */
		for (uint32_t i = 1; i < n; i++) {
			uint32_t value = settings_value(wanted, setting, i);

			if (value != settings_value(now, setting, i))
				wish(settings, setting, i, value);
		}
	}
}

/* ---- is there time for them? ---------------------------------------------------- */

int settings_admit(const struct composition *now, const struct wishes *settings)
{
	static struct composition wanted;

	wanted = *now;
	for (unsigned int i = 0; i < settings->n; i++)
		settings_put(&wanted, settings->wish[i].setting, settings->wish[i].index,
			     settings->wish[i].value);
	return admit_composition(&wanted);
}
