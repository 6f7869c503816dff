// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * program - loading the steering programs, and finding the maps of one.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "links.h"
#include "program.h"

#define MOST_MAPS	16

/* Embedded by xdp_object.S. */
extern const char xdp_object[], xdp_object_end[];

/* ---- one that is loaded ------------------------------------------------------------- */

uint32_t program_id(int program)
{
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info);

	return bpf_obj_get_info_by_fd(program, &info, &size) ? 0 : info.id;
}

int program_map(int program, const char *name)
{
	struct bpf_map_info map;
	struct bpf_prog_info info = { 0 };
	__u32 ids[MOST_MAPS], size = sizeof(info);

	info.nr_map_ids = MOST_MAPS;
	info.map_ids = (uintptr_t)ids;
	if (bpf_obj_get_info_by_fd(program, &info, &size))
		return -1;
	for (__u32 i = 0; i < info.nr_map_ids && i < MOST_MAPS; i++) {
		int fd = bpf_map_get_fd_by_id(ids[i]);

		size = sizeof(map);
		memset(&map, 0, sizeof(map));
		if (fd >= 0 && !bpf_obj_get_info_by_fd(fd, &map, &size) &&
		    !strcmp(map.name, name))
			return fd;
		if (fd >= 0)
			close(fd);
	}
	return -1;
}

/* ---- loading ---------------------------------------------------------------------------- */

/* What libbpf says is kept for our own message. */
static char reason[512];

static int keep_reason(enum libbpf_print_level level, const char *format, va_list args)
{
	if (level == LIBBPF_WARN && !reason[0]) {
		vsnprintf(reason, sizeof(reason), format, args);
		reason[strcspn(reason, "\n")] = '\0';
	}
	return 0;
}

void program_hush(void)
{
	reason[0] = '\0';
	libbpf_set_print(keep_reason);
}

static int set_address(struct bpf_object *object, const uint8_t *address)
{
	struct bpf_map *constants = bpf_object__find_map_by_name(object, ".rodata");

	if (!constants)
		return -EINVAL;
	return bpf_map__set_initial_value(constants, address, ETH_ALEN);
}

/* Those that the other one does not have it makes itself. */
static int share_maps(struct bpf_object *object, int program)
{
	struct bpf_map *map;
	int err = 0;

	bpf_object__for_each_map(map, object) {
		int fd = bpf_map__is_internal(map) ? -1 :
			 program_map(program, bpf_map__name(map));

		if (fd < 0)
			continue;
		err = bpf_map__reuse_fd(map, fd);
		close(fd);
		if (err)
			break;
	}
	return err;
}

static void choose(struct bpf_object *object, const char *name)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, object)
		bpf_program__set_autoload(program, !strcmp(bpf_program__name(program), name));
}

static int load(struct bpf_object *object, const char *name, const uint8_t *address,
		int sharing)
{
	int err = set_address(object, address);

	choose(object, name);
	if (!err && sharing >= 0)
		err = share_maps(object, sharing);
	return err ? err : bpf_object__load(object);
}

int program_load(const char *name, const char *link, int sharing)
{
	struct bpf_object *object;
	uint8_t address[ETH_ALEN];
	int err, program = -1;

	if (!links_address(link, address))
		return say_error("%s is no Ethernet interface: choose mode \"route\"", link);
	program_hush();
	object = bpf_object__open_mem(xdp_object, (size_t)(xdp_object_end - xdp_object), NULL);
	err = object ? load(object, name, address, sharing) : -errno;
	if (!err) {
		program = fcntl(bpf_program__fd(bpf_object__find_program_by_name(object, name)),
				F_DUPFD_CLOEXEC, 0);
		err = program < 0 ? -errno : 0;
	}
	bpf_object__close(object);
	if (err)
		say_error("the steering program '%s' cannot be loaded: %s%s%s", name,
			  strerror(-err), reason[0] ? ": " : "", reason);
	return program;
}
