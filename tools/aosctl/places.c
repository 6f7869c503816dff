// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * places - the configuration and the modules that belong to this program.
 */
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "places.h"

/* PREFIX/sbin/aosctl knows PREFIX/etc/appliance.conf and PREFIX/modules. */
static const char *beside(const char *what, char *path)
{
	char program[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 1);
	char *slash = NULL;

	for (int up_two = 0; n > 0 && up_two < 2; up_two++) {
		program[n] = '\0';
		slash = strrchr(program, '/');
		n = slash ? slash - program : 0;
	}
	if (!slash ||
	    snprintf(path, PATH_MAX, "%.*s/%s", (int)n, program, what) >= PATH_MAX)
		return NULL;
	return file_exists(path) ? path : NULL;
}

const char *places_conf(const struct options *options)
{
	static char path[PATH_MAX];
	const char *found = options->conf;

	if (!found)
		found = beside(BESIDE_CONF, path);
	return found ? found : DEFAULT_CONF;
}

/* NULL: modprobe knows. */
const char *places_modules(const struct options *options, const struct config *config)
{
	static char path[PATH_MAX];

	if (options->modules)
		return options->modules;
	if (config && config->modules.path[0])
		return config->modules.path;
	return beside(BESIDE_MODULES "/hijack.ko", path) ? beside(BESIDE_MODULES, path)
							: NULL;
}
