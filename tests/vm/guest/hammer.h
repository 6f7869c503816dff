/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the hammers on the device nodes have in common: processes that live for
 * a moment, one after another, every second one as nobody.
 */
#ifndef HAMMER_H
#define HAMMER_H

#include <errno.h>
#include <fcntl.h>
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

/* Does something to its file @i, which may be closed. */
typedef void hammer_op(int i);

/* A life: opens @node, so often, is nobody then if it shall be, and does one thing after another. */
static inline void hammer_node(const char *node, int flags, int *file, uint32_t files, bool nobody,
			       hammer_op *const *ops, uint32_t nops)
{
	signal(SIGCHLD, SIG_IGN);
	for (uint32_t i = 0; i < files; i++)
		file[i] = open(node, flags);
	if (nobody && (setgid(65534) || setuid(65534)))
		_exit(1);
	if (nobody && (open(node, flags) >= 0 || errno != EACCES))
		_exit(1);
	for (;;) {
		ops[below(nops)]((int)below(files));
		__atomic_fetch_add(&operations[0], 1, __ATOMIC_RELAXED);
	}
}

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
