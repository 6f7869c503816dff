// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * process - a process that may be gone, its number reused.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "file.h"
#include "process.h"

/* Fields 3 (state) and 22 (start time) of /proc/PID/stat, see proc(5). */
static unsigned long long read_stat(pid_t pid, char *state)
{
	unsigned long long start = 0;
	char path[64], text[1024], *field;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if (pid <= 0 || file_read_line(path, text, sizeof(text)))
		return 0;
	field = strrchr(text, ')');	/* the name before it may hold anything */
	if (!field || field[1] != ' ')
		return 0;
	*state = field[2];
	for (int i = 2; field && i < 22; i++)
		field = strchr(field + 1, ' ');
	if (field)
		start = strtoull(field + 1, NULL, 10);
	return start;
}

unsigned long long process_start(pid_t pid)
{
	char state;

	return read_stat(pid, &state);
}

double process_age(pid_t pid)
{
	unsigned long long start = process_start(pid);
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	if (!start)
		return 0;
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9 -
	       (double)start / (double)sysconf(_SC_CLK_TCK);
}

bool process_alive(pid_t pid, unsigned long long start)
{
	char state = 'X';

	return read_stat(pid, &state) == start && start && state != 'Z' && state != 'X';
}

double process_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void process_pause(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 20 * 1000 * 1000 }, NULL);
}

bool process_wait_end(pid_t pid, unsigned long long start, double seconds)
{
	double end = process_clock() + seconds;

	while (process_alive(pid, start)) {
		if (process_clock() > end)
			return false;
		process_pause();
	}
	waitpid(pid, NULL, WNOHANG);	/* it may have been ours */
	return true;
}
