// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * node - who may open /dev/translator, also where there is no udev.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access.h"
#include "node.h"
#include "say.h"

#define NODE	"/dev/translator"

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
	unsigned int id = 0;
	int fd, err;

	if (!access_find(ACCESS_GROUPS, *group ? group : ACCESS_GROUP, &id)) {
		id = 0;		/* root's group */
		if (*group)
			say_warning("group %s does not exist: " NODE " is root's alone "
				    "('groupadd --system %s', then 'aosctl up' again)",
				    group, group);
	}
	fd = open(NODE, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return say_error(NODE ": %s", strerror(errno));
	err = set(fd, id);
	close(fd);
	return err;
}
