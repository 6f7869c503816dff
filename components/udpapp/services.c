/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Services, by the names the configuration uses.  Yours goes here. */
#include "services.h"

extern const struct app_service echo_service;	/* echo.c */
extern const struct app_service kv_service;	/* kv.c */
extern const struct app_service stamps_service;	/* stamps.c */
extern const struct app_service time_service;	/* time.c */

const struct app_service *const app_services[] = {
	&echo_service,
	&kv_service,
	&stamps_service,
	&time_service,
};
const unsigned int app_nservices = sizeof(app_services) / sizeof(app_services[0]);
