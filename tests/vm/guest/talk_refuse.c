// SPDX-License-Identifier: GPL-2.0-or-later
/* talk_refuse CHANNEL - what is no proper use of /dev/translator is refused. */
#include <poll.h>
#include <signal.h>

#include "talk.h"

static void nothing(int signal)
{
	(void)signal;
}

static void want(const char *what, long result, int error)
{
	if (result != -1 || errno != error)
		DIE("%s: %ld, %s instead of %s", what, result, result == -1 ? strerror(errno) : "-",
		    strerror(error));
}

static long try_bind(int fd, struct translator_bind bind)
{
	return ioctl(fd, TRANSLATOR_BIND, &bind);
}

static long try_map(int fd, off_t at, size_t bytes, int rights, int flags)
{
	void *memory = mmap(NULL, bytes, rights, flags, fd, at);

	return memory == MAP_FAILED ? -1 : 0;
}

#define BIND_WITH(what, error, ...) do {						\
		struct translator_bind b = { .size = sizeof(b), .revision = TRANSLATOR_REVISION };	\
		strcpy(b.channel, channel);						\
		__VA_ARGS__;								\
		want(what, try_bind(fd, b), error);					\
	} while (0)

static void refuse_unbound(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	uint64_t n = 1;

	want("read before BIND", read(fd, &n, 8), ENOTCONN);
	want("write before BIND", write(fd, &n, 8), ENOTCONN);
	want("mmap before BIND", try_map(fd, 0, 4096, PROT_READ, MAP_SHARED), ENOTCONN);
	want("ioctl before BIND", ioctl(fd, _IO(0xC7, 99)), ENOTCONN);
	if (poll(&p, 1, 0) != 1 || p.revents != POLLERR)
		DIE("poll before BIND: %x", p.revents);
	want("BIND: pointer", ioctl(fd, TRANSLATOR_BIND, 8), EFAULT);
	BIND_WITH("BIND: size", EPROTO, b.size = 4);
	BIND_WITH("BIND: revision", EPROTO, b.revision++);
	BIND_WITH("BIND: flags", EINVAL, b.flags = 1);
	BIND_WITH("BIND: pad", EINVAL, b.pad = 1);
	BIND_WITH("BIND: no name", EINVAL, b.channel[0] = '\0');
	BIND_WITH("BIND: endless name", EINVAL, memset(b.channel, 'x', sizeof(b.channel)));
	BIND_WITH("BIND: endless instance", EINVAL, memset(b.instance, 'x', sizeof(b.instance)));
	BIND_WITH("BIND: no AOS", ENODEV, strcpy(b.instance, "nobody"));
	BIND_WITH("BIND: no channel", ENOENT, strcpy(b.channel, "nobody"));
}

static void refuse_bound(void)
{
	struct translator_bind bind;
	int fd = bind_alone(&bind), other = open("/dev/translator", O_RDWR);
	const void *volatile elsewhere = (void *)8;
	size_t theirs = 2 * 4096 + bind.from_aos + TRANSLATOR_LOG_BYTES;
	size_t ours = 4096 + bind.to_aos + TRANSLATOR_LOG_BYTES;
	uint64_t two[2] = { 1, 1 }, n = 2;
	void *memory;

	BIND_WITH("BIND twice", EISCONN, (void)0);
	want("ioctl", ioctl(fd, _IO(0xC7, 99)), ENOTTY);
	want("read: short", read(fd, &n, 7), EINVAL);
	want("write: short", write(fd, &n, 4), EINVAL);
	want("write: long", write(fd, two, 16), EINVAL);
	want("write: two", write(fd, &n, 8), EINVAL);
	want("write: pointer", write(fd, elsewhere, 8), EFAULT);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	usleep(50000);
	read(fd, &n, 8);
	want("read: nothing there", read(fd, &n, 8), EAGAIN);
	want("mmap: private", try_map(fd, 0, 4096, PROT_READ, MAP_PRIVATE), EINVAL);
	want("mmap: to write theirs", try_map(fd, 0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED), EPERM);
	want("mmap: to run", try_map(fd, TRANSLATOR_MAP_WRITE, 4096, PROT_READ | PROT_EXEC,
				     MAP_SHARED), EPERM);
	want("mmap: beyond theirs", try_map(fd, 0, theirs + 4096, PROT_READ, MAP_SHARED), EINVAL);
	want("mmap: beyond ours", try_map(fd, TRANSLATOR_MAP_WRITE, ours + 4096, PROT_READ,
					  MAP_SHARED), EINVAL);
	want("mmap: far beyond", try_map(fd, (off_t)1 << 62, 4096, PROT_READ, MAP_SHARED), EINVAL);
	memory = map_at(fd, 0, theirs, PROT_READ);
	want("mprotect", mprotect(memory, 4096, PROT_READ | PROT_WRITE), EACCES);
	want("mprotect to run", mprotect(memory, 4096, PROT_READ | PROT_EXEC), EACCES);
	want("mremap", mremap(memory, 4096, 8192, MREMAP_MAYMOVE) == MAP_FAILED ? -1 : 0, EFAULT);
	/* Its last mapping holds the channel, its last descriptor does not. */
	close(fd);
	fd = other;
	BIND_WITH("BIND: taken", EBUSY, (void)0);
	munmap(memory, theirs);
	if (try_bind(other, bind))
		DIE("BIND after the last unmap: %m");
	close(other);
}

/* A signal ends a read; one whose handler restarts does not. */
static void refuse_signals(void)
{
	struct sigaction action = { .sa_handler = nothing };
	struct translator_bind bind;
	int fd = bind_alone(&bind);
	uint64_t n;

	usleep(50000);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	read(fd, &n, 8);
	fcntl(fd, F_SETFL, 0);
	sigaction(SIGALRM, &action, NULL);
	ualarm(100000, 0);
	want("read: signal", read(fd, &n, 8), EINTR);
	action.sa_flags = SA_RESTART;
	sigaction(SIGALRM, &action, NULL);
	sigaction(SIGTERM, &(struct sigaction){ .sa_handler = nothing }, NULL);
	ualarm(100000, 0);
	if (!fork()) {
		usleep(500000);
		kill(getppid(), SIGTERM);
		_exit(0);
	}
	want("read: restarted, then ended", read(fd, &n, 8), EINTR);
	close(fd);
}

int main(int argc, char **argv)
{
	int fd = open("/dev/translator", O_RDWR);

	if (argc != 2)
		return 2;
	channel = argv[1];
	if (fd < 0)
		DIE("/dev/translator: %m");
	refuse_unbound(fd);
	close(fd);
	refuse_bound();
	refuse_signals();
	return 0;
}
