// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hammer SECONDS PROCESSES IMAGE - processes that do anything to /dev/hijack:
 * open, ioctl, read, mmap, close, in any order, with good, nearly good and
 * random arguments.  What one becomes an AOS by chance is killed soon.  Only
 * the instance "aos0" is not stopped.  As nobody they use descriptors that
 * root has opened.  Prints how many operations there were.
 */
#include <sys/uio.h>

#include "hammer.h"
#include "instance.h"

#define FILES		4

static struct request good, request;
static int file[FILES];
static struct { void *at; size_t size; } mapped[FILES];

/* Never "aos0", which shall go on. */
static const char *some_name(void)
{
	static const char *const names[] = { "ham0", "ham1", "ham2", "", "nobody" };

	return names[below(5)];
}

static unsigned long some_pointer(void)
{
	switch (below(4)) {
	case 0: return (unsigned long)&request + below(sizeof(request));
	case 1: return below(65536);
	case 2: return 0xffff888000000000ul + (unsigned long)rand();
	default: return (unsigned long)rand() << 32 | (unsigned long)rand();
	}
}

static void op_open(int *fd)
{
	if (*fd < 0)
		*fd = open(DEVICE, below(4) ? O_RDWR : O_RDONLY);
}

static void op_close(int *fd)
{
	close(*fd);
	*fd = -1;
}

static void op_setup(int *fd)
{
	request = good;
	request.setup.image = (uintptr_t)request.image;
	request.setup.bootinfo = (uintptr_t)&request.info;
	request.setup.cpu = below(2);
	request.setup.frames = 256u << below(4);
	strcpy(request.setup.name, some_name());
	if (!below(3))
		((uint8_t *)&request.setup)[below(sizeof(request.setup))] ^= (uint8_t)(1 + below(255));
	if (!below(3))
		((uint8_t *)&request.info)[below(sizeof(request.info))] ^= (uint8_t)(1 + below(255));
	if (!below(4))
		request.image[below(good.setup.image_size)] ^= 1;
	if (strncmp(request.setup.name, "aos", 3))
		ioctl(*fd, HIJACK_SETUP, &request.setup);
}

static void op_enter(int *fd)
{
	pin(below(2));
	ioctl(*fd, HIJACK_ENTER, below(8) ? *fd : (int)below(20));
}

static void op_name(int *fd)
{
	struct hijack_name name = { { 0 } };

	strcpy(name.name, some_name());
	if (name.name[0])	/* empty: the only one, which may be aos0 */
		ioctl(*fd, below(2) ? HIJACK_ATTACH : HIJACK_STOP, &name);
	else
		ioctl(*fd, HIJACK_ATTACH, below(2) ? "aos0\0\0\0\0\0\0\0\0\0\0\0" : name.name);
}

static void op_status(int *fd)
{
	struct hijack_status st = { .size = sizeof(st), .flags = below(8) == 0 };

	strcpy(st.name, some_name());
	ioctl(*fd, HIJACK_STATUS, below(8) ? (unsigned long)&st : some_pointer());
}

static void op_anything(int *fd)
{
	static const unsigned long requests[] = { HIJACK_SETUP, HIJACK_ENTER, HIJACK_STATUS,
		HIJACK_ATTACH, HIJACK_IDLE, HIJACK_LEAVE };

	memset(&request, (int)below(256), 4096);
	ioctl(*fd, below(4) ? requests[below(6)] : (unsigned long)rand(), some_pointer());
}

static void op_read(int *fd)
{
	static char text[65536];
	struct iovec parts[2] = { { text, below(100) }, { text + 100, below(60000) } };

	if (below(2))
		readv(*fd, parts, 2);
	else
		read(*fd, (void *)some_pointer(), below(70000));
	lseek(*fd, rand(), SEEK_SET);
}

static void op_map(int *fd)
{
	void **at = &mapped[fd - file].at;
	size_t *size = &mapped[fd - file].size;

	if (*size)
		munmap(*at, *size);
	*size = 4096 * (1 + below(30));
	*at = mmap(NULL, *size, below(8) ? PROT_READ : (int)below(8),
		   below(4) ? MAP_SHARED : MAP_PRIVATE, *fd, 4096 * (off_t)(below(4) ? 0 : rand()));
	if (*at == MAP_FAILED)
		*size = 0;
	else if (below(2))
		mprotect(*at, 4096, (int)below(8));
	else if (below(2))
		mremap(*at, 4096, 8192, 0);
}

static void op_share(int *fd)
{
	pid_t child;

	if (below(20))
		return;
	child = fork();
	if (!child) {
		usleep(below(20000));
		op_status(fd);
		_exit(0);
	}
}

/* One life: until its end, or its time is over. */
static void live(unsigned int seed, bool nobody)
{
	void (*const ops[])(int *fd) = { op_open, op_open, op_close, op_setup, op_setup, op_enter,
		op_name, op_status, op_anything, op_read, op_map, op_share };

	srand(seed);
	signal(SIGCHLD, SIG_IGN);
	for (int i = 0; i < FILES; i++)
		file[i] = open(DEVICE, O_RDWR);
	if (nobody && (setgid(65534) || setuid(65534)))
		_exit(1);
	for (;;) {
		ops[below(sizeof(ops) / sizeof(ops[0]))](&file[below(FILES)]);
		__atomic_fetch_add(operations, 1, __ATOMIC_RELAXED);
	}
}

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	request_init(&good, "ham0", argv[3]);
	hammer(atof(argv[1]), atoi(argv[2]), live);
	printf("%lu operations\n", *operations);
	return 0;
}
