// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * host - the host's own tools and settings.  Tools run by posix_spawn with an
 * argument vector and a fixed environment: nothing of the caller's PATH or
 * locale reaches them.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "file.h"
#include "host.h"
#include "say.h"

#define SYSCTL_PATH	256
#define COMMAND_TEXT	512

static const char *const directories[] = {
	"/usr/local/sbin", "/usr/sbin", "/sbin",
	"/usr/local/bin", "/usr/bin", "/bin",
};

static char *const environment[] = {
	"PATH=/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin",
	"LC_ALL=C", NULL
};

/* Tool, and what to install when it is not there. */
static const struct {
	const char *tool, *package;
} packages[] = {
	{ "ip", "iproute2" },
	{ "tc", "iproute2" },
	{ "ethtool", "ethtool" },
	{ "modprobe", "kmod" },
};

bool host_find(const char *tool, char *path, size_t room)
{
	for (size_t i = 0; i < sizeof(directories) / sizeof(directories[0]); i++) {
		snprintf(path, room, "%s/%s", directories[i], tool);
		if (!access(path, X_OK))
			return true;
	}
	return false;
}

static const char *package_of(const char *tool)
{
	for (size_t i = 0; i < sizeof(packages) / sizeof(packages[0]); i++)
		if (!strcmp(packages[i].tool, tool))
			return packages[i].package;
	return tool;
}

/* ---- running --------------------------------------------------------------- */

/* Reads all the child says, keeps what fits. */
static void drain(int fd, char *output, size_t room)
{
	char rest[256];
	size_t used = 0;
	ssize_t n;

	for (;;) {
		bool keep = output && used + 1 < room;

		n = keep ? read(fd, output + used, room - 1 - used)
			 : read(fd, rest, sizeof(rest));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		if (keep)
			used += (size_t)n;
	}
	if (!output || !room)
		return;
	while (used && output[used - 1] == '\n')
		used--;
	output[used] = '\0';
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int spawn(pid_t *pid, const char *path, char *const *words, int out)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t all, none;
	int err;

	sigfillset(&all);
	sigemptyset(&none);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&files, out, STDERR_FILENO);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes,
				 POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setsigmask(&attributes, &none);
	err = posix_spawn(pid, path, &files, &attributes, words, environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	return -err;
}

static int run(char *output, size_t room, char *const *words)
{
	char path[128];
	int out[2], err;
	pid_t pid;

	if (output && room)
		output[0] = '\0';
	if (!host_find(words[0], path, sizeof(path)))
		return -ENOENT;
	if (pipe2(out, O_CLOEXEC))
		return -errno;
	err = spawn(&pid, path, words, out[1]);
	close(out[1]);
	if (!err) {
		drain(out[0], output, room);
		err = wait_for(pid);
	}
	close(out[0]);
	return err;
}

static void collect(char **words, const char *tool, va_list args)
{
	size_t n = 0;

	words[n++] = (char *)tool;
	while (n < HOST_WORDS - 1) {
		words[n] = va_arg(args, char *);
		if (!words[n++])
			return;
	}
	words[n] = NULL;
}

int host_run(char *output, size_t room, const char *tool, ...)
{
	char *words[HOST_WORDS];
	va_list args;

	va_start(args, tool);
	collect(words, tool, args);
	va_end(args);
	return run(output, room, words);
}

static void join(char *text, size_t room, char *const *words)
{
	size_t used = 0;

	text[0] = '\0';
	for (; *words && used < room; words++)
		used += (size_t)snprintf(text + used, room - used, "%s%s",
					 used ? " " : "", *words);
}

int host_must_words(char *const *words)
{
	char command[COMMAND_TEXT], output[COMMAND_TEXT];
	int status = run(output, sizeof(output), words);

	join(command, sizeof(command), words);
	if (status == -ENOENT)
		return say_error("%s is not installed: install the package %s", words[0],
				 package_of(words[0]));
	if (status < 0)
		return say_error("%s: %s", command, strerror(-status));
	if (status)
		return say_error("%s (status %d): %s", command, status,
				 output[0] ? output : "no word why");
	return 0;
}

int host_must(const char *tool, ...)
{
	char *words[HOST_WORDS];
	va_list args;

	va_start(args, tool);
	collect(words, tool, args);
	va_end(args);
	return host_must_words(words);
}

/* ---- sysctl ---------------------------------------------------------------- */

int host_sysctl_read(const char *key, char *text, size_t room)
{
	char path[SYSCTL_PATH];

	snprintf(path, sizeof(path), "/proc/sys/%s", key);
	return file_read_line(path, text, room);
}

int host_sysctl_write(const char *key, const char *text)
{
	char path[SYSCTL_PATH];

	snprintf(path, sizeof(path), "/proc/sys/%s", key);
	return file_write(path, text);
}
