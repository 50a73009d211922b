/*
 * test_ini.c: options from INI files, and the file and line in every complaint.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tests/unit/unit.h"

#include "common/check_options.h"
#include "common/ini.h"

static const struct option_group groups[] = {{&check_option_table, 0}, {NULL, 0}};

static int read_text(const char *text, struct check_options *options, struct error *error)
{
	FILE *file = fmemopen(NULL, strlen(text) + 1, "w+");
	int r;

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	rewind(file);
	assert_int_equal(options_init(groups, options, error), 0);
	r = ini_read_section(file, "file.conf", "db", groups, options, error);
	assert_int_equal(fclose(file), 0);
	return r;
}

static const struct {
	const char *text;
	int result;
	const char *why; /* part of the text, NULL if there is none */
} rows[] = {
	{"[db]\ntimeout = 2s\n", 0, NULL},
	{"[db]\ntimeout=2s", 0, NULL},
	{"[db]\r\ntimeout = 2s\r\n", 0, NULL},
	{"# comment\n\n; another\n[db]\ntimeout = 2s ; why\n", 0, NULL},
	{"\xef\xbb\xbf[db]\ntimeout = 2s\n", 0, NULL},
	{"[other]\ntimeout = 1h\nwhatever = 1\n[db]\ntimeout = 2s\n", 0, NULL},
	{"[db]\ntimeout = 2s\n[other]\ntimeout = 9s\n", 0, NULL},
	{"[db]\nexit = nagios\n[other]\nx = y\n[db]\ntimeout = 2s\n", 0, NULL},
	{"whatever = 1\n[db]\ntimeout = 2s\n", 0, NULL},
	/* the value, with its place */
	{"[db]\ntimeout = soon\n", -EINVAL, "file.conf:2: timeout: \"soon\" is not a duration"},
	{"[db]\n\n\ntimeout = 1ms\n", -EINVAL, "file.conf:4: timeout: \"1ms\" is not between"},
	{"[db]\nexit = x\n", -EINVAL, "file.conf:2: exit: \"x\" is not one of keepalived, weight"},
	{"[db]\nverbose = maybe\n", -EINVAL, "file.conf:2: verbose: \"maybe\" is neither yes"},
	{"[db]\ndegraded-weight = 254\n", -EINVAL, "file.conf:2: degraded-weight: "},
	{"[db]\nmaintenance-file =\n", -EINVAL,
	 "file.conf:2: maintenance-file: the value is empty"},
	{"[db]\r\n\r\ntimeout = x\r\n", -EINVAL, "file.conf:3: timeout: "},
	{"[other]\ntimeout = x\n[db]\ntimeout = x\n", -EINVAL, "file.conf:4: timeout: "},
	{"[db]\ntimeout = 1ms\nexit = x\n", -EINVAL, "file.conf:2: timeout: "},
	/* the key */
	{"[db]\nnonsense = 1\n", -EINVAL, "file.conf:2: there is no option \"nonsense\""},
	{"[db]\ntimeo = 1\n", -EINVAL, "file.conf:2: there is no option \"timeo\""},
	{"[db]\nTimeout = 1\n", -EINVAL, "file.conf:2: there is no option \"Timeout\""},
	{"[db]\ntimeout_ms = 1\n", -EINVAL, "file.conf:2: there is no option \"timeout_ms\""},
	/* the section and the syntax */
	{"", -ENOENT, "file.conf: there is no section [db]"},
	{"[dbx]\ntimeout = 2s\n", -ENOENT, "file.conf: there is no section [db]"},
	{"[DB]\ntimeout = 2s\n", -ENOENT, "file.conf: there is no section [db]"},
	{"timeout = 2s\n", -ENOENT, "file.conf: there is no section [db]"},
	{"[db\ntimeout = 2s\n", -EINVAL, "file.conf:1: neither [section] nor key = value"},
	{"[db]\ntimeout = 2s\njust words\n", -EINVAL, "file.conf:3: neither [section] nor"},
	{"[db]\ntimeout = 2s\n[other]\njust words\n", -EINVAL, "file.conf:4: neither [section]"},
};

static void test_rows(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct check_options options;
		struct error error = {""};
		int r = read_text(rows[i].text, &options, &error);

		row_check(bad, r == rows[i].result, "row %zu: %d %s", i, r, error.text);
		row_check(bad, !rows[i].why || strstr(error.text, rows[i].why),
			  "row %zu: %s, expected %s", i, error.text, rows[i].why);
		row_check(bad, r < 0 || options.timeout_ms == 2000, "row %zu: %lld ms", i,
			  (long long)options.timeout_ms);
		options_done(groups, &options);
	}
	assert_int_equal(bad, 0);
}

static void test_flags(void **state)
{
	struct check_options options;
	struct error error = {""};

	(void)state;
	assert_int_equal(read_text("[db]\nverbose = yes\n", &options, &error), 0);
	assert_true(options.verbose);
	options_done(groups, &options);
}

/* A section without keys is there: it means the defaults. */
static void test_empty_section(void **state)
{
	struct check_options options;
	struct error error = {""};

	(void)state;
	assert_int_equal(read_text("[db]\n[other]\nx = y\n", &options, &error), 0);
	assert_int_equal(options.timeout_ms, 800);
	options_done(groups, &options);
}

/* A value of n characters arrives whole or not at all, and lines are counted rightly after it. */
static void try_long_value(size_t n, const char *after, int line)
{
	static char text[8192];
	struct check_options options;
	struct error error = {""};
	char place[32];
	size_t used = (size_t)snprintf(text, sizeof(text), "[db]\nmaintenance-file = ");
	int r;

	memset(text + used, 'p', n);
	(void)snprintf(text + used + n, sizeof(text) - used - n, "\n%s", after);
	r = read_text(text, &options, &error);
	(void)snprintf(place, sizeof(place), "file.conf:%d: ", r == 0 ? 0 : line);
	if (r == 0)
		assert_int_equal(strlen(options.maintenance_file), n);
	else
		assert_contains(error.text, place);
	options_done(groups, &options);
}

static void test_long_lines(void **state)
{
	(void)state;
	for (size_t n = 150; n < 900; n++)
		try_long_value(n, "timeout = 2s\n", 2);
	try_long_value(4096, "timeout = 2s\n", 2);
}

/* inih's buffer has 200 bytes in distributions: a longer line is refused by its number. */
static void test_too_long_line(void **state)
{
	char text[512];
	struct check_options options;
	struct error error = {""};

	(void)state;
	(void)snprintf(text, sizeof(text), "[db]\nmaintenance-file = /%0250d\n", 1);
	assert_int_equal(read_text(text, &options, &error), -EINVAL);
	assert_contains(error.text, "file.conf:2: the line is too long");
	options_done(groups, &options);
}

/* inih would append an indented line to the value before; an option must not vanish in another. */
static void test_indented_key(void **state)
{
	struct check_options options;
	struct error error = {""};
	int r = read_text("[db]\nmaintenance-file = /x\n  timeout = 2s\n", &options, &error);

	(void)state;
	if (r == 0) {
		assert_string_equal(options.maintenance_file, "/x");
		assert_int_equal(options.timeout_ms, 2000);
	} else {
		assert_contains(error.text, "file.conf:3: ");
	}
	options_done(groups, &options);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),	      cmocka_unit_test(test_flags),
		cmocka_unit_test(test_empty_section), cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_too_long_line), cmocka_unit_test(test_indented_key),
	};

	return cmocka_run_group_tests_name("ini", tests, NULL, NULL);
}
