// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * modules - hijack.ko and cosnet.ko, in and out of the kernel.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "file.h"
#include "host.h"
#include "modules.h"
#include "others.h"

#define UNLOAD_TRIES 100	/* of 20 ms */

/* In the order of their dependencies. */
static const char *const modules[] = { "hijack", "cosnet" };

bool modules_loaded(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/%s", name);
	return file_exists(path);
}

static const char *load_trouble(int err)
{
	switch (err) {
	case EPERM:
		return "not permitted: run with sudo; if you are root, module loading is "
		       "locked (kernel.modules_disabled, or lockdown)";
	case ENOEXEC:
		return "built for another kernel, or no module: build it for this one "
		       "('modinfo -F vermagic FILE' against 'uname -r')";
	case ENOENT:
		return "needs a symbol this kernel does not have: see 'dmesg'";
	case EKEYREJECTED:
	case ENOKEY:
		return "this kernel takes signed modules only: sign it with an enrolled "
		       "key, or turn Secure Boot off";
	case ENOSYS:
		return "this kernel has no loadable modules (CONFIG_MODULES)";
	case EOPNOTSUPP:
	case ENODEV:
		return "the module refuses to run here: 'dmesg' tells why";
	default:
		return strerror(err);
	}
}

static int insert(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err = 0;

	if (fd < 0)
		return say_error("%s: %s: name the directory of the modules with "
				 "--modules, or 'modules' in the configuration", path,
				 strerror(errno));
	if (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST)
		err = say_error("%s: %s", path, load_trouble(errno));
	close(fd);
	return err;
}

static int load(struct state *state, const char *dir, const char *name)
{
	char path[PATH_MAX + 64];

	bool loaded = modules_loaded(name);

	if (loaded && !others_have(state, "module", name, NULL))
		return 0;
	if (state_add(state, "module %s", name))
		return -1;
	if (loaded)
		return 0;
	if (!dir)
		return host_must("modprobe", name, NULL);
	snprintf(path, sizeof(path), "%s/%s.ko", dir, name);
	return insert(path);
}

int modules_load(struct state *state, const char *dir)
{
	for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++)
		if (load(state, dir, modules[i]))
			return -1;
	return 0;
}

int modules_unload(const char *name)
{
	const struct timespec pause = { .tv_nsec = 20 * 1000 * 1000 };

	for (int i = 0; i < UNLOAD_TRIES && modules_loaded(name); i++) {
		if (!syscall(SYS_delete_module, name, O_NONBLOCK) || errno == ENOENT)
			return 0;
		if (errno != EAGAIN && errno != EBUSY && errno != EWOULDBLOCK)
			return say_error("rmmod %s: %s", name, strerror(errno));
		nanosleep(&pause, NULL);
	}
	if (!modules_loaded(name))
		return 0;
	return say_error("rmmod %s: somebody still uses it ('lsmod' shows what, "
			 "'fuser /dev/hijack' who): end it and run 'aosctl down' again",
			 name);
}
