// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The rules in the maps of the steering programs: whatever comes and goes, an address's
 * longest prefix lists all rules that cover it and nothing else.  The kernel's maps are
 * played.  What the programs make of them, the VM cases show.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>

#include "test_config.h"
#include "cosnet/xdp/steer.h"
#include "prefix.h"
#include "program.h"

enum { SLOTS = 1000000, IPV4, IPV6, HITS };	/* files that are none */
enum { CPUS = 2 };

static struct steer_rule slots[STEER_SLOTS];
static struct steer_hits hits[STEER_SLOTS][CPUS];
static struct lists {
	unsigned int n;
	struct steer_key6 key[STEER_SLOTS];
	struct steer_list list[STEER_SLOTS];
} lists[2];
static int opened, fails_at;	/* the how manieth write fails; 0: none */

/* ---- the kernel, played ---- */

int __wrap_program_map(int program, const char *name);
int __wrap_close(int fd);
int __real_close(int fd);
int __wrap_bpf_map_lookup_elem(int fd, const void *key, void *value);
int __wrap_bpf_map_update_elem(int fd, const void *key, const void *value, __u64 flags);
int __wrap_bpf_map_delete_elem(int fd, const void *key);
int __wrap_libbpf_num_possible_cpus(void);
unsigned int __wrap_if_nametoindex(const char *name);

int __wrap_program_map(int program, const char *name)
{
	static const char *const names[] = { "steer_rules", "steer_ipv4", "steer_ipv6",
					     "steer_hits" };

	assert_int_equal(program, 7);
	for (int i = 0; i < 4; i++)
		if (!strcmp(name, names[i])) {
			opened++;
			return SLOTS + i;
		}
	return -1;
}

int __wrap_close(int fd)
{
	if (fd < SLOTS)
		return __real_close(fd);
	opened--;
	return 0;
}

int __wrap_libbpf_num_possible_cpus(void)
{
	return CPUS;
}

unsigned int __wrap_if_nametoindex(const char *name)
{
	return strcmp(name, "cos0") ? 0 : 5;
}

static size_t key_size(int fd)
{
	return fd == IPV4 ? sizeof(struct steer_key4) : sizeof(struct steer_key6);
}

static unsigned int find_list(const struct lists *l, int fd, const void *key)
{
	unsigned int i = 0;

	while (i < l->n && memcmp(&l->key[i], key, key_size(fd)))
		i++;
	return i;
}

int __wrap_bpf_map_lookup_elem(int fd, const void *key, void *value)
{
	uint32_t slot = *(const uint32_t *)key;

	assert_true(slot < STEER_SLOTS);
	if (fd == HITS)
		memcpy(value, hits[slot], sizeof(hits[slot]));
	else
		*(struct steer_rule *)value = slots[slot];
	return 0;
}

int __wrap_bpf_map_update_elem(int fd, const void *key, const void *value, __u64 flags)
{
	struct lists *l = &lists[fd == IPV6];
	unsigned int i;

	assert_int_equal(flags, 0);
	if (fails_at && !--fails_at)
		return -ENOMEM;
	if (fd == SLOTS) {
		slots[*(const uint32_t *)key] = *(const struct steer_rule *)value;
		return 0;
	}
	if (fd == HITS) {
		memcpy(hits[*(const uint32_t *)key], value, sizeof(hits[0]));
		return 0;
	}
	i = find_list(l, fd, key);
	assert_true(i < STEER_SLOTS);
	l->n += i == l->n;
	memcpy(&l->key[i], key, key_size(fd));
	l->list[i] = *(const struct steer_list *)value;
	return 0;
}

int __wrap_bpf_map_delete_elem(int fd, const void *key)
{
	struct lists *l = &lists[fd == IPV6];
	unsigned int i = find_list(l, fd, key);

	if (i == l->n)
		return -ENOENT;
	l->n--;
	l->key[i] = l->key[l->n];
	l->list[i] = l->list[l->n];
	return 0;
}

/* ---- what the program would find ---- */

static struct config_prefix prefix_of_key(const struct steer_key6 *key, uint8_t family)
{
	struct config_prefix prefix = { .family = family, .len = (uint8_t)key->length };

	memcpy(prefix.addr, key->address, family == 4 ? 4 : 16);
	return prefix;
}

static const struct steer_list *look_up(const struct config_prefix *address)
{
	const struct lists *l = &lists[address->family == 6];
	const struct steer_list *found = NULL;
	int longest = -1;

	for (unsigned int i = 0; i < l->n; i++) {
		struct config_prefix p = prefix_of_key(&l->key[i], address->family);

		if (prefix_covers(&p, address) && p.len > longest) {
			longest = p.len;
			found = &l->list[i];
		}
	}
	return found;
}

/* Few different ones, many of them within others. */
static struct config_prefix some_prefix(bool whole)
{
	struct config_prefix p = { .family = random() % 2 ? 4 : 6 };
	int bits = p.family == 4 ? 32 : 128;

	for (int i = 0; i < bits / 8; i++)
		p.addr[i] = random() % 4 ? 0 : (uint8_t)(random() % 2 ? 1 : 128);
	p.len = (uint8_t)(whole ? bits : 8 * (random() % (bits / 8 + 1)));
	return prefix_network(&p);
}

static struct flow flows[FLOW_MOST + 1];
static bool there[FLOW_MOST + 1];

static void assert_as_wanted(const struct config_prefix *address)
{
	const struct steer_list *list = look_up(address);
	bool listed[STEER_SLOTS] = { 0 };

	for (unsigned int i = 0; list && i < list->n; i++) {
		assert_false(listed[list->slot[i]]);
		listed[list->slot[i]] = true;
		assert_int_equal(slots[list->slot[i]].to, 5);
	}
	for (unsigned int id = 1; id <= FLOW_MOST; id++)
		assert_int_equal(listed[id], there[id] &&
				 prefix_covers(&flows[id].rule.prefix, address));
}

static void toggle(unsigned int id)
{
	if (there[id]) {
		assert_int_equal(program_drop_rule(7, &flows[id]), 0);
		assert_int_equal(program_drop_rule(7, &flows[id]), 0);	/* no error */
	} else {
		flows[id] = (struct flow){ .id = id, .to = "cos0",
					   .rule = { .from = "v0", .prefix = some_prefix(false) } };
		assert_int_equal(program_put_rule(7, &flows[id], 1504), 0);
	}
	there[id] = !there[id];
	assert_int_equal(opened, 0);
}

static void any_order(void **unused)
{
	(void)unused;
	srandom(9);
	for (int i = 0; i < 3000; i++) {
		unsigned int id = 1 + (unsigned int)(random() % FLOW_MOST);

		if (random() % (i < 1500 ? 3 : 1) || !there[id])
			toggle(id);
		for (int j = 0; j < 8; j++) {
			struct config_prefix address = some_prefix(true);

			assert_as_wanted(&address);
		}
	}
	for (unsigned int id = 1; id <= FLOW_MOST; id++)
		if (there[id])
			toggle(id);
	assert_int_equal(lists[0].n, 0);
	assert_int_equal(lists[1].n, 0);
}

static void what_a_rule_says(void **unused)
{
	struct flow flow = { .id = 3, .to = "cos0" };
	struct hits got;

	(void)unused;
	flow.rule = (struct config_steering){
		.from = "v0", .protocol = IPPROTO_UDP, .first = 7, .last = 9, .vlan = 5,
		.down = COSNET_DOWN_REJECT,
	};
	assert_null(prefix_parse(&flow.rule.prefix, "10.9.0.0/24"));
	assert_false(program_count(7, &flow, &got));
	hits[3][0].packets = 99;
	assert_int_equal(program_put_rule(7, &flow, 0), 0);
	assert_int_equal(slots[3].to, 5);
	assert_int_equal(slots[3].longest, 0);
	assert_int_equal(slots[3].first, 7);
	assert_int_equal(slots[3].last, 9);
	assert_int_equal(slots[3].vlan, 5);
	assert_int_equal(slots[3].protocol, IPPROTO_UDP);
	assert_int_equal(slots[3].down, COSNET_DOWN_REJECT);
	hits[3][0] = (struct steer_hits){ 1, 100, 1 };
	hits[3][1] = (struct steer_hits){ 2, 200, 0 };
	assert_true(program_count(7, &flow, &got));
	assert_int_equal(got.packets, 3);
	assert_int_equal(got.bytes, 300);
	assert_int_equal(got.frames, 1);
	assert_int_equal(program_drop_rule(7, &flow), 0);
	assert_int_equal(lists[0].n, 0);
	assert_int_equal(opened, 0);
}

/* The how manieth step fails: it is said, and taken out nothing is left. */
static void failing(void **unused)
{
	struct flow flow = { .id = 4, .to = "cos0", .rule.from = "v0" };

	(void)unused;
	assert_null(prefix_parse(&flow.rule.prefix, "fd00::/16"));
	for (int step = 1; step <= 3; step++) {
		fails_at = step;
		assert_int_equal(program_put_rule(7, &flow, 0), -1);
		fails_at = 0;
		assert_int_equal(program_drop_rule(7, &flow), 0);
		assert_int_equal(lists[1].n, 0);
		assert_int_equal(slots[4].to, 0);
	}
	strcpy(flow.to, "cos9");
	assert_int_equal(program_put_rule(7, &flow, 0), -1);	/* no such interface */
	assert_int_equal(opened, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_order), cmocka_unit_test(what_a_rule_says),
		cmocka_unit_test(failing),
	};

	return cmocka_run_group_tests_name("config_program", tests, NULL, NULL);
}
