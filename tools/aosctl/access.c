// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * access - the group that may look.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access.h"
#include "instance.h"

#define MODE_BITS 07777

/* A line of group(5): NAME:PASSWORD:NUMBER:MEMBERS. */
static bool read_group(char *line, const char *group, unsigned int *gid)
{
	char *name = strsep(&line, ":"), *number, *end;

	if (!line || strcmp(name, group) || !strsep(&line, ":") || !line)
		return false;
	number = strsep(&line, ":");
	*gid = (unsigned int)strtoul(number, &end, 10);
	return end != number && !*end;
}

bool access_find(const char *file, const char *group, unsigned int *gid)
{
	FILE *in = fopen(file, "re");
	bool found = false;
	char *line = NULL;
	size_t size = 0;

	while (in && !found && getline(&line, &size, in) > 0)
		found = read_group(line, group, gid);
	free(line);
	if (in)
		fclose(in);
	return found;
}

static int grant_device(struct state *state, unsigned int gid)
{
	struct stat st;

	if (stat(INSTANCE_DEVICE, &st))
		return say_error(INSTANCE_DEVICE ": %s", strerror(errno));
	if (state_add(state, "grant " INSTANCE_DEVICE " %o %u", st.st_mode & MODE_BITS,
		      st.st_gid))
		return -1;
	if (chown(INSTANCE_DEVICE, (uid_t)-1, gid) || chmod(INSTANCE_DEVICE, 0640))
		return say_error(INSTANCE_DEVICE ": cannot be given to the group: %s",
				 strerror(errno));
	return 0;
}

int access_grant(struct state *state, const struct config *config)
{
	const char *group = *config->host.group ? config->host.group : ACCESS_GROUP;
	unsigned int gid;

	if (!access_find(ACCESS_GROUPS, group, &gid)) {
		if (!*config->host.group)
			return 0;	/* root alone */
		return say_error("there is no group %s: 'groupadd --system %s', or remove "
				 "'group' from the configuration", group, group);
	}
	if (chown(state->dir, (uid_t)-1, gid) || chmod(state->dir, 0750))
		return say_error("%s: cannot be given to group %s: %s", state->dir, group,
				 strerror(errno));
	state_share(state);
	return grant_device(state, gid);
}

int access_undo(const struct state_step *step)
{
	const char *path = step->word[1];
	mode_t mode = (mode_t)strtoul(step->word[2], NULL, 8);
	gid_t gid = (gid_t)strtoul(step->word[3], NULL, 10);

	if (access(path, F_OK))
		return 0;
	if (chmod(path, mode) || chown(path, (uid_t)-1, gid))
		return say_error("%s: %s", path, strerror(errno));
	return 0;
}
