// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * answers - the programs that send answers directly, and by which interfaces they may.
 */
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "answers.h"
#include "cosnet/xdp/answer.h"
#include "down.h"
#include "links.h"
#include "prefix.h"
#include "program.h"

#define SHORTEST_FRAME	60
#define NO_PROTOCOL	0x88b5	/* IEEE 802's first for local experiments */

_Static_assert(ANSWER_SOURCES == BOOTINFO_ADDRESSES, "an interface can have more addresses");

/* Embedded by xdp_object.S. */
extern const char answer_object[], answer_object_end[];

/* ---- what is recorded ------------------------------------------------------------------- */

static const struct state_step *recorded(const struct state *state, const char *link)
{
	const struct state_step *step;
	unsigned int from = 0;

	while ((step = state_find(state, "answers", &from)))
		if (!strcmp(step->word[1], link))
			return step;
	return NULL;
}

/* The program of that step, if it still is where we put it; else -1. */
static int open_program(const struct state_step *step)
{
	uint32_t id = (uint32_t)strtoul(step->word[2], NULL, 10);
	int index = (int)if_nametoindex(step->word[1]);
	__u32 there;

	if (!index || bpf_xdp_query_id(index, 0, &there) || there != id)
		return -1;
	return bpf_prog_get_fd_by_id(id);
}

/* ---- loading ---------------------------------------------------------------------------- */

static bool is_one_of(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (!strcmp(name, *names))
			return true;
	return false;
}

static struct bpf_object *open_object(const char *const *names)
{
	struct bpf_object *object = bpf_object__open_mem(answer_object,
							 (size_t)(answer_object_end - answer_object),
							 NULL);
	struct bpf_program *program;

	if (!object)
		return NULL;
	bpf_object__for_each_program(program, object)
		bpf_program__set_autoload(program,
					  is_one_of(bpf_program__name(program), names));
	return object;
}

static int program_fd(struct bpf_object *object, const char *name)
{
	return bpf_program__fd(bpf_object__find_program_by_name(object, name));
}

/* Those of the interface that the configuration gave the AOS, as recorded. */
static void list_sources(const struct state *state, const char *link,
			 struct answer_source *sources)
{
	const struct state_step *step;
	unsigned int from = 0, n = 0;
	struct config_prefix prefix;

	memset(sources, 0, ANSWER_SOURCES * sizeof(*sources));
	while (n < ANSWER_SOURCES && (step = state_find(state, "address", &from))) {
		if (strcmp(step->word[1], link) || prefix_parse(&prefix, step->word[2]))
			continue;
		sources[n].family = prefix.family;
		memcpy(sources[n++].address, prefix.addr, prefix.family == 4 ? 4 : 16);
	}
}

static struct bpf_object *load(const struct state *state, const char *link)
{
	static const char *const names[] = { "answer", NULL };
	struct answer_source sources[ANSWER_SOURCES];
	struct bpf_object *object = open_object(names);
	struct bpf_map *constants;
	int err;

	if (!object) {
		say_error("the program for answers cannot be read: %s", strerror(errno));
		return NULL;
	}
	list_sources(state, link, sources);
	constants = bpf_object__find_map_by_name(object, ".rodata");
	err = constants ? bpf_map__set_initial_value(constants, sources, sizeof(sources))
			: -EINVAL;
	if (!err)
		err = bpf_object__load(object);
	if (!err)
		return object;
	bpf_object__close(object);
	say_error("the program for answers cannot be loaded: %s", strerror(-err));
	return NULL;
}

static int attach(struct state *state, const char *link, int program)
{
	uint32_t id = program_id(program);
	int err;

	if (!id)
		return say_error("%s: the program for answers has no number", link);
	if (state_add(state, "answers %s %u", link, id))
		return -1;
	err = bpf_xdp_attach((int)if_nametoindex(link), program,
			     XDP_FLAGS_UPDATE_IF_NOEXIST | XDP_FLAGS_DRV_MODE, NULL);
	if (err == -EBUSY || err == -EEXIST)
		return say_error("%s has an XDP program of others: remove it ('ip link set dev "
				 "%s xdp off'), or answers = \"direct\"", link, link);
	return err ? say_error("%s: the program for answers cannot be attached: %s", link,
			       strerror(-err)) : 0;
}

/* Until it knows of an interface it lets everything pass. */
static int start(struct state *state, const char *link)
{
	struct bpf_object *object = load(state, link);
	int err;

	if (!object)
		return -1;
	err = attach(state, link, program_fd(object, "answer"));
	bpf_object__close(object);
	return err;
}

int answers_start(struct state *state, const struct config *config)
{
	for (unsigned int i = 0; i < config->ninterfaces; i++) {
		const struct config_interface *interface = &config->interfaces[i];

		if (interface->answers == CONFIG_ANSWERS_DIRECT &&
		    !recorded(state, interface->name) && start(state, interface->name))
			return -1;
	}
	return 0;
}

static bool is_wanted(const struct config *config, const char *link)
{
	for (unsigned int i = 0; i < config->ninterfaces; i++)
		if (!strcmp(config->interfaces[i].name, link))
			return config->interfaces[i].answers == CONFIG_ANSWERS_DIRECT;
	return false;
}

int answers_tidy(struct state *state, const struct config *config)
{
	const struct state_step *step;
	unsigned int from = 0;
	bool changed = false;

	while ((step = state_find(state, "answers", &from))) {
		if (is_wanted(config, step->word[1]))
			continue;
		if (down_undo(state, step))
			return -1;
		state_forget(state, step);
		from = 0;
		changed = true;
	}
	return changed ? state_store(state) : 0;
}

/* ---- does an interface take frames? ------------------------------------------------------ */

/* To itself, of no protocol: nobody does anything with it. */
static bool make_frame(const char *link, uint8_t *frame)
{
	memset(frame, 0, SHORTEST_FRAME);
	if (!links_address(link, frame))
		return false;
	memcpy(frame + ETH_ALEN, frame, ETH_ALEN);
	frame[2 * ETH_ALEN] = NO_PROTOCOL >> 8;
	frame[2 * ETH_ALEN + 1] = NO_PROTOCOL & 0xff;
	return true;
}

static int send_frame(struct bpf_object *object, const char *link, uint8_t *frame)
{
	LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = frame, .data_size_in = SHORTEST_FRAME,
		    .repeat = 1, .batch_size = 1, .flags = BPF_F_TEST_XDP_LIVE_FRAMES);
	struct answer_attempt mine = { .process = (uint32_t)getpid() };
	uint32_t first = 0, to = if_nametoindex(link);
	int err;

	err = bpf_map_update_elem(bpf_object__find_map_fd_by_name(object, "attempt_came"),
				  &first, &mine, BPF_ANY);
	if (!err)
		err = bpf_map_update_elem(bpf_object__find_map_fd_by_name(object, "attempt_to"),
					  &first, &to, BPF_ANY);
	return err ? err : bpf_prog_test_run_opts(program_fd(object, "attempt"), &run);
}

/* Before Linux 6.3 nobody can be asked; and a driver that could may not do it just now. */
static bool takes_frames(struct bpf_object *object, const char *link)
{
	struct answer_attempt came = { 0 };
	uint8_t frame[SHORTEST_FRAME];
	uint32_t first = 0;

	if (!make_frame(link, frame) || send_frame(object, link, frame) ||
	    bpf_map_lookup_elem(bpf_object__find_map_fd_by_name(object, "attempt_came"), &first,
				&came))
		return false;
	return came.sent > 0;
}

/* ---- by which interfaces ------------------------------------------------------------------ */

/* The map of those of that step, or -1. */
static int open_links(const struct state_step *answers)
{
	int program = open_program(answers), map;

	if (program < 0)
		return -1;
	map = program_map(program, "answer_by");
	close(program);
	return map;
}

enum answers_way answers_way(const struct state *state, const char *link, const char *dev)
{
	const struct state_step *step = recorded(state, link);
	uint32_t index = if_nametoindex(dev), by;
	enum answers_way way;
	int map;

	if (!step)
		return ANSWERS_LINUX;
	map = open_links(step);
	if (map < 0)
		return ANSWERS_UNKNOWN;
	way = bpf_map_lookup_elem(map, &index, &by) ? ANSWERS_LINUX : ANSWERS_DIRECT;
	close(map);
	return way;
}

static void set_link(const struct state_step *answers, const char *link, bool takes)
{
	uint32_t index = if_nametoindex(link);
	int map = open_links(answers);

	if (map < 0)
		return;
	if (takes)
		bpf_map_update_elem(map, &index, &index, BPF_ANY);
	else
		bpf_map_delete_elem(map, &index);	/* it may never have been there */
	close(map);
}

static void set_all(const struct state *state, const char *link, bool takes)
{
	const struct state_step *step;
	unsigned int from = 0;

	while ((step = state_find(state, "answers", &from)))
		set_link(step, link, takes);
}

static void try_all(const struct state *state, struct bpf_object *object)
{
	const struct state_step *step;
	unsigned int from = 0;

	while ((step = state_find(state, "xdp", &from))) {
		bool takes = takes_frames(object, step->word[1]);

		set_all(state, step->word[1], takes);
		say(takes ? "%s: answers leave by it directly" :
			    "%s: answers leave by it through Linux's IP layer: it takes no frames",
		    step->word[1]);
	}
}

void answers_refresh(const struct state *state)
{
	static const char *const names[] = { "attempt", "attempt_sent", NULL };
	struct bpf_object *object;
	int listener = -1;

	if (!state_has(state, "answers") || !state_has(state, "xdp"))
		return;
	object = open_object(names);
	if (object && !bpf_object__load(object))
		listener = bpf_raw_tracepoint_open("xdp_devmap_xmit",
						   program_fd(object, "attempt_sent"));
	if (listener >= 0) {
		try_all(state, object);
		close(listener);
	} else {
		say("answers go through Linux's IP layer: what interfaces take cannot be tried: "
		    "%s", strerror(errno));
	}
	bpf_object__close(object);
}

void answers_leave(const struct state *state, const char *link)
{
	set_all(state, link, false);
}
