// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * init - pid 1 of the test guest: prepare, run one command, report, power off.
 *
 * What the host put into the initramfs under /vm says what to do:
 *   argv     the command, words ended by NUL; a single word is given to sh -c
 *   modules  kernel modules to load first, one per line (may be missing)
 *   get      paths to bring back to the host, ended by NUL (may be missing)
 *   shell    present: stdin of the command is the terminal, else /dev/null
 *
 * Two ways lead out, and they are never mixed: the command owns ttyS1, and
 * init alone writes to the report port, an I/O port that needs no driver and
 * no interrupt:
 *   "init"                              pid 1 is alive (the emulator works)
 *   "done <status> <taint> <files>"     the token: no token, no success
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define REPORT_PORT	0xe9		/* QEMU's isa-debugcon */
#define COMMAND_TTY	"/dev/ttyS1"
#define MAX_WORDS	1024
#define IVSHMEM_VENDOR	"0x1af4"
#define IVSHMEM_DEVICE	"0x1110"

extern char **environ;

static char *guest_env[] = {
	"PATH=/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin",
	"HOME=/root", "TERM=linux", "LANG=C", NULL
};

static void report(const char *format, ...)
{
	char line[128];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	for (const char *c = line; *c; c++)
		outb(*c, REPORT_PORT);
}

/* What init has to say goes to the kernel log, which the host keeps and shows. */
static void note(const char *what, const char *why)
{
	FILE *log = fopen("/dev/kmsg", "w");

	if (log) {
		fprintf(log, "<5>%s: %s\n", what, why);
		fclose(log);
	}
}

static void complain(const char *what)
{
	note(what, strerror(errno));
}

static void mount_at(const char *type, const char *where)
{
	mkdir(where, 0755);
	if (mount(type, where, type, 0, NULL) && errno != EBUSY)
		complain(where);
}

static void mount_all(void)
{
	mount_at("proc", "/proc");
	mount_at("sysfs", "/sys");
	mount_at("devtmpfs", "/dev");
	mount_at("devpts", "/dev/pts");
	mount_at("tmpfs", "/dev/shm");
	mount_at("tmpfs", "/tmp");
	mount_at("tmpfs", "/run");
	mount_at("debugfs", "/sys/kernel/debug");
	mount_at("tracefs", "/sys/kernel/tracing");
	mkdir("/dev/net", 0755);	/* opening it makes the kernel load tun */
	mknod("/dev/net/tun", S_IFCHR | 0600, makedev(10, 200));
	symlink("/proc/self/fd", "/dev/fd");
}

/* Starts a program and waits for this one, reaping orphans that end meanwhile. */
static int run(char *const argv[], void (*prepare)(void))
{
	pid_t ended, child = fork();
	int status;

	if (child == 0) {
		/* The port is init's alone: an AOS thread must not have any. */
		ioperm(REPORT_PORT, 1, 0);
		if (prepare)
			prepare();
		execvp(argv[0], argv);
		fprintf(stderr, "init: %s: %s\n", argv[0], strerror(errno));
		_exit(errno == ENOENT ? 127 : 126);
	}
	do {
		ended = wait(&status);
	} while (ended != child && (ended > 0 || errno == EINTR));
	if (child < 0 || ended < 0) {
		complain(argv[0]);
		return 126;
	}
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void for_each_line(const char *path, void (*act)(const char *line))
{
	FILE *file = fopen(path, "r");
	char line[4096];

	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (*line)
			act(line);
	}
	if (file)
		fclose(file);
}

static void load_module(const char *name)
{
	char *argv[] = { "modprobe", (char *)name, NULL };

	run(argv, NULL);
}

static void prepare_guest(void)
{
	char *lo_up[] = { "ip", "link", "set", "lo", "up", NULL };

	environ = guest_env;
	mount_all();
	klogctl(8, NULL, 7);		/* console: everything but debug */
	sethostname("guest", 5);
	note("init", "up");
	run(lo_up, NULL);
	for_each_line("/vm/modules", load_module);
}

/*
 * Runs in the child: a session of its own, with ttyS1 as its terminal; only a
 * shell's controlling one, since that is hung up when the session's leader
 * ends, and what it has not sent by then is lost.
 */
static void take_terminal(void)
{
	int shell = access("/vm/shell", F_OK) == 0;
	struct termios mode;
	int tty;

	setsid();
	tty = open(COMMAND_TTY, O_RDWR | (shell ? 0 : O_NOCTTY));
	if (tty < 0)
		return;
	tcgetattr(tty, &mode);
	if (!shell)
		cfmakeraw(&mode);	/* no \r before \n */
	cfsetspeed(&mode, B115200);
	tcsetattr(tty, TCSANOW, &mode);
	dup2(shell ? tty : open("/dev/null", O_RDONLY), STDIN_FILENO);
	dup2(tty, STDOUT_FILENO);
	dup2(tty, STDERR_FILENO);
	chdir("/root");
}

static int run_command(void)
{
	static char words[128 * 1024];
	char *argv[MAX_WORDS + 3] = { "sh", "-c" };
	int fd = open("/vm/argv", O_RDONLY);
	ssize_t size = read(fd, words, sizeof(words) - 1);
	int count = 2;

	close(fd);
	for (char *w = words; w < words + size && count < MAX_WORDS + 2; w += strlen(w) + 1)
		argv[count++] = w;
	return run(count == 3 ? argv : argv + 2, take_terminal);
}

/* Waits until the terminal has sent its last byte. */
static void drain_output(void)
{
	int tty = open(COMMAND_TTY, O_WRONLY | O_NOCTTY);

	tcdrain(tty);
	close(tty);
}

static void end_processes(void)
{
	const struct timespec pause = { .tv_nsec = 20 * 1000 * 1000 };

	kill(-1, SIGKILL);
	for (int i = 0; i < 100; i++) {
		pid_t ended = waitpid(-1, NULL, WNOHANG);

		if (ended < 0)
			return;
		if (ended == 0)
			nanosleep(&pause, NULL);
	}
}

static int file_says(const char *dir, const char *file, const char *text)
{
	char path[512], value[64] = "";
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", dir, file);
	fd = open(path, O_RDONLY);
	if (fd < 0 || read(fd, value, sizeof(value) - 1) < 0)
		value[0] = '\0';
	close(fd);
	return strncmp(value, text, strlen(text)) == 0;
}

/*
 * The memory shared with the host: BAR 2 of an ivshmem device. Needs no
 * driver, and costs the guest neither an interrupt nor a system call per byte.
 */
static char *map_shared(size_t *size)
{
	DIR *devices = opendir("/sys/bus/pci/devices");
	char path[512] = "";
	struct dirent *d;
	struct stat st;
	void *shared;
	int fd;

	while (devices && (d = readdir(devices)))
		if (file_says(d->d_name, "vendor", IVSHMEM_VENDOR) &&
		    file_says(d->d_name, "device", IVSHMEM_DEVICE))
			snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource2", d->d_name);
	if (devices)
		closedir(devices);
	fd = open(path, O_RDWR);
	if (fd < 0 || fstat(fd, &st))
		return NULL;
	shared = mmap(NULL, st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	*size = st.st_size;
	return shared == MAP_FAILED ? NULL : shared;
}

/* Copies what comes through a pipe into shared memory; true if all of it fitted. */
static int pour(int from, char *to, size_t room)
{
	char block[65536];
	ssize_t got;

	while ((got = read(from, block, sizeof(block))) > 0) {
		if ((size_t)got > room)
			return 0;
		memcpy(to, block, got);
		to += got;
		room -= got;
	}
	return got == 0;
}

/* Writes the files asked for, as a tar archive, into the shared memory. */
static const char *send_files(void)
{
	static const char tar[] = "xargs -0 tar -c -C / -f - </vm/get";
	int ends[2], status = -1, fits;
	size_t size;
	char *shared;
	pid_t child;

	if (access("/vm/get", F_OK))
		return "none";
	shared = map_shared(&size);
	if (!shared || pipe(ends))
		return "lost";
	child = fork();
	if (child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		execlp("sh", "sh", "-c", tar, NULL);
		_exit(127);
	}
	close(ends[1]);
	fits = pour(ends[0], shared, size);
	close(ends[0]);
	waitpid(child, &status, 0);
	if (!fits)
		return "toobig";
	return status == 0 ? "sent" : "missing";
}

static void note_leak(const char *line)
{
	note("kmemleak", line);
}

/* A debug kernel tells leaks only when asked, and only of objects older than 5 s. */
static void look_for_leaks(void)
{
	static const char control[] = "/sys/kernel/debug/kmemleak";

	for (int i = 0; i < 2; i++) {
		int fd = open(control, O_WRONLY);

		if (fd < 0)
			return;
		sleep(i == 0 ? 6 : 1);
		write(fd, "scan", 4);
		close(fd);
	}
	for_each_line(control, note_leak);
}

static unsigned long read_taint(void)
{
	char text[32] = "";
	int fd = open("/proc/sys/kernel/tainted", O_RDONLY);

	/* An unreadable taint is a taint: every bit set. */
	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		return ~0UL;
	close(fd);
	return strtoul(text, NULL, 10);
}

int main(void)
{
	const char *files;
	int status;

	if (ioperm(REPORT_PORT, 1, 1))
		return 1;
	report("init\n");
	prepare_guest();
	status = run_command();
	drain_output();
	files = send_files();
	end_processes();
	look_for_leaks();
	report("done %d %lu %s\n", status, read_taint(), files);
	sync();
	reboot(RB_POWER_OFF);
	return 0;
}
