/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * linux OPERATION [ROUNDS] - what an operation of Linux costs, in cycles of the
 * time-stamp counter without those of reading it: a sample per line.
 *
 *   getpid	the shortest system call
 *   read	a byte of /dev/zero
 *   page_fault	the first write to a page of anonymous memory
 *   context_switch  sched_yield() until the other process has returned from its own
 *   fork_exec	a child that executes this program, which ends at once; until it is reaped
 *   job	like a compiler: a child reads a file, cuts it into words, counts them in
 *		memory it allocates, sorts, writes a file; until it is reaped
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cycles.h"
#include "samples.h"

#define ROUNDS	20001
#define WARM_UP	20
#define PAGE	4096
#define WORDS	4096		/* places of the job's table; it must not fill */

static uint64_t taken[ROUNDS];

static void fail(const char *what)
{
	fprintf(stderr, "linux: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Nothing is loaded for arguments it does not have. */
static inline long call_getpid(void)
{
	long number = SYS_getpid;

	__asm__ volatile("syscall" : "+a"(number) : : "rcx", "r11", "memory");
	return number;
}

static inline long call_read(long fd, void *to, long size)
{
	long number = SYS_read;

	__asm__ volatile("syscall" : "+a"(number) : "D"(fd), "S"(to), "d"(size)
			 : "rcx", "r11", "memory");
	return number;
}

static uint64_t reading(void)
{
	uint64_t least = UINT64_MAX;

	for (int i = 0; i < ROUNDS; i++) {
		uint64_t start = cycles(), end = cycles();

		least = end - start < least ? end - start : least;
	}
	return least;
}

static void time_getpid(int rounds)
{
	for (int i = -WARM_UP; i < rounds; i++) {
		uint64_t start = cycles();

		call_getpid();
		taken[i < 0 ? 0 : i] = cycles() - start;
	}
}

static void time_read(int rounds)
{
	int fd = open("/dev/zero", O_RDONLY);
	char byte;

	if (fd < 0)
		fail("/dev/zero");
	for (int i = -WARM_UP; i < rounds; i++) {
		uint64_t start = cycles();

		call_read(fd, &byte, 1);
		taken[i < 0 ? 0 : i] = cycles() - start;
	}
}

/* A piece at a time, given back, so that memory does not run out. */
static void time_page_fault(int rounds)
{
	enum { PIECE = 256 };
	volatile char *pages = mmap(NULL, PIECE * PAGE, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED || madvise((void *)pages, PIECE * PAGE, MADV_NOHUGEPAGE))
		fail("memory");
	for (int i = -WARM_UP; i < rounds; i++) {
		int at = (i + WARM_UP) % PIECE;
		uint64_t start;

		if (!at)
			madvise((void *)pages, PIECE * PAGE, MADV_DONTNEED);
		start = cycles();
		pages[at * PAGE] = 1;
		taken[i < 0 ? 0 : i] = cycles() - start;
	}
}

/* Two processes on one CPU: each yields to the other, and notes when. */
static void time_context_switch(int rounds)
{
	volatile uint64_t *left = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
				       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	volatile int *finished = (volatile int *)(left + 1);
	pid_t child;

	if (left == MAP_FAILED)
		fail("memory");
	child = fork();
	if (child < 0)
		fail("fork");
	while (!child) {
		if (*finished)
			_exit(0);
		*left = cycles();
		sched_yield();
	}
	for (int i = -WARM_UP; i < rounds; i++) {
		uint64_t before = *left, now;

		do {
			sched_yield();
			now = cycles();
		} while (*left == before);
		taken[i < 0 ? 0 : i] = now - *left;
	}
	*finished = 1;
	waitpid(child, NULL, 0);
}

static void reap(pid_t child)
{
	int status;

	if (child < 0 || waitpid(child, &status, 0) != child || status)
		fail("child");
}

/* A child that executes this program with that argument. */
static void time_child(const char *what, int rounds)
{
	char *const self[] = { "linux", (char *)what, NULL };

	for (int i = -1; i < rounds; i++) {
		uint64_t start = cycles();
		pid_t child = fork();

		if (!child) {
			execv("/proc/self/exe", self);
			_exit(1);
		}
		reap(child);
		taken[i < 0 ? 0 : i] = cycles() - start;
	}
}

static void time_fork_exec(int rounds)
{
	time_child("nothing", rounds);
}

static void time_job(int rounds)
{
	time_child("words", rounds);
}

struct word {
	char *text;
	unsigned int times;
};

static void word_count(struct word *table, const char *text, size_t size)
{
	unsigned int at = 5381;

	for (size_t i = 0; i < size; i++)
		at = at * 33 + (unsigned char)text[i];
	for (;; at++) {
		struct word *w = &table[at % WORDS];

		if (!w->text)
			w->text = strndup(text, size);
		if (!w->text)
			_exit(1);
		if (strlen(w->text) == size && !memcmp(w->text, text, size)) {
			w->times++;
			return;
		}
	}
}

static int by_times(const void *a, const void *b)
{
	const struct word *x = a, *y = b;

	return x->times != y->times ? (x->times < y->times) - (x->times > y->times) :
	       strcmp(x->text ? x->text : "", y->text ? y->text : "");
}

/* Pure text of the kernel, the same in every boot. */
static int words(void)
{
	struct word *table = calloc(WORDS, sizeof(*table));
	FILE *in = fopen("/proc/filesystems", "r"), *out = fopen("/tmp/job", "w");
	char line[512];

	if (!table || !in || !out)
		return 1;
	for (int pass = 0; pass < 100; pass++, rewind(in))
		while (fgets(line, sizeof(line), in))
			for (char *w = strtok(line, " \t\n"); w; w = strtok(NULL, " \t\n"))
				word_count(table, w, strlen(w));
	qsort(table, WORDS, sizeof(*table), by_times);
	for (int i = 0; i < WORDS && table[i].text; i++)
		fprintf(out, "%u %s\n", table[i].times, table[i].text);
	return fclose(out) != 0;
}

static const struct {
	const char *name;
	void (*time)(int rounds);
} operations[] = {
	{ "getpid", time_getpid },
	{ "read", time_read },
	{ "page_fault", time_page_fault },
	{ "context_switch", time_context_switch },
	{ "fork_exec", time_fork_exec },
	{ "job", time_job },
};

int main(int argc, char **argv)
{
	int rounds = argc > 2 ? atoi(argv[2]) : ROUNDS;
	uint64_t empty;

	if (argc > 1 && !strcmp(argv[1], "nothing"))
		return 0;
	if (argc > 1 && !strcmp(argv[1], "words"))
		return words();
	empty = reading();
	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
		if (argc < 2 || strcmp(argv[1], operations[i].name) || rounds < 1 || rounds > ROUNDS)
			continue;
		operations[i].time(rounds);
		for (int k = 0; k < rounds; k++)
			taken[k] -= taken[k] > empty ? empty : taken[k];
		samples_write(stdout, taken, rounds);
		return 0;
	}
	fprintf(stderr, "usage: linux OPERATION [ROUNDS, at most %d]\n", ROUNDS);
	return 2;
}
