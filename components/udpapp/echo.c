/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Service "echo" (RFC 862): what came goes back. */
#include "app/app.h"
#include "string.h"

static int echo(const struct app_request *request, struct app_reply *reply)
{
	if (!app_reply_grow(reply, request->len))
		return APP_NO_REPLY;
	memcpy(reply->data, request->data, request->len);
	return (int)request->len;
}

const struct app_service echo_service = { "echo", echo };
