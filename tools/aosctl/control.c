// SPDX-License-Identifier: GPL-2.0-or-later
/* See control.h.  One process at a time is connected; others wait their turn. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "lib/translator/translator.h"
#include "process.h"
#include "say.h"
#include "show.h"

#define PATIENCE_MS	5000	/* for our turn, and for a reply */
#define RESTART_MS	1000	/* for a reply that may be lost with who was to give it */

struct control {
	struct translator *line;
	uint32_t id;
};

static const char *instance_text(const char *instance)
{
	return *instance ? instance : "the AOS";
}

static void explain_bind(const char *instance, int err)
{
	switch (err) {
	case ENODEV:
		say_error("%s is not up", instance_text(instance));
		break;
	case ENOENT:
		say_error("the boot image has no component for control: give its composition a translator named '%s', as config/appliance.composition has it",
			 CONTROL_CHANNEL);
		break;
	case EBUSY:
		say_error("another process is connected with %s, and does not let go",
			 instance_text(instance));
		break;
	default:
		say_error("connecting with %s: %s", instance_text(instance), strerror(err));
	}
}

static void explain_open(int err)
{
	switch (err) {
	case ENOENT:
		say_error("no AOS is up (there is no /dev/translator)");
		break;
	case EACCES:
		say_error("/dev/translator: permission denied: join the group that it belongs to, or become root");
		break;
	default:
		say_error("/dev/translator: %s", strerror(err));
	}
}

static int bind_in_time(struct translator *line, const char *instance)
{
	double end = process_clock() + PATIENCE_MS / 1000.0;

	while (translator_bind(line, instance, CONTROL_CHANNEL)) {
		if (errno != EBUSY || process_clock() >= end)
			return -1;
		process_pause();
	}
	return 0;
}

int control_open(const char *instance, struct control **control)
{
	struct control *c = calloc(1, sizeof(*c));
	bool up;

	if (!c)
		return say_error("out of memory");
	c->line = translator_open(O_CLOEXEC);
	if (!c->line) {
		up = errno != ENOENT;
		explain_open(errno);
	} else if (bind_in_time(c->line, instance)) {
		up = errno != ENODEV;
		explain_bind(instance, errno);
	} else {
		*control = c;
		return 0;
	}
	control_close(c);
	return up ? -1 : SHOW_NOT_UP;
}

/* The length of a reply, or -1 and errno. */
static int receive(struct control *c, void *buf, size_t room, int patience_ms)
{
	int len;

	while ((len = translator_recv(c->line, buf, room)) < 0) {
		int ready;

		if (errno != EAGAIN)
			return -1;
		ready = translator_wait(c->line, TRANSLATOR_MESSAGE, patience_ms);
		if (ready > 0 || (ready < 0 && errno == EINTR))
			continue;
		errno = ready ? errno : ETIMEDOUT;
		return -1;
	}
	return len;
}

static int lost(void)
{
	if (errno == ETIMEDOUT)
		say_error("the AOS does not answer: what is more urgent than its component 'ctl' may have the CPU all the time ('aosctl stats')");
	else
		say_error("the AOS does not answer: %s", strerror(errno));
	return 1;
}

int control_request(struct control *c, struct control_request *request,
		    struct control_answer *answer)
{
	char reply[TRANSLATOR_MESSAGE_MAX];
	bool restart = request->type == CONTROL_RESTART;
	int len, status;

	request->revision = CONTROL_REVISION;
	request->id = ++c->id;
	/* One request is under way at a time: there is room. */
	if (translator_send(c->line, request, sizeof(*request)))
		return lost();
	len = receive(c, reply, sizeof(reply), restart ? RESTART_MS : PATIENCE_MS);
	if (len < 0 && restart && errno == ETIMEDOUT)
		return 0;
	if (len < 0)
		return lost();
	status = control_decode(request, reply, (size_t)len, answer);
	if (status > 0)
		say_error("the AOS's component 'ctl' answers what makes no sense: the boot image is of another revision than aosctl");
	return status;
}

int control_ask(struct control *c, enum control_type type, uint32_t component, const char *name,
		struct control_answer *answer)
{
	struct control_request request = { .type = (uint16_t)type, .component = component };

	if (name)
		strncpy(request.name, name, sizeof(request.name) - 1);
	return control_request(c, &request, answer);
}

void control_close(struct control *c)
{
	if (!c)
		return;
	translator_close(c->line);
	free(c);
}
