// SPDX-License-Identifier: GPL-2.0-or-later
/* Counter pages with anything in them: bounded, printable, or refused. */
#include "test_config.h"
#include "instance.h"
#include "show.h"
#include "stats.h"

static struct counters *new_page(void)
{
	struct counters *page = calloc(1, sizeof(*page));	/* ASan guards its end */

	page->magic = COUNTERS_MAGIC;
	page->revision = COUNTERS_REVISION;
	strcpy(page->component, "loader");
	return page;
}

static void good(void **state)
{
	struct counters *page = new_page();
	struct stats_page copy;

	(void)state;
	page->n = 2;
	strcpy(page->counter[0].name, "rx_packets");
	page->counter[0].value = UINT64_MAX;
	strcpy(page->counter[1].name, "booted");
	assert_true(stats_copy(&copy, page));
	assert_string_equal(copy.component, "loader");
	assert_int_equal(copy.n, 2);
	assert_string_equal(copy.name[0], "rx_packets");
	assert_true(copy.value[0] == UINT64_MAX);
	assert_int_equal(stats_find(&copy, "booted"), 1);
	assert_int_equal(stats_find(&copy, "rx_bytes"), -1);
	assert_false(instance_booted(page));
	page->counter[1].value = 2;
	assert_false(instance_booted(page));
	page->counter[1].value = 1;
	assert_true(instance_booted(page));
	free(page);
}

static void refused(void **state)
{
	struct counters *page = new_page();
	struct stats_page copy;

	(void)state;
	page->n = COUNTERS_MAX + 1;
	assert_false(stats_copy(&copy, page));
	page->n = UINT32_MAX;
	assert_false(stats_copy(&copy, page));
	assert_false(instance_booted(page));
	page->n = 0;
	assert_true(stats_copy(&copy, page));
	page->magic++;
	assert_false(stats_copy(&copy, page));
	page->magic--;
	page->revision++;
	assert_false(stats_copy(&copy, page));
	memset(page, 0, sizeof(*page));
	assert_false(stats_copy(&copy, page));
	memset(page, 0xff, sizeof(*page));
	assert_false(stats_copy(&copy, page));
	free(page);
}

/* No NUL anywhere, control characters, escape sequences, other alphabets. */
static void hostile_names(void **state)
{
	struct counters *page = new_page();
	struct stats_page copy;

	(void)state;
	page->n = COUNTERS_MAX;
	memset(page->component, 'c', sizeof(page->component));
	memset(page->counter, 'n', sizeof(page->counter));
	assert_true(stats_copy(&copy, page));
	assert_int_equal(strlen(copy.component), ABI_NAME_LEN);
	assert_int_equal(copy.n, COUNTERS_MAX);
	for (unsigned int i = 0; i < copy.n; i++)
		assert_int_equal(strlen(copy.name[i]), COUNTER_NAME_LEN);

	page->n = 4;
	memcpy(page->counter[0].name, "\033[2J\nx y", 9);
	memcpy(page->counter[1].name, "\xc3\xa4\x80\x7f", 5);
	page->counter[2].name[0] = '\0';
	memcpy(page->counter[3].name, "a/../b%s", 9);
	memcpy(page->component, "a b\n", 5);
	assert_true(stats_copy(&copy, page));
	assert_string_equal(copy.name[0], "??2J?x?y");
	assert_string_equal(copy.name[1], "????");
	assert_string_equal(copy.name[2], "?");
	assert_string_equal(copy.name[3], "a?..?b?s");
	assert_string_equal(copy.component, "a?b?");
	free(page);
}

/* Any bytes behind a good magic: never a crash, always words. */
static void random_pages(void **state)
{
	struct counters *page = new_page();
	struct stats_page copy;
	unsigned int accepted = 0;

	(void)state;
	srandom(1);
	for (int round = 0; round < 2000; round++) {
		uint8_t *bytes = (uint8_t *)page;

		for (size_t i = 8; i < sizeof(*page); i++)
			bytes[i] = (uint8_t)random();
		page->n &= 127;
		if (!stats_copy(&copy, page))
			continue;
		accepted++;
		assert_true(copy.n <= COUNTERS_MAX);
		for (unsigned int i = 0; i < copy.n; i++) {
			size_t n = strlen(copy.name[i]);

			assert_true(n && n <= COUNTER_NAME_LEN);
			for (size_t j = 0; j < n; j++)
				assert_true(copy.name[i][j] > ' ' &&
					    copy.name[i][j] < 0x7f);
		}
	}
	assert_true(accepted > 500);
	free(page);
}

static void log_is_printable(void **state)
{
	char text[] = "a\tb\033[31m\r\x80\xff\x7f\n", *said;
	size_t size;
	FILE *out = open_memstream(&said, &size);

	(void)state;
	instance_print_log(text, sizeof(text) - 1, out);
	fclose(out);
	assert_string_equal(said, "a\tb?[31m????\n");
	free(said);
}

/* ---- what has changed ---- */

static void rates(void **state)
{
	json_t *before = json_pack("{s:{s:i, s:i, s:i}}", "vnic", "a", 10, "b", 5, "c", 100);
	json_t *now = json_pack("{s:{s:i, s:i, s:i}, s:{s:i}}", "vnic", "a", 30, "b", 5, "c", 2,
				"new", "n", 4);
	json_t *tree = show_rates(now, before, 2.0), *vnic = json_object_get(tree, "vnic");

	(void)state;
	assert_int_equal(json_object_size(vnic), 2);	/* b has not changed */
	assert_int_equal(json_integer_value(json_object_get(json_object_get(vnic, "a"),
							    "value")), 30);
	assert_true(json_real_value(json_object_get(json_object_get(vnic, "a"), "rate")) == 10.0);
	/* It starts anew: how fast it counts is not known. */
	assert_true(json_real_value(json_object_get(json_object_get(vnic, "c"), "rate")) == 0.0);
	assert_true(json_real_value(json_object_get(json_object_get(json_object_get(tree, "new"),
							"n"), "rate")) == 2.0);
	json_decref(before);
	json_decref(now);
	json_decref(tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good), cmocka_unit_test(refused),
		cmocka_unit_test(hostile_names), cmocka_unit_test(random_pages),
		cmocka_unit_test(rates), cmocka_unit_test(log_is_printable),
	};

	return cmocka_run_group_tests_name("stats", tests, NULL, NULL);
}
