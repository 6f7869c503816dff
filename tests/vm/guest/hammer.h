/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the hammers on the device nodes have in common: processes that live for
 * a moment, one after another, every second one as nobody.
 */
#ifndef HAMMER_H
#define HAMMER_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LIFE_MS	400

static unsigned long *operations;	/* shared by all: done, and others of the program's own */

static uint32_t below(uint32_t n)
{
	return (uint32_t)rand() % n;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Runs until it is killed. */
typedef void hammer_life(unsigned int seed, bool nobody);

/* Keeps one process going, one life after another. */
static void keep(double end, unsigned int seed, bool nobody, hammer_life *live)
{
	while (now() < end) {
		pid_t child = fork();

		if (!child)
			live(seed, nobody);
		seed += 1000;
		usleep(1000 * (LIFE_MS / 2 + below(LIFE_MS)));
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	_exit(0);
}

/* @processes at the same time, for so long. */
static void hammer(double seconds, int processes, hammer_life *live)
{
	double end = now() + seconds;

	operations = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < processes; i++)
		if (!fork())
			keep(end, (unsigned int)(getpid() + i), i % 2, live);
	while (wait(NULL) > 0)
		;
}

#endif
