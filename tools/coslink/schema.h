/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of a composition file: which there are, of what type and range. */
#ifndef COSLINK_SCHEMA_H
#define COSLINK_SCHEMA_H

#include "composition.h"
#include "duration.h"
#include "settings.h"

/* The file's group: what is not plain is read by the caller. */
struct file_group {
	int64_t version, overhead;
	const config_setting_t *channels, *translators, *components, *regions;
};

/* A component's group: its own values, and its lists and groups, not yet read. */
struct component_group {
	struct component c;
	const config_setting_t *restart, *imports, *threads, *endpoints, *timers,
		*doorbells, *maps;
};

/* Each is for the structure of that name. */
extern const struct key file_keys[];		/* struct file_group */
extern const struct key component_keys[];	/* struct component_group */
extern const struct key restart_keys[];		/* struct component */
extern const struct key thread_keys[];
extern const struct key endpoint_keys[];
extern const struct key timer_keys[];
extern const struct key doorbell_keys[];
extern const struct key map_keys[];
extern const struct key region_keys[];
extern const struct key translator_keys[];	/* struct channel */

#endif
