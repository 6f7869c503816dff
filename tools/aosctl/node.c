// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * node - who may open /dev/translator, also where there is no udev.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "node.h"
#include "say.h"

#define NODE	"/dev/translator"

/* Read by hand: a static program cannot ask the name service.  -1: none. */
static long group_id(const char *name)
{
	FILE *in = fopen("/etc/group", "re");
	const struct group *group;
	long id = -1;

	while (in && id < 0 && (group = fgetgrent(in)))
		if (!strcmp(group->gr_name, name))
			id = (long)group->gr_gid;
	if (in)
		fclose(in);
	return id;
}

static int set(int fd, gid_t group)
{
	struct stat st;

	if (fstat(fd, &st) || !S_ISCHR(st.st_mode))
		return say_error(NODE " is no device: load hijack.ko anew");
	if (fchown(fd, 0, group) || fchmod(fd, 0660))
		return say_error(NODE ": %s", strerror(errno));
	return 0;
}

int node_give(const char *group)
{
	long id = group_id(*group ? group : NODE_GROUP);
	int fd, err;

	if (id < 0 && *group)
		say_warning("group %s does not exist: " NODE " is root's alone "
			    "('groupadd --system %s', then 'aosctl up' again)", group, group);
	fd = open(NODE, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return say_error(NODE ": %s", strerror(errno));
	err = set(fd, id < 0 ? 0 : (gid_t)id);
	close(fd);
	return err;
}
