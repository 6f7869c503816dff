// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * starter - become an AOS with none of aosctl's care: no memory locked, no
 * signal blocked, no file closed.  What is wrong with it is said by options.
 *
 *   starter [--name N] [--cpu C] [--frames N] [--channel NAME]...
 *           [--service NAME]... [--fifo PRIORITY] [--unpinned] [--thread]
 *           [--vfork] [--handler] [--ioport] [--traced] [--vectors] [--stopped]
 *           [--share FILE,ADDRESS,BYTES,HOW]... IMAGE
 *
 *   --thread   has a second thread      --vfork    shares its memory
 *   --handler  handles SIGUSR1          --ioport   has access to an I/O port
 *   --traced   is traced by its parent
 *   --stopped  stops itself between "set up" and the rest: kill -CONT
 *   --share    has a file in its memory, HOW = rw, ro or private
 *   --vectors  enters with values in all vector registers, and says whether
 *              they are still there at the end: "vectors kept"
 *
 * Prints "set up", and "ended N" when the AOS has ended.  Status: 0 if it
 * ended by itself or was stopped, 1 if it was refused.
 */
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/io.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>

#include <sys/syscall.h>

#include "instance.h"
#include "vectors.h"

static struct request request;
static int fifo, unpinned, with_thread, with_vfork, with_handler, with_ioport, with_trace;
static int with_vectors, with_stop;
static unsigned int cpu;

static void *rest(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static int rest_in_child(void *unused)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	rest(unused);
	return 0;
}

static void handler(int signal)
{
	(void)signal;
}

static void share(const char *what)
{
	unsigned long address, bytes;
	char file[128], how[16];
	bool private, writable;
	int fd;

	if (sscanf(what, "%127[^,],%lx,%lu,%15s", file, &address, &bytes, how) != 4)
		exit(2);
	private = !strcmp(how, "private");
	writable = !strcmp(how, "rw");
	fd = open(file, writable ? O_RDWR : O_RDONLY);
	if (fd < 0 || mmap((void *)address, bytes, PROT_READ | (writable ? PROT_WRITE : 0),
			   (private ? MAP_PRIVATE : MAP_SHARED) | MAP_FIXED_NOREPLACE, fd,
			   0) == MAP_FAILED) {
		perror(what);
		exit(1);
	}
	close(fd);
}

static void spoil(void)
{
	static char stack[16384] __attribute__((aligned(16)));
	pthread_t thread;

	if (with_thread)
		pthread_create(&thread, NULL, rest, NULL);
	if (with_vfork)
		clone(rest_in_child, stack + sizeof(stack), CLONE_VM, NULL);
	if (with_handler)
		signal(SIGUSR1, handler);
	if (with_ioport)
		ioperm(0xe9, 1, 1);
	if (with_trace)
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static void parse(int argc, char **argv)
{
	static const struct option options[] = {
		{ "name", 1, NULL, 'n' }, { "cpu", 1, NULL, 'c' },
		{ "frames", 1, NULL, 'f' }, { "channel", 1, NULL, 'C' },
		{ "service", 1, NULL, 's' }, { "fifo", 1, NULL, 'F' },
		{ "unpinned", 0, &unpinned, 1 }, { "thread", 0, &with_thread, 1 },
		{ "share", 1, NULL, 'S' }, { "vfork", 0, &with_vfork, 1 }, { "handler", 0, &with_handler, 1 },
		{ "ioport", 0, &with_ioport, 1 }, { "traced", 0, &with_trace, 1 },
		{ "vectors", 0, &with_vectors, 1 }, { "stopped", 0, &with_stop, 1 }, { 0 }
	};
	const char *name = "test";
	uint32_t frames = 4096;
	int letter;

	while ((letter = getopt_long(argc, argv, "", options, NULL)) >= 0)
		switch (letter) {
		case 'n': name = optarg; break;
		case 'c': cpu = (unsigned int)atoi(optarg); break;
		case 'f': frames = (uint32_t)atoi(optarg); break;
		case 'C': request_channel(&request, optarg); break;
		case 's': request_service(&request, optarg); break;
		case 'F': fifo = atoi(optarg); break;
		case 'S': share(optarg); break;
		case '?': exit(2);
		}
	if (optind != argc - 1)
		exit(2);
	struct bootinfo info = request.info;

	request_init(&request, name, argv[optind]);
	memcpy(request.info.channel, info.channel, sizeof(info.channel));
	memcpy(request.info.service, info.service, sizeof(info.service));
	request.info.nchannels = info.nchannels;
	request.info.nservices = info.nservices;
	request.setup.cpu = cpu;
	request.setup.frames = frames;
}

static int enter(int fd)
{
	static struct vectors in, out;
	long status;

	if (!with_vectors)
		return ioctl(fd, HIJACK_ENTER, fd);
	vectors_pattern(&in, 99);
	status = vectors_call(&in, &out, 1, SYS_ioctl, fd, HIJACK_ENTER, fd);
	printf("vectors %s\n", vectors_same(&in, &out) ? "kept" : "lost");
	errno = (int)-status;
	return (int)status;
}

int main(int argc, char **argv)
{
	struct sched_param param;
	int fd, status;

	parse(argc, argv);
	fd = device_open();
	if (ioctl(fd, HIJACK_SETUP, &request.setup)) {
		fprintf(stderr, "SETUP: %s\n", strerror(errno));
		print_log(fd, stderr);
		return 1;
	}
	printf("set up\n");
	fflush(stdout);
	if (with_stop)
		raise(SIGSTOP);
	if (!unpinned && pin(cpu))
		perror("pin");
	param.sched_priority = fifo;
	if (fifo && sched_setscheduler(0, SCHED_FIFO, &param))
		perror("SCHED_FIFO");
	spoil();
	status = enter(fd);
	if (status < 0) {
		fprintf(stderr, "ENTER: %s\n", strerror(errno));
		return 1;
	}
	printf("ended %d\n", status);
	print_log(fd, stdout);
	return 0;
}
