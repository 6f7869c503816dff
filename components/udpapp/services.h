/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of services that this component offers. */
#ifndef UDPAPP_SERVICES_H
#define UDPAPP_SERVICES_H

#include "app/app.h"

extern const struct app_service *const app_services[];
extern const unsigned int app_nservices;

#endif
