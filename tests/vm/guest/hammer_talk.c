// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hammer_talk SECONDS PROCESSES - processes that do anything to /dev/translator:
 * open, bind, read, write, poll, mmap, scribble, close, in any order, with good,
 * nearly good and random arguments.  Channels are "left" and "right".  Every other
 * one is nobody, with descriptors that root has opened.  Prints how many
 * operations there were.
 */
#include <poll.h>
#include <sys/epoll.h>

#include "hammer.h"
#include "talk.h"

#define FILES	4

static int file[FILES], epoll;
static struct { uint8_t *at; size_t size; bool writable; } mapped[FILES];

static void *some_pointer(void)
{
	static char good[64];

	switch (below(4)) {
	case 0: return (void *)(uintptr_t)below(65536);
	case 1: return (void *)(0xffff888000000000ul + (unsigned long)rand());
	default: return good;
	}
}

static void op_open(int i)
{
	if (file[i] < 0)
		file[i] = open("/dev/translator", (below(4) ? O_RDWR : O_RDONLY) | O_NONBLOCK);
}

static void op_close(int i)
{
	close(file[i]);
	file[i] = -1;
}

static void op_bind(int i)
{
	struct translator_bind bind = { .size = sizeof(bind), .revision = TRANSLATOR_REVISION };

	strcpy(bind.channel, below(2) ? "left" : "right");
	if (!below(4))
		((uint8_t *)&bind)[below(sizeof(bind))] ^= (uint8_t)(1 + below(255));
	if (!ioctl(file[i], TRANSLATOR_BIND, below(8) ? &bind : some_pointer()))
		__atomic_fetch_add(&operations[1], 1, __ATOMIC_RELAXED);
}

static void op_read(int i)
{
	if (!below(50)) {	/* seldom, since it may block until our end */
		fcntl(file[i], F_SETFL, 0);
		alarm(1);
	}
	read(file[i], some_pointer(), below(20));
	fcntl(file[i], F_SETFL, O_NONBLOCK);
}

static void op_write(int i)
{
	uint64_t one = below(4) ? 1 : (uint64_t)rand();

	write(file[i], below(4) ? &one : some_pointer(), below(4) ? 8 : below(20));
}

static void op_poll(int i)
{
	struct pollfd p = { .fd = file[i], .events = (short)rand() };
	struct epoll_event event = { .events = below(2) ? EPOLLIN : (uint32_t)rand() };

	poll(&p, 1, (int)below(2));
	epoll_ctl(epoll, below(2) ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, file[i], &event);
	epoll_wait(epoll, &event, 1, 0);
}

static void op_map(int i)
{
	if (mapped[i].size)
		munmap(mapped[i].at, mapped[i].size);
	mapped[i].size = 4096 * (1 + below(8));
	mapped[i].writable = below(2);
	mapped[i].at = mmap(NULL, mapped[i].size,
			    below(8) ? PROT_READ | (mapped[i].writable ? PROT_WRITE : 0) : (int)below(8),
			    below(8) ? MAP_SHARED : MAP_PRIVATE, file[i],
			    (mapped[i].writable ? TRANSLATOR_MAP_WRITE : 0) +
			    (below(4) ? 0 : 4096 * (off_t)rand()));
	if (mapped[i].at == MAP_FAILED)
		mapped[i].size = 0;
	else if (!below(4))
		mprotect(mapped[i].at, 4096, (int)below(8));
	else if (!below(4))
		mremap(mapped[i].at, 4096, 8192, 0);
}

/* A write to what may not be written ends this life: that is wanted as well. */
static void op_scribble(int i)
{
	if (!mapped[i].size || !mapped[i].writable)
		return;
	for (int k = 0; k < 50; k++)
		mapped[i].at[below((uint32_t)mapped[i].size)] = (uint8_t)rand();
}

static void op_ioctl(int i)
{
	ioctl(file[i], below(2) ? TRANSLATOR_BIND : (unsigned long)rand(), some_pointer());
	lseek(file[i], rand(), SEEK_SET);
}

static void op_share(int i)
{
	if (below(20) || fork())
		return;
	usleep(below(20000));
	op_write(i);
	_exit(0);
}

static void live(unsigned int seed, bool nobody)
{
	static hammer_op *const ops[] = { op_open, op_open, op_close, op_bind, op_bind, op_read,
		op_write, op_write, op_poll, op_map, op_scribble, op_ioctl, op_share };

	srand(seed);
	epoll = epoll_create1(0);
	hammer_node("/dev/translator", O_RDWR | O_NONBLOCK, file, FILES, nobody, ops,
		    sizeof(ops) / sizeof(ops[0]));
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	hammer(atof(argv[1]), atoi(argv[2]), live);
	printf("%lu operations, bound %lu times\n", operations[0], operations[1]);
	return operations[1] ? 0 : 1;
}
