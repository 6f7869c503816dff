// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * state - the steps `up` has taken, kept in /run until they are taken back.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "file.h"
#include "state.h"

#define HEADER "aosctl-state 2\n"	/* 1: a tc filter for each flow */
#define SUFFIX ".state"
#define STATE_PATH 192

_Static_assert(STATE_NAME == HIJACK_NAME_LEN, "names have another length");

static void state_path(const struct state *state, char *path)
{
	snprintf(path, STATE_PATH, "%s/%s" SUFFIX, state->dir, state->name);
}

static int state_name(struct state *state, const char *dir, const char *name)
{
	memset(state, 0, sizeof(*state));
	state->fd = -1;
	if (!config_name_valid(name) || strlen(dir) >= sizeof(state->dir))
		return -EINVAL;
	strcpy(state->dir, dir);
	strcpy(state->name, name);
	return 0;
}

static int make_dir(const char *dir)
{
	return mkdir(dir, 0700) && errno != EEXIST ? -errno : 0;
}

void state_share_file(int fd, const char *dir)
{
	struct stat st;

	if (stat(dir, &st) || !(st.st_mode & S_IRGRP))
		return;
	if (!fchown(fd, (uid_t)-1, st.st_gid))
		fchmod(fd, 0640);
}

void state_share(const struct state *state)
{
	state_share_file(state->fd, state->dir);
}

int state_create(struct state *state, const char *dir, const char *name)
{
	char path[STATE_PATH];
	int err = state_name(state, dir, name);

	if (!err)
		err = make_dir(dir);
	if (err)
		return err;
	state_path(state, path);
	state->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC |
			 O_NOFOLLOW, 0600);
	if (state->fd < 0)
		return -errno;
	if (write(state->fd, HEADER, strlen(HEADER)) != (ssize_t)strlen(HEADER)) {
		err = -errno;
		state_remove(state);
	} else {
		state_share(state);
	}
	return err;
}

static void split(struct state_step *step)
{
	char *rest = step->text;

	for (unsigned int i = 0; i < STATE_WORDS; i++) {
		char *word = strsep(&rest, " ");

		step->word[i] = word ? word : "";
	}
}

int state_add(struct state *state, const char *format, ...)
{
	struct state_step *step = &state->step[state->n];
	va_list args;
	int n;

	if (state->n == STATE_LINES)
		return say_error("too many steps for the state file: use fewer routes");
	va_start(args, format);
	n = vsnprintf(step->text, sizeof(step->text) - 1, format, args);
	va_end(args);
	if (n < 0 || n >= (int)sizeof(step->text) - 1)
		return say_error("a step is too long for the state file: %s", step->text);
	strcpy(step->text + n, "\n");
	if (write(state->fd, step->text, (size_t)n + 1) != n + 1)
		return say_error("cannot write %s/%s" SUFFIX ": %s", state->dir,
				 state->name, strerror(errno));
	step->text[n] = '\0';
	split(step);
	step->hidden = false;
	state->n++;
	return 0;
}

static int parse(struct state *state, char *text)
{
	char *line, *end;

	if (strncmp(text, HEADER, strlen(HEADER)))
		return *text && strncmp(text, HEADER, strlen(text)) ? -EPROTO : 0;
	for (line = text + strlen(HEADER); (end = strchr(line, '\n')); line = end + 1) {
		struct state_step *step = &state->step[state->n];

		*end = '\0';
		if (state->n == STATE_LINES || strlen(line) >= sizeof(step->text))
			return -EPROTO;
		strcpy(step->text, line);
		split(step);
		state->n++;
	}
	return 0;
}

int state_load(struct state *state, const char *dir, const char *name)
{
	char path[STATE_PATH];
	uint8_t *bytes;
	size_t size;
	int err = state_name(state, dir, name);

	if (err)
		return err;
	state_path(state, path);
	err = file_read_all(path, (size_t)STATE_LINES * STATE_LINE, &bytes, &size);
	if (err)
		return err;
	bytes[size] = '\0';
	err = parse(state, (char *)bytes);
	free(bytes);
	return err;
}

const char *state_error(int err)
{
	return err == -EPROTO ? "it is damaged, or of another version of aosctl, which has to "
				"take it down" : strerror(-err);
}

/* Words point into the text, or to nothing. */
static void copy(struct state_step *to, const struct state_step *from)
{
	memcpy(to->text, from->text, sizeof(to->text));
	for (unsigned int i = 0; i < STATE_WORDS; i++)
		to->word[i] = *from->word[i] ? to->text + (from->word[i] - from->text) : "";
	to->hidden = from->hidden;
}

int state_open(struct state *state)
{
	char path[STATE_PATH];

	state_path(state, path);
	state->fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
	return state->fd < 0 ? -errno : 0;
}

void state_forget(struct state *state, const struct state_step *step)
{
	unsigned int i = (unsigned int)(step - state->step);

	for (state->n--; i < state->n; i++)
		copy(&state->step[i], &state->step[i + 1]);
}

void state_hide(struct state *state, const struct state_step *step)
{
	state->step[step - state->step].hidden = true;
}

static void new_path(const char *path, char *new)
{
	snprintf(new, STATE_PATH + 4, "%s.new", path);
}

/* Words end with '\0' in memory, and with a blank in the file. */
static void print_steps(const struct state *state, FILE *out)
{
	fputs(HEADER, out);
	for (unsigned int i = 0; i < state->n; i++) {
		const struct state_step *step = &state->step[i];

		for (unsigned int j = 0; j < STATE_WORDS && *step->word[j]; j++)
			fprintf(out, "%s%s", j ? " " : "", step->word[j]);
		fputc('\n', out);
	}
}

int state_store(struct state *state)
{
	char path[STATE_PATH], new[STATE_PATH + 4];
	FILE *out;
	int bad;

	state_path(state, path);
	new_path(path, new);
	out = fopen(new, "we");
	if (!out)
		return say_error("cannot write %s: %s", new, strerror(errno));
	fchmod(fileno(out), 0600);
	state_share_file(fileno(out), state->dir);
	print_steps(state, out);
	bad = ferror(out);
	if (fclose(out) || bad || rename(new, path)) {
		unlink(new);
		return say_error("cannot write %s", path);
	}
	if (state->fd < 0)
		return 0;
	state_close(state);
	return state_open(state) ? say_error("cannot open %s again", path) : 0;
}

const struct state_step *state_find(const struct state *state, const char *kind,
				    unsigned int *from)
{
	while (*from < state->n) {
		const struct state_step *step = &state->step[(*from)++];

		if (!step->hidden && !strcmp(step->word[0], kind))
			return step;
	}
	return NULL;
}

bool state_has(const struct state *state, const char *kind)
{
	unsigned int from = 0;

	return state_find(state, kind, &from);
}

void state_close(struct state *state)
{
	if (state->fd >= 0)
		close(state->fd);
	state->fd = -1;
}

int state_remove(struct state *state)
{
	char path[STATE_PATH], new[STATE_PATH + 4];

	state_close(state);
	state_path(state, path);
	new_path(path, new);
	unlink(new);	/* of an aosctl that was killed */
	return unlink(path) && errno != ENOENT ? -errno : 0;
}

static bool take_name(char *name, const char *file)
{
	size_t n = strlen(file), suffix = strlen(SUFFIX);

	if (n <= suffix || n - suffix >= STATE_NAME || strcmp(file + n - suffix, SUFFIX))
		return false;
	memcpy(name, file, n - suffix);
	name[n - suffix] = '\0';
	return config_name_valid(name);
}

unsigned int state_list(const char *dir, char (*names)[STATE_NAME], unsigned int most)
{
	DIR *files = opendir(dir);
	struct dirent *file;
	unsigned int n = 0;

	while (files && n < most && (file = readdir(files)))
		if (take_name(names[n], file->d_name))
			n++;
	if (files)
		closedir(files);
	return n;
}

/*
 * The lock is the directory itself, which goes with the last instance.  Tools that
 * are run inherit it: one that outlives a killed aosctl is waited for as well.
 */
static int open_dir(const char *dir)
{
	int fd, err = make_dir(dir);

	if (err)
		return err;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
	return fd < 0 ? -errno : fd;
}

static int lock_dir(int fd)
{
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return 0;
	say("waiting for another aosctl to finish");
	return flock(fd, LOCK_EX) ? -errno : 0;
}

int state_lock(const char *dir)
{
	for (;;) {
		int fd = open_dir(dir), err;
		struct stat st;

		if (fd == -ENOENT)
			continue;	/* removed by another between the two calls */
		if (fd < 0)
			return fd;
		err = lock_dir(fd);
		if (!err && !fstat(fd, &st) && st.st_nlink)
			return fd;
		close(fd);
		if (err)
			return err;
	}
}

void state_unlock(const char *dir, int lock)
{
	rmdir(dir);	/* stays if there is an instance in it */
	flock(lock, LOCK_UN);	/* a child may hold a copy of it */
	close(lock);
}
