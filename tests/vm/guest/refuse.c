// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * refuse IMAGE - every wrong way to use /dev/hijack, one at a time: each must
 * be refused with the errno that says why.  Prints verdicts as a guest test
 * does; its name is in $TEST.  IMAGE wants no interface.
 */
#include <limits.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "abi/image.h"
#include "instance.h"

static struct request good, bad;
static const char *test;

static void verdict(const char *what, int want, int got)
{
	if (want == got)
		printf("ok %s: %s\n", test, what);
	else
		printf("not ok %s: %s: wanted %s, found %s\n", test, what,
		       want ? strerrorname_np(want) : "success",
		       got ? strerrorname_np(got) : "success");
}

static int error_of(long result)
{
	return result < 0 ? errno : 0;
}

/* SETUP of `bad` on a file of its own; then it is as good again. */
static void set_up(const char *what, int want)
{
	int fd = device_open();

	verdict(what, want, error_of(ioctl(fd, HIJACK_SETUP, &bad.setup)));
	close(fd);
	bad = good;
	bad.setup.image = (uintptr_t)bad.image;
	bad.setup.bootinfo = (uintptr_t)&bad.info;
}

#define SETUP_WITH(what, want, change) do { change; set_up(what, want); } while (0)

static void wrong_setups(void)
{
	struct hijack_setup *s = &bad.setup;

	SETUP_WITH("SETUP: size too small", EPROTO, s->size--);
	SETUP_WITH("SETUP: size too large", EPROTO, s->size++);
	SETUP_WITH("SETUP: size 0", EPROTO, s->size = 0);
	SETUP_WITH("SETUP: older revision", EPROTO, s->revision--);
	SETUP_WITH("SETUP: newer revision", EPROTO, s->revision++);
	SETUP_WITH("SETUP: unknown flag", EINVAL, s->flags = 1);
	SETUP_WITH("SETUP: highest flag", EINVAL, s->flags = 1u << 31);
	SETUP_WITH("SETUP: no name", EINVAL, s->name[0] = '\0');
	SETUP_WITH("SETUP: endless name", EINVAL, memset(s->name, 'x', sizeof(s->name)));
	SETUP_WITH("SETUP: CPU beyond all", EINVAL, s->cpu = 1u << 20);
	SETUP_WITH("SETUP: CPU -1", EINVAL, s->cpu = UINT_MAX);
	SETUP_WITH("SETUP: no frames", EINVAL, s->frames = 0);
	SETUP_WITH("SETUP: a frame too few", EINVAL, s->frames = HIJACK_MIN_FRAMES - 1);
	SETUP_WITH("SETUP: a frame too many", EINVAL, s->frames = HIJACK_MAX_FRAMES + 1);
	SETUP_WITH("SETUP: frames -1", EINVAL, s->frames = UINT_MAX);
	SETUP_WITH("SETUP: more memory than there is", ENOMEM, s->frames = HIJACK_MAX_FRAMES);
	SETUP_WITH("SETUP: no image", EINVAL, s->image_size = 0);
	SETUP_WITH("SETUP: image too large", EINVAL, s->image_size = IMAGE_MAX_SIZE + 1);
	SETUP_WITH("SETUP: image nowhere", EFAULT, s->image = 0);
	SETUP_WITH("SETUP: image in the kernel", EFAULT, s->image = 0xffffffff81000000);
	SETUP_WITH("SETUP: image not canonical", EFAULT, s->image = 1ull << 63);
	SETUP_WITH("SETUP: bootinfo nowhere", EFAULT, s->bootinfo = 0);
	SETUP_WITH("SETUP: bootinfo in the kernel", EFAULT, s->bootinfo = 0xffffffff81000000);
}

static void wrong_bootinfos(void)
{
	struct bootinfo *b = &bad.info;

	SETUP_WITH("bootinfo: magic", EPROTO, b->magic++);
	SETUP_WITH("bootinfo: revision", EPROTO, b->revision++);
	SETUP_WITH("bootinfo: channels", EINVAL, b->nchannels = BOOTINFO_CHANNELS + 1);
	SETUP_WITH("bootinfo: channels -1", EINVAL, b->nchannels = UINT_MAX);
	SETUP_WITH("bootinfo: addresses", EINVAL, b->naddresses = BOOTINFO_ADDRESSES + 1);
	SETUP_WITH("bootinfo: services", EINVAL, b->nservices = BOOTINFO_SERVICES + 1);
	SETUP_WITH("bootinfo: interface missing", ENODEV, request_channel(&bad, "cos77"));
	SETUP_WITH("bootinfo: interface of another kind", ENODEV, request_channel(&bad, "lo"));
	SETUP_WITH("bootinfo: endless name", ENODEV, {
		memset(b->channel[0].name, 'x', sizeof(b->channel[0].name));
		b->nchannels = 1;
	});
}

static void truncate_to(uint32_t size)
{
	char what[64];

	snprintf(what, sizeof(what), "image: first %u bytes", size);
	bad.setup.image_size = size;
	set_up(what, EINVAL);
}

static void wrong_images(void)
{
	uint32_t size = good.setup.image_size;
	const uint32_t lengths[] = { 1, 4, sizeof(struct image_header) - 1,
		sizeof(struct image_header), 100, 4095, 4096, size / 2, size - 1 };

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		truncate_to(lengths[i]);
	SETUP_WITH("image: a byte after its end", EINVAL, bad.setup.image_size++);
}

/* Each bit of the header, some of the rest: not one goes through. */
static void flipped_bits(void)
{
	uint32_t through = 0, header = 8 * sizeof(struct image_header), flips = header + 200;

	for (uint32_t i = 0; i < flips; i++) {
		uint32_t bit = i < header ? i : (uint32_t)rand() % (8 * good.setup.image_size);
		int fd = device_open();

		bad.image[bit / 8] ^= (uint8_t)(1u << bit % 8);
		through += !ioctl(fd, HIJACK_SETUP, &bad.setup) || errno != EINVAL;
		bad.image[bit / 8] ^= (uint8_t)(1u << bit % 8);
		close(fd);
	}
	verdict("image: one bit flipped, anywhere", 0, through ? EBADMSG : 0);
}

static void wrong_order(void)
{
	int fd = device_open();

	verdict("ENTER before SETUP", EINVAL, error_of(ioctl(fd, HIJACK_ENTER, fd)));
	verdict("IDLE from outside", EPERM, error_of(ioctl(fd, HIJACK_IDLE, 0)));
	verdict("LEAVE from outside", EPERM, error_of(ioctl(fd, HIJACK_LEAVE, 0)));
	verdict("read before SETUP", ENODATA, error_of(read(fd, &bad, 1)));
	verdict("mmap before SETUP", ENODATA, mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0) ==
		MAP_FAILED ? errno : 0);
	verdict("SETUP at NULL", EFAULT, error_of(ioctl(fd, HIJACK_SETUP, NULL)));
	verdict("no such ioctl", ENOTTY, error_of(ioctl(fd, _IO(HIJACK_IOC, 0x55), 0)));
	verdict("no such ioctl, ours but for the size", ENOTTY,
		error_of(ioctl(fd, _IOW(HIJACK_IOC, 1, char), &bad)));
	verdict("SETUP", 0, error_of(ioctl(fd, HIJACK_SETUP, &bad.setup)));
	verdict("SETUP again", EBUSY, error_of(ioctl(fd, HIJACK_SETUP, &bad.setup)));
	verdict("ATTACH after SETUP", EBUSY, error_of(ioctl(fd, HIJACK_ATTACH, bad.setup.name)));
	verdict("ENTER with another descriptor", EBADF, error_of(ioctl(fd, HIJACK_ENTER, 0)));
	verdict("ENTER with a closed one", EBADF, error_of(ioctl(fd, HIJACK_ENTER, 99)));
	verdict("ENTER with -1", EINVAL, error_of(ioctl(fd, HIJACK_ENTER, -1)));
	verdict("IDLE before ENTER", EPERM, error_of(ioctl(fd, HIJACK_IDLE, 0)));
	verdict("LEAVE before ENTER", EPERM, error_of(ioctl(fd, HIJACK_LEAVE, 0)));
	close(fd);
}

static void wrong_questions(void)
{
	int fd = device_open();
	struct hijack_status st = { .size = sizeof(st) };
	struct hijack_name name = { "nobody" };

	verdict("ATTACH to nobody", ENOENT, error_of(ioctl(fd, HIJACK_ATTACH, &name)));
	verdict("STOP nobody", ENOENT, error_of(ioctl(fd, HIJACK_STOP, &name)));
	verdict("STOP at NULL", EFAULT, error_of(ioctl(fd, HIJACK_STOP, NULL)));
	strcpy(st.name, "nobody");
	verdict("STATUS of nobody", ENOENT, error_of(ioctl(fd, HIJACK_STATUS, &st)));
	st.size = 0;
	verdict("STATUS: size", EINVAL, error_of(ioctl(fd, HIJACK_STATUS, &st)));
	st.size = sizeof(st);
	st.flags = 1;
	verdict("STATUS: flag", EINVAL, error_of(ioctl(fd, HIJACK_STATUS, &st)));
	st.flags = 0;
	memset(st.name, 'x', sizeof(st.name));
	verdict("STATUS: endless name", EINVAL, error_of(ioctl(fd, HIJACK_STATUS, &st)));
	memset(name.name, 'x', sizeof(name.name));
	verdict("STOP: endless name", EINVAL, error_of(ioctl(fd, HIJACK_STOP, &name)));
	verdict("ATTACH: endless name", EINVAL, error_of(ioctl(fd, HIJACK_ATTACH, &name)));
	close(fd);
}

static int map(int fd, size_t bytes, int prot, int flags, off_t from)
{
	void *at = mmap(NULL, bytes, prot, flags, fd, from);

	if (at == MAP_FAILED)
		return errno;
	munmap(at, bytes);
	return 0;
}

static void wrong_maps(void)
{
	size_t all = (size_t)HIJACK_SHOWN_PAGES * 4096;
	int fd = device_open();
	void *at;

	verdict("SETUP, for its counters", 0, error_of(ioctl(fd, HIJACK_SETUP, &bad.setup)));
	verdict("mmap", 0, map(fd, all, PROT_READ, MAP_SHARED, 0));
	verdict("mmap: to write", EPERM, map(fd, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, 0));
	verdict("mmap: to execute", EPERM, map(fd, 4096, PROT_READ | PROT_EXEC, MAP_SHARED, 0));
	verdict("mmap: a copy to write", EPERM,
		map(fd, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, 0));
	verdict("mmap: a page too many", EINVAL, map(fd, all + 4096, PROT_READ, MAP_SHARED, 0));
	verdict("mmap: the second page", EINVAL, map(fd, 4096, PROT_READ, MAP_SHARED, 4096));
	verdict("mmap: from the end of all", EINVAL,
		map(fd, 4096, PROT_READ, MAP_SHARED, (off_t)(1ull << 62)));
	at = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	verdict("mprotect: to write", EACCES,
		error_of(mprotect(at, 4096, PROT_READ | PROT_WRITE)));
	verdict("mprotect: to execute", EACCES,
		error_of(mprotect(at, 4096, PROT_READ | PROT_EXEC)));
	verdict("mremap: larger", EFAULT,
		mremap(at, 4096, 8192, MREMAP_MAYMOVE) == MAP_FAILED ? errno : 0);
	close(fd);
	verdict("a mapping outlives its file", 0, *(volatile char *)at * 0);
	munmap(at, 4096);
}

/* A file opened for reading is for looking. */
static void only_to_look(void)
{
	struct hijack_name name = { "test" };
	int fd = open("/dev/hijack", O_RDONLY);

	verdict("SETUP by a file for reading", EBADF, error_of(ioctl(fd, HIJACK_SETUP,
								     &good.setup)));
	verdict("STOP by a file for reading", EBADF, error_of(ioctl(fd, HIJACK_STOP, &name)));
	verdict("ENTER by a file for reading", EBADF, error_of(ioctl(fd, HIJACK_ENTER, fd)));
	verdict("IDLE by a file for reading", EBADF, error_of(ioctl(fd, HIJACK_IDLE)));
	verdict("ATTACH by a file for reading", ENOENT, error_of(ioctl(fd, HIJACK_ATTACH,
								       &name)));
	close(fd);
}

/* An instance is its process's; another that has the file cannot enter it. */
static void wrong_process(void)
{
	int fd = device_open(), status;
	pid_t child;

	verdict("SETUP, for another", 0, error_of(ioctl(fd, HIJACK_SETUP, &bad.setup)));
	child = fork();
	if (!child)	/* not pinned, so that ENTER cannot succeed in any case */
		_exit(ioctl(fd, HIJACK_ENTER, fd) < 0 ? errno : 0);
	waitpid(child, &status, 0);
	verdict("ENTER by a child that is not pinned", EINVAL, WEXITSTATUS(status));
	close(fd);
}

int main(int argc, char **argv)
{
	test = getenv("TEST");
	if (argc != 2 || !test)
		return 2;
	request_init(&good, "test", argv[1]);
	bad = good;
	bad.setup.image = (uintptr_t)bad.image;
	bad.setup.bootinfo = (uintptr_t)&bad.info;
	setvbuf(stdout, NULL, _IOLBF, 0);
	wrong_setups();
	wrong_bootinfos();
	wrong_images();
	flipped_bits();
	wrong_order();
	wrong_maps();
	wrong_questions();
	only_to_look();
	wrong_process();
	return 0;
}
