// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Service "work": computes for as many rounds of two instructions as the first
 * four bytes say (big endian), then echoes.  A test service: whoever may send
 * to it has the CPU.
 */
#include "app/app.h"
#include "services.h"
#include "string.h"

extern const struct app_service echo_service;	/* udpapp/echo.c */

static int work(const struct app_request *request, struct app_reply *reply)
{
	const uint8_t *p = request->data;
	uint64_t rounds;

	if (request->len < 4)
		return APP_NO_REPLY;
	rounds = 1 + ((uint64_t)p[0] << 24 | (uint64_t)p[1] << 16 | (uint64_t)p[2] << 8 | p[3]);
	__asm__ volatile("1: decq %0\n\tjnz 1b" : "+r"(rounds) : : "cc");
	return echo_service.datagram(request, reply);
}

static const struct app_service work_service = { "work", work };

const struct app_service *const app_services[] = { &echo_service, &work_service };
const unsigned int app_nservices = sizeof(app_services) / sizeof(app_services[0]);
