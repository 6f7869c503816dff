// SPDX-License-Identifier: GPL-2.0-or-later
/* Statistics, the schema, limits, and what is made of a stored document. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "aims.h"
#include "figure.h"
#include "limits.h"
#include "report.h"

#define SAMPLE	BENCH_DATA "/results.json"
#define LIMITS	BENCH_DATA "/limits.json"
#define AIMS	BENCH_DATA "/aims.json"

static char folder[] = "/tmp/test-bench.XXXXXX";

static const char *file_write(const char *name, const char *text)
{
	static char path[2][256];
	static int turn;
	FILE *out;

	turn = !turn;
	snprintf(path[turn], sizeof(path[turn]), "%s/%s", folder, name);
	out = fopen(path[turn], "w");
	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
	return path[turn];
}

static char *file_read(const char *path)
{
	static char text[1 << 20];
	FILE *in = fopen(path, "r");
	size_t n;

	assert_non_null(in);
	n = fread(text, 1, sizeof(text) - 1, in);
	text[n] = 0;
	fclose(in);
	return text;
}

/* ---- statistics ---- */

static void statistics(void **state)
{
	double samples[10000];
	struct row row = { .n = 0 };

	(void)state;
	for (int i = 0; i < 10000; i++)
		samples[i] = 10000 - i;
	row_summarise(&row, samples, 10000);
	assert_int_equal(row.n, 10000);
	assert_true(row.value[row_statistic_index("mean")] == 5000.5);
	assert_true(row.value[row_statistic_index("min")] == 1);
	assert_true(row.value[row_statistic_index("p50")] == 5000);
	assert_true(row.value[row_statistic_index("p99.9")] == 9990);
	assert_true(row.value[row_statistic_index("p99.99")] == 9999);
	assert_true(row.value[row_statistic_index("max")] == 10000);
	assert_true(row.value[row_statistic_index("sd")] > 2886 &&
		    row.value[row_statistic_index("sd")] < 2887);
	assert_int_equal(row_statistic_index("p42"), -1);
}

/* ---- from raw files ---- */

static void raw_files(void **state)
{
	char error[DOCUMENT_ERROR], path[256];
	struct document d = { .count = 0 };
	const char *list;

	(void)state;
	for (const char *const *name = (const char *const[]){ "on", "on/samples", "on/missing",
	     "on/summaries", "on/events", "on/few", NULL }; *name; name++) {
		snprintf(path, sizeof(path), "%s/%s", folder, *name);
		mkdir(path, 0777);
	}
	file_write("on/samples/a.x", "3\n1\n2\n");
	file_write("on/events/a.x", "1 2 3 4 5 6 7 8 9 10 11\n");
	file_write("on/few/a.x", "each takes long\n");
	file_write("on/few/b.x", "not said of enough\n");
	file_write("on/samples/a.nonsense", "3\nlots\n");
	file_write("on/summaries/b.x", "1000 1 2 3 4 5 6 7 8 9\n");
	file_write("on/missing/c.x", "no such card\n");
	list = file_write("rows", "# names\n\na x u g\nb x u g # two\nc x u g\nd x u g\na nonsense u g\n");
	assert_int_equal(document_collect(&d, list, folder, "on", error), 2);
	assert_int_equal(d.count, 5);
	assert_true(d.rows[0].n == 3 && d.rows[0].value[ROW_P50] == 2);
	assert_true(d.rows[0].has_events && d.rows[0].events[ROW_EVENTS - 1] == 11);
	assert_string_equal(d.rows[0].reason, "each takes long");
	assert_string_equal(d.rows[1].reason, "");
	assert_true(d.rows[1].n == ROW_ENOUGH && d.rows[1].value[ROW_STATISTICS - 1] == 9);
	assert_string_equal(d.rows[2].reason, "no such card");
	assert_string_equal(d.rows[3].reason, "no figure came from the run");
	assert_int_equal(d.rows[4].n, 0);
	list = file_write("rows", "a x\n");
	assert_int_equal(document_collect(&d, list, folder, "on", error), -1);
	document_free(&d);
}

/* ---- schema ---- */

static void stored_document_is_valid(void **state)
{
	char error[DOCUMENT_ERROR];
	struct document d, again;
	const char *path;

	(void)state;
	assert_int_equal(document_load(&d, SAMPLE, error), 0);
	path = file_write("again.json", "");
	assert_int_equal(document_save(&d, path), 0);
	assert_int_equal(document_load(&again, path, error), 0);
	assert_int_equal(again.count, d.count);
	assert_string_equal(again.hardware, d.hardware);
	for (size_t i = 0; i < d.count; i++)
		assert_memory_equal(&again.rows[i], &d.rows[i], sizeof(d.rows[i]));
	document_free(&d);
	document_free(&again);
}

#define HEAD_OF(hardware) "{\"schema\":3,\"kernel\":\"k\",\"emulator\":\"e\",\"hardware\":\"" hardware \
	"\",\"mode\":\"full\",\"results\":"
#define HEAD HEAD_OF("not measured, no machine")
#define NAMES "\"metric\":\"m\",\"method\":\"x\",\"unit\":\"u\",\"configuration\":\"c\""
#define VALUES(p90) "\"mean\":1,\"sd\":0,\"min\":1,\"p50\":2,\"p90\":" p90 ",\"p99\":4,\"p99.9\":5," \
	"\"p99.99\":6,\"max\":7"
#define WHOLE "{" NAMES ",\"n\":3," VALUES("3") "}"
#define CYCLES "{\"metric\":\"m\",\"method\":\"x\",\"unit\":\"cycles\",\"configuration\":\"hardware\"," \
	"\"n\":3," VALUES("3") "}"

static void what_is_no_document(void **state)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{ "", "near end of file" },
		{ "{}", "'schema' is not 3" },
		{ "{\"schema\":2}", "'schema' is not 3" },
		{ "{\"schema\":3}", "'kernel'" },
		{ "{\"schema\":3,\"kernel\":\"k\",\"emulator\":\"e\",\"mode\":\"full\"}", "'hardware'" },
		{ HEAD "[]}", "no list of rows" },
		{ HEAD "[{}]}", "results[0]: metric, method" },
		{ HEAD "[{" NAMES "}]}", "neither 'n'" },
		{ HEAD "[{" NAMES ",\"n\":0}]}", "neither 'n'" },
		{ HEAD "[{" NAMES ",\"n\":3}]}", "'mean' is no number" },
		{ HEAD "[{" NAMES ",\"n\":3," VALUES("1") "}]}", "'p90' is less than 'p50'" },
		{ HEAD "[{" NAMES ",\"n\":3," VALUES("-1") "}]}", "'p90' is no number" },
		{ HEAD "[{" NAMES ",\"n\":3,\"not_measured\":\"y\"}]}", "measured, and not" },
		{ HEAD "[{" NAMES ",\"n\":3," VALUES("3") ",\"events\":{}}]}", "'length' is no count" },
		{ HEAD "[{" NAMES ",\"n\":3," VALUES("3") ",\"few\":7}]}", "'few' is no reason" },
		{ HEAD "[" WHOLE "," WHOLE "]}", "is there twice" },
		{ HEAD "[" CYCLES "]}", "of hardware, where there was none" },
	};
	char error[DOCUMENT_ERROR];
	struct document d;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(document_load(&d, file_write("bad.json", bad[i].text), error), -1);
		if (!strstr(error, bad[i].why))
			fail_msg("'%s' does not say '%s'", error, bad[i].why);
	}
	assert_int_equal(document_load(&d, file_write("good.json", HEAD "[" WHOLE "]}"), error), 0);
	document_free(&d);
	assert_int_equal(document_load(&d, "/nowhere/at/all", error), -1);
}

/* ---- limits ---- */

static int compare(const struct document *d, const char *limits, char *error)
{
	FILE *out = fopen("/dev/null", "w");
	int lost = limits_compare(d, limits, out, error);

	fclose(out);
	return lost;
}

static void doctored_figures_are_found(void **state)
{
	char error[DOCUMENT_ERROR];
	struct document d;
	struct row *row;

	(void)state;
	assert_int_equal(document_load(&d, SAMPLE, error), 0);
	assert_int_equal(compare(&d, LIMITS, error), 0);
	row = (struct row *)document_find(&d, "invocation", "aos", "kpti-off");
	assert_non_null(row);
	row->value[ROW_P50] *= 2;
	assert_true(compare(&d, LIMITS, error) > 0);
	row->value[ROW_P50] /= 2;
	row->n = 0;		/* a row that is lost keeps no limit */
	assert_true(compare(&d, LIMITS, error) > 0);
	strcpy(row->method, "another");
	assert_true(compare(&d, LIMITS, error) > 0);
	document_free(&d);
}

static void what_are_no_limits(void **state)
{
	static const char *const bad[] = {
		"", "{}", "{\"schema\":1,\"limits\":[]}", "{\"schema\":1,\"limits\":[{}]}",
		"{\"schema\":1,\"limits\":[{\"of\":\"m.x\",\"to\":1,\"configuration\":\"c\","
		"\"statistic\":\"p42\",\"at_most\":1}]}",
		"{\"schema\":1,\"limits\":[{\"of\":\"m.x\",\"to\":2,\"configuration\":\"c\","
		"\"statistic\":\"p50\",\"at_most\":1}]}",
	};
	char error[DOCUMENT_ERROR];
	struct document d;

	(void)state;
	assert_int_equal(document_load(&d, SAMPLE, error), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(compare(&d, file_write("limits.json", bad[i]), error), -1);
	document_free(&d);
}

static void limits_of_full_runs(void **state)
{
	const char *limits = file_write("limits.json", "{\"schema\":1,\"limits\":[{\"of\":\"m.lost\","
		"\"to\":1,\"configuration\":\"c\",\"statistic\":\"p50\",\"at_most\":1,\"full\":true}]}");
	char error[DOCUMENT_ERROR];
	struct document d;

	(void)state;
	assert_int_equal(document_load(&d, file_write("good.json", HEAD "[" WHOLE "]}"), error), 0);
	assert_int_equal(compare(&d, limits, error), 1);
	strcpy(d.mode, "quick");
	assert_int_equal(compare(&d, limits, error), 0);
	document_free(&d);
}

/* ---- figures and aims ---- */

static void figures_by_name(void **state)
{
	static const struct {
		const char *row, *to, *statistic;
		double value;
	} cases[] = {
		{ "m.x", NULL, "p50", 2 }, { "m.x", NULL, "p99.99/p50", 3 },
		{ "m.x", "m.x", "max", 1 }, { "m.x", NULL, "events.cr3", -1 },
		{ "m.y", NULL, "p50", -1 }, { "m.x", "m.y", "p50", -1 }, { "m", NULL, "p50", -1 },
		{ "m.x", NULL, "p50/sd", -1 }, { "m.x", "m.x", "sd", -1 }, { ".x", NULL, "p50", -1 },
	};
	char error[DOCUMENT_ERROR];
	const char *lost, *why;
	struct document d;

	(void)state;
	assert_int_equal(document_load(&d, file_write("good.json", HEAD "[" WHOLE "]}"), error), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct figure f = { cases[i].row, "c", cases[i].statistic };

		why = "";
		if (figure_ratio(&d, &f, cases[i].to, &lost, &why) != cases[i].value)
			fail_msg("%s %s: %s", cases[i].row, cases[i].statistic, why);
		assert_true(cases[i].value >= 0 || *why);
	}
	assert_true(figure_statistic_known("p99.9/min") && figure_statistic_known("events.length"));
	assert_false(figure_statistic_known("p42") || figure_statistic_known("p50/p42") ||
		     figure_statistic_known("events.luck") || figure_statistic_known("/p50"));
	document_free(&d);
}

#define AIM(bound) "{\"schema\":1,\"aims\":[{\"aim\":\"words\",\"of\":\"m.x\",\"statistic\":\"p50\"," \
	bound ",\"why\":\"because\"}]}"

static const char *aims_text(const struct document *d, const char *aims)
{
	char error[DOCUMENT_ERROR];
	const char *path = file_write("aims.json", aims);
	FILE *out = fopen("/dev/null", "w");
	int status = aims_write(d, path, out, error);

	fclose(out);
	if (status)
		return NULL;
	path = file_write("aims.md", "");
	out = fopen(path, "w");
	assert_int_equal(aims_write(d, file_write("aims.json", aims), out, error), 0);
	fclose(out);
	return file_read(path);
}

static void aims_met_and_missed(void **state)
{
	char error[DOCUMENT_ERROR];
	struct document d;

	(void)state;
	assert_int_equal(document_load(&d, file_write("good.json", HEAD "[" WHOLE "]}"), error), 0);
	strcpy(d.rows[0].configuration, "kpti-off");
	assert_non_null(strstr(aims_text(&d, AIM("\"at_most\":2")),
			       "| words | at most 2 | 2, met | not measured: no such row | because |"));
	assert_non_null(strstr(aims_text(&d, AIM("\"at_most\":1.9")), "| 2, **missed** |"));
	assert_non_null(strstr(aims_text(&d, AIM("\"exactly\":3")), "exactly 3 | 2, **missed** |"));
	assert_non_null(strstr(aims_text(&d, AIM("\"exactly\":{\"kpti-off\":2,\"kpti-on\":4}")),
			       "exactly 2 / 4 | 2, met |"));
	strcpy(d.rows[0].configuration, "kpti-on");
	d.rows[0].n = 0;
	strcpy(d.rows[0].reason, "no card");
	assert_non_null(strstr(aims_text(&d, AIM("\"at_most\":2")), "| not measured: no card |"));
	assert_null(aims_text(&d, ""));
	assert_null(aims_text(&d, "{\"schema\":1,\"aims\":[]}"));
	assert_null(aims_text(&d, "{\"schema\":1,\"aims\":[{}]}"));
	assert_null(aims_text(&d, AIM("\"at_most\":0")));
	assert_null(aims_text(&d, AIM("\"at_most\":1,\"exactly\":1")));
	assert_null(aims_text(&d, AIM("\"exactly\":{\"kpti-off\":2}")));
	document_free(&d);
}

/* Words are written, figures are not: the texts have what the stored run says. */
static void says_what_is_stored(const struct document *d, const char *text)
{
	const char *path = file_write("text", "");
	FILE *in = fopen(text, "r"), *out = fopen(path, "w");
	char error[DOCUMENT_ERROR], *made;

	assert_int_equal(readme_write(d, AIMS, in, out, error), 0);
	fclose(in);
	fclose(out);
	made = strdup(file_read(path));
	if (strcmp(file_read(text), made))
		fail_msg("%s: make its tables anew: results readme", text);
	free(made);
}

static void texts_say_what_is_stored(void **state)
{
	char error[DOCUMENT_ERROR];
	struct document d;

	(void)state;
	assert_int_equal(document_load(&d, SAMPLE, error), 0);
	says_what_is_stored(&d, BENCH_DATA "/../../README.md");
	says_what_is_stored(&d, BENCH_DATA "/../../docs/measuring.md");
	document_free(&d);
}

/* ---- for people ---- */

static void report_and_pictures(void **state)
{
	char error[DOCUMENT_ERROR], path[256];
	struct document d;
	struct stat picture;
	FILE *out;

	(void)state;
	assert_int_equal(document_load(&d, SAMPLE, error), 0);
	snprintf(path, sizeof(path), "%s/report.md", folder);
	out = fopen(path, "w");
	assert_int_equal(report_write(&d, AIMS, out, error), 0);
	fclose(out);
	assert_non_null(strstr(file_read(path), "| aim |"));
	assert_non_null(strstr(file_read(path), "## invocation, in instructions"));
	assert_non_null(strstr(file_read(path), "not measured: "));
	assert_non_null(strstr(file_read(path), "Datagrams per million instructions:"));
	if (plots_write(&d, folder, folder, error))
		fail_msg("%s", error);
	snprintf(path, sizeof(path), "%s/invocation-bars.png", folder);
	assert_int_equal(stat(path, &picture), 0);
	assert_true(picture.st_size > 1000);
	document_free(&d);
}

/* Instructions and cycles are not put into one table or picture. */
static void hardware_stands_beside(void **state)
{
	char error[DOCUMENT_ERROR], path[256];
	struct document d;
	struct stat picture;
	const char *text;
	FILE *out;

	(void)state;
	text = file_write("good.json", HEAD_OF("a machine") "[" WHOLE "," CYCLES "]}");
	assert_int_equal(document_load(&d, text, error), 0);
	snprintf(path, sizeof(path), "%s/report.md", folder);
	out = fopen(path, "w");
	assert_int_equal(report_write(&d, AIMS, out, error), 0);
	fclose(out);
	text = file_read(path);
	assert_non_null(strstr(text, "Real hardware: a machine."));
	text = strstr(text, "## m, in u\n");
	assert_non_null(text);
	assert_non_null(strstr(text, "(m-bars.svg)\n\n## m, in cycles\n"));
	assert_non_null(strstr(text, "(m-bars-hardware.svg)"));
	assert_int_equal(plots_write(&d, folder, folder, error), 0);
	snprintf(path, sizeof(path), "%s/m-bars-hardware.png", folder);
	assert_int_equal(stat(path, &picture), 0);
	document_free(&d);
}

static void table_of_a_text(void **state)
{
	const char *text = file_write("text", "before\n<!-- figures -->\nyesterday's\n<!-- figures end -->\nafter\n"
				      "<!-- aims -->\n<!-- aims end -->\n");
	FILE *in = fopen(text, "r"), *out;
	char error[DOCUMENT_ERROR];
	const char *made = file_write("made", "");
	struct document d;

	(void)state;
	assert_int_equal(document_load(&d, SAMPLE, error), 0);
	out = fopen(made, "w");
	assert_int_equal(readme_write(&d, AIMS, in, out, error), 0);
	fclose(out);
	assert_null(strstr(file_read(made), "yesterday"));
	assert_non_null(strstr(file_read(made), "before\n<!-- figures -->\n| "));
	assert_non_null(strstr(file_read(made), "<!-- figures end -->\nafter\n<!-- aims -->\n| aim"));
	fclose(in);
	in = fopen(file_write("text", "no table\n"), "r");
	out = fopen("/dev/null", "w");
	assert_int_equal(readme_write(&d, AIMS, in, out, error), -1);
	fclose(in);
	fclose(out);
	document_free(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(statistics),
		cmocka_unit_test(raw_files),
		cmocka_unit_test(stored_document_is_valid),
		cmocka_unit_test(what_is_no_document),
		cmocka_unit_test(doctored_figures_are_found),
		cmocka_unit_test(what_are_no_limits),
		cmocka_unit_test(limits_of_full_runs),
		cmocka_unit_test(figures_by_name),
		cmocka_unit_test(aims_met_and_missed),
		cmocka_unit_test(texts_say_what_is_stored),
		cmocka_unit_test(report_and_pictures),
		cmocka_unit_test(hardware_stands_beside),
		cmocka_unit_test(table_of_a_text),
	};
	char command[64];
	int failed;

	if (!mkdtemp(folder))
		return 1;
	failed = cmocka_run_group_tests_name("results", tests, NULL, NULL);
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command) || failed;
}
