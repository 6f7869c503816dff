// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sysctl - settings of the kernel, recorded and put back.
 */
#include <errno.h>
#include <string.h>

#include "host.h"
#include "others.h"
#include "sysctl.h"

#define VALUE 32

int sysctl_set(struct state *state, const char *key, const char *value)
{
	struct others_step other;
	char old[VALUE];
	int err = host_sysctl_read(key, old, sizeof(old));

	if (err == -ENOENT)
		return say_error("sysctl %s does not exist in this kernel: set host."
				 "forwarding = false", key);
	/* The last of those who need it gives it back. */
	if (others_have(state, "sysctl", key, &other) && !strcmp(other.step.word[3], value))
		return state_add(state, "sysctl %s %s %s", key, other.step.word[2], value);
	if (!err && !strcmp(old, value))
		return 0;
	if (state_add(state, "sysctl %s %s %s", key, err ? value : old, value))
		return -1;
	err = host_sysctl_write(key, value);
	if (err)
		return say_error("sysctl %s=%s: %s", key, value, strerror(-err));
	return 0;
}

/* A later change of the operator stays. */
int sysctl_undo(const struct state_step *step)
{
	const char *key = step->word[1], *old = step->word[2], *new = step->word[3];
	char now[VALUE];
	int err;

	if (host_sysctl_read(key, now, sizeof(now)) || strcmp(now, new) ||
	    !strcmp(old, new))
		return 0;
	err = host_sysctl_write(key, old);
	if (err)
		return say_error("sysctl %s=%s: %s", key, old, strerror(-err));
	return 0;
}

int sysctl_restore(const struct state_step *step)
{
	int err = host_sysctl_write(step->word[1], step->word[3]);

	return err ? say_error("sysctl %s=%s: %s", step->word[1], step->word[3],
			       strerror(-err)) : 0;
}
