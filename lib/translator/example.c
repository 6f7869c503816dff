// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * translator_echo [INSTANCE] CHANNEL TEXT... - sends each TEXT to a component
 * that says it again, as components/parrot does, and prints what comes back.
 * Ends with status 1 and a word why if something is wrong.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "translator.h"

#define TIMEOUT_MS	5000

static int say_why(const char *what)
{
	fprintf(stderr, "translator_echo: %s: %s\n", what, strerror(errno));
	return 1;
}

/* -1 with errno: ETIMEDOUT as well. */
static int receive(struct translator *t, char *buf, size_t size)
{
	int n, waited;

	while ((n = translator_recv(t, buf, size)) < 0 && errno == EAGAIN) {
		waited = translator_wait(t, TRANSLATOR_MESSAGE, TIMEOUT_MS);
		if (!waited)
			errno = ETIMEDOUT;
		if (waited <= 0)
			return -1;
	}
	return n;
}

static int talk(struct translator *t, const char *text)
{
	char message[TRANSLATOR_MESSAGE_MAX];
	int len = snprintf(message, sizeof(message), "e%s", text);

	if (translator_send(t, message, (size_t)len))
		return say_why("sending");
	len = receive(t, message, sizeof(message));
	if (len < 0)
		return say_why("receiving");
	printf("%.*s\n", len - 1, message + 1);
	return 0;
}

int main(int argc, char **argv)
{
	const char *instance = argc > 3 ? argv[1] : NULL;
	int first = argc > 3 ? 3 : 2, status = 0;
	struct translator *t;

	if (argc < 3) {
		fputs("usage: translator_echo [INSTANCE] CHANNEL TEXT...\n", stderr);
		return 2;
	}
	t = translator_open(0);
	if (!t)
		return say_why("/dev/translator");
	if (translator_bind(t, instance, argv[first - 1]))
		status = say_why(argv[first - 1]);
	for (int i = first; i < argc && !status; i++)
		status = talk(t, argv[i]);
	translator_close(t);
	return status;
}
