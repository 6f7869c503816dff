// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hammer_filter SECONDS PROCESSES - processes that do anything to /dev/kmux: open, attach,
 * narrow, watch, ask, read, map, close, in any order, with good, nearly good and random
 * arguments, and children that live under what came of it.  Every other one is nobody,
 * with descriptors that root has opened.  Prints how many operations there were.
 */
#include <poll.h>
#include <sys/prctl.h>

#include "filter.h"
#include "hammer.h"

#define FILES	4

static int file[FILES];

static void *some_pointer(void)
{
	static char good[sizeof(struct kmux_rules)];

	switch (below(4)) {
	case 0: return (void *)(uintptr_t)below(65536);
	case 1: return (void *)(0xffff888000000000ul + (unsigned long)rand());
	default: return good;
	}
}

/* Whoever is under them goes on, mostly: what it does next is refused or logged, not its end. */
static struct kmux_rules *some_rules(bool narrow)
{
	static struct kmux_rules rules;

	rules = (struct kmux_rules){ .size = sizeof(rules), .revision = KMUX_REVISION };
	if (!narrow) {
		rules.flags = below(4);
		rules.threads = 1 + below(8);
	}
	for (unsigned int n = below(20); n; n--) {
		struct kmux_rule *rule = &rules.rule[below(KMUX_CALLS)];

		rule->action = (uint8_t)below(10) < 9 ? KMUX_ERRNO : KMUX_KILL;
		rule->error = rule->action == KMUX_ERRNO ? (uint16_t)(1 + below(KMUX_MAX_ERROR)) : 0;
		rule->log = (uint8_t)below(2);
	}
	rules.rule[SYS_getppid].log = (uint8_t)below(2);
	if (!below(4))
		((uint8_t *)&rules)[below(sizeof(rules))] ^= (uint8_t)(1 + below(255));
	return &rules;
}

static void op_open(int i)
{
	if (file[i] < 0)
		file[i] = open("/dev/kmux", below(4) ? O_RDWR : O_RDONLY);
}

static void op_close(int i)
{
	close(file[i]);
	file[i] = -1;
}

/* A life of its own under a filter, while its parent reads the same file. */
static void op_attach(int i)
{
	if (fork())
		return;
	if (!ioctl(file[i], KMUX_ATTACH, below(8) ? some_rules(false) : some_pointer()))
		__atomic_fetch_add(&operations[1], 1, __ATOMIC_RELAXED);
	for (unsigned int n = below(200); n; n--)
		syscall(below(8) ? SYS_getppid : (long)below(400) + 400);
	if (!below(2))
		ioctl(file[i], KMUX_NARROW, some_rules(true));
	if (!below(4) && !fork())
		_exit(0);
	if (!below(4))
		execl("/bin/true", "true", NULL);
	_exit(0);
}

static void op_narrow(int i)
{
	ioctl(file[i], KMUX_NARROW, below(2) ? some_rules(true) : some_pointer());
}

static void op_watch(int i)
{
	ioctl(file[i], KMUX_WATCH, below(4) ? (unsigned long)getpid() - 20 + below(40) :
					      (unsigned long)rand() << below(34));
}

static void op_status(int i)
{
	struct kmux_status status;

	ioctl(file[i], KMUX_STATUS, below(2) ? &status : some_pointer());
}

static void op_read(int i)
{
	static struct kmux_record records[16];

	read(file[i], below(2) ? (void *)records : some_pointer(), below(sizeof(records)));
}

static void op_other(int i)
{
	struct pollfd p = { .fd = file[i], .events = (short)rand() };
	void *at = mmap(NULL, 4096, PROT_READ, MAP_SHARED, file[i], 0);

	if (at != MAP_FAILED)
		_exit(1);	/* there is nothing to map */
	poll(&p, 1, 0);
	write(file[i], some_pointer(), below(20));
	lseek(file[i], rand(), SEEK_SET);
	ioctl(file[i], below(2) ? _IOW(KMUX_IOC, below(8), struct kmux_rules) : (unsigned long)rand(),
	      some_pointer());
}

static void live(unsigned int seed, bool nobody)
{
	static hammer_op *const ops[] = { op_open, op_open, op_close, op_attach, op_narrow,
		op_watch, op_status, op_read, op_read, op_other };

	srand(seed);
	if (below(2))
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	hammer_node("/dev/kmux", O_RDWR, file, FILES, nobody, ops, sizeof(ops) / sizeof(ops[0]));
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	hammer(atof(argv[1]), atoi(argv[2]), live);
	printf("%lu operations, attached %lu times\n", operations[0], operations[1]);
	return operations[1] ? 0 : 1;
}
