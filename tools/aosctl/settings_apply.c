// SPDX-License-Identifier: GPL-2.0-or-later
/* Settings into a running AOS: noted one by one, then committed.  See settings.h. */
#include <string.h>

#include "abi/errno.h"
#include "change.h"
#include "process.h"
#include "remarks.h"
#include "running.h"
#include "say.h"
#include "settings.h"

#define PATIENCE 5.0	/* seconds: for others, and for the loader */

/* How often the loader has changed settings, and how often a scheduler refused. */
struct progress {
	uint64_t changed, refused;
};

static int ask(struct control *control, struct control_request *request)
{
	double end = process_clock() + PATIENCE;
	struct control_answer answer;
	int status;

	while ((status = control_request(control, request, &answer)) == -AOS_EAGAIN &&
	       process_clock() < end)
		process_pause();
	return status;
}

static int ask_plain(struct control *control, enum control_type type)
{
	struct control_request request = { .type = (uint16_t)type };

	return ask(control, &request);
}

static int read_progress(struct control *control, struct progress *progress)
{
	struct control_answer answer;
	int status = control_ask(control, CONTROL_COUNTERS, 0, NULL, &answer);

	*progress = (struct progress){ 0, 0 };
	for (uint32_t i = 0; !status && i < answer.n; i++) {
		if (!strcmp(answer.counter[i].name, "settings"))
			progress->changed = answer.counter[i].value;
		if (!strcmp(answer.counter[i].name, "settings_refused"))
			progress->refused = answer.counter[i].value;
	}
	return status ? -1 : 0;
}

static int refused(const struct composition *now, const struct settings_wish *wish, int status)
{
	bool thread = CONTROL_IS_OF_THREAD(wish->setting);
	uint32_t component = thread ? now->thread[wish->index].component : wish->index;
	const char *name = now->component[component].name;
	const char *dot = thread ? "." : "", *rest = thread ? now->thread[wish->index].name : "";

	switch (status) {
	case -AOS_EPERM:
		return say_error("%s%s%s: this cannot be set: it is the loader's or a scheduler's, or "
				 "its composition gives it no period and budget", name, dot, rest);
	case -AOS_EBUSY:
		return say_error("%s%s%s: not through itself: it is who carries this out", name,
				 dot, rest);
	case -AOS_EAGAIN:
		return say_error("somebody else changes settings, and does not come to an end");
	case -AOS_EINVAL:
		return say_error("%s%s%s: %u is out of range", name, dot, rest, wish->value);
	}
	return status > 0 ? -1 : say_error("%s%s%s: %s", name, dot, rest, strerror(-status));
}

static int note(struct control *control, const struct composition *now,
		const struct settings_wish *wish)
{
	struct control_request request = {
		.type = CONTROL_SET, .component = wish->index, .item = wish->setting,
		.value = wish->value,
	};
	int status = ask(control, &request);

	return status ? refused(now, wish, status) : 0;
}

static int wait_until_done(struct control *control, const struct progress *before)
{
	double end = process_clock() + PATIENCE;
	struct progress after;

	while (process_clock() < end) {
		if (read_progress(control, &after))
			return -1;
		if (after.changed > before->changed)
			return 0;
		if (after.refused > before->refused)
			return say_error("a scheduler refuses these settings ('aosctl log "
					 "--component loader'): all are as they were");
		process_pause();
	}
	return say_error("the AOS's loader does not come to changing the settings: what is more "
			 "urgent may have the CPU all the time ('aosctl stats')");
}

static int commit(struct control *control)
{
	struct progress before;
	int status;

	if (read_progress(control, &before))
		return -1;
	status = ask_plain(control, CONTROL_COMMIT);
	if (status == -AOS_EINVAL)
		return say_error("these settings do not agree with each other ('aosctl log "
				 "--component loader' says why): all are as they were");
	if (status)
		return status > 0 ? -1 : say_error("settings: %s", strerror(-status));
	return wait_until_done(control, &before);
}

int settings_forget(struct control *control)
{
	int status = ask_plain(control, CONTROL_FORGET);

	if (status < 0)
		return say_error("settings: %s", strerror(-status));
	return status ? -1 : 0;
}

int settings_apply(struct control *control, const struct composition *now,
		   const struct wishes *settings)
{
	if (settings_forget(control))
		return -1;
	for (unsigned int i = 0; i < settings->n; i++)
		if (note(control, now, &settings->wish[i])) {
			ask_plain(control, CONTROL_FORGET);
			return -1;
		}
	return commit(control);
}

/* ---- by hand ------------------------------------------------------------------- */

struct words {
	char *const *word;
	int n;
};

static int set(struct control *control, const struct words *words, struct composition *now)
{
	static struct wishes settings;

	if (composition_read(control, now) ||
	    settings_parse(now, words->word, words->n, &settings))
		return -1;
	if (!settings.n)
		return say_error("say what: COMPONENT.THREAD budget=2ms, or the like");
	if (settings_admit(now, &settings) || settings_apply(control, now, &settings))
		return -1;
	return composition_read(control, now);
}

/* For `explain`. */
static int remark(struct state *state, const struct composition *now)
{
	if (!change_begin(state) && !remarks_retake(state, now) && !change_commit(state))
		return 0;
	change_recover(state);
	return -1;
}

static int work(struct state *state, const void *what)
{
	static struct composition now;
	struct control *control;
	int err;

	/* From now on a reload looks. */
	if (running_note_settings(state, "changed") || control_open(state->name, &control))
		return -1;
	err = set(control, what, &now);
	control_close(control);
	if (err || remark(state, &now))
		return -1;
	say("%s: set, until 'aosctl reload' or 'aosctl down'", state->name);
	return 0;
}

int settings_set(const char *name, char *const *words, int nwords)
{
	const struct words what = { words, nwords };

	return running_change("set", name, work, &what);
}
