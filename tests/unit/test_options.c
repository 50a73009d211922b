/*
 * test_options.c: option tables: a small one of every type, and the real ones row by row.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tests/unit/unit.h"

#include "checks/influxdb.h"
#include "common/options.h"

struct small {
	bool flag, four, quiet;
	char *string, *path, *url;
	int64_t duration_ms, integer;
	enum { SMALL_A, SMALL_B, SMALL_C } choice;
};

static const char *const choices[] = {"a", "b", "c", NULL};

#define AT(member) .offset = offsetof(struct small, member), .help = "help", .section = "Section"

static const struct option_spec small_specs[] = {
	{.name = "flag", .type = OPTION_FLAG, .letter = 'f', AT(flag)},
	{.name = "four", .type = OPTION_FLAG, .letter = '4', AT(four)},
	{.name = "quiet", .type = OPTION_FLAG, AT(quiet)},
	{.name = "string", .type = OPTION_STRING, .argument = "TEXT", .letter = 's', AT(string)},
	{.name = "path", .type = OPTION_PATH, .argument = "PATH", AT(path)},
	{.name = "url", .type = OPTION_URL, .argument = "URL", .fallback = "http://h", AT(url)},
	{.name = "duration",
	 .type = OPTION_DURATION,
	 .argument = "T",
	 .min = 10,
	 .max = 60000,
	 AT(duration_ms)},
	{.name = "integer", .type = OPTION_INTEGER, .argument = "N", .max = 253, AT(integer)},
	{.name = "choice",
	 .type = OPTION_CHOICE,
	 .argument = "C",
	 .choices = choices,
	 .fallback = "b",
	 AT(choice)},
};

static const struct option_table small_table = {small_specs, ARRAY_SIZE(small_specs)};
static const struct option_group small_groups[] = {{&small_table, 0}, {NULL, 0}};

static const struct option_group real_groups[] = {
	{&influxdb_option_table, offsetof(struct influxdb_config, influxdb)},
	{&http_option_table, offsetof(struct influxdb_config, http)},
	{&check_option_table, offsetof(struct influxdb_config, check)},
	{NULL, 0},
};

static void small_init(struct small *small)
{
	struct error error;

	memset(small, 0xee, sizeof(*small));
	assert_int_equal(options_init(small_groups, small, &error), 0);
}

#define WORDS_MAX 8

/* Reads a command line of words; a NULL ends it. */
static int parse(struct small *small, struct error *error, const char *const words[WORDS_MAX])
{
	static char name[] = "unit";
	char copies[WORDS_MAX][128];
	char *argv[WORDS_MAX + 2] = {name};
	int argc = 1;

	for (; argc <= WORDS_MAX && words[argc - 1]; argc++) {
		(void)snprintf(copies[argc - 1], sizeof(copies[0]), "%s", words[argc - 1]);
		argv[argc] = copies[argc - 1];
	}
	return options_parse(small_groups, small, argc, argv, error);
}

static void test_defaults(void **state)
{
	struct small small;

	(void)state;
	small_init(&small);
	assert_false(small.flag || small.four || small.quiet);
	assert_null(small.string);
	assert_null(small.path);
	assert_string_equal(small.url, "http://h");
	assert_int_equal(small.duration_ms, -1);
	assert_int_equal(small.integer, -1);
	assert_int_equal(small.choice, SMALL_B);
	options_done(small_groups, &small);
	assert_null(small.url);
	options_done(small_groups, &small);
}

static const struct {
	const char *name, *value, *wrong; /* wrong: a part of the text, NULL if it is accepted */
} values[] = {
	{"flag", "yes", NULL},
	{"flag", "no", NULL},
	{"flag", "true", NULL},
	{"flag", "false", NULL},
	{"flag", "1", NULL},
	{"flag", "0", NULL},
	{"flag", "on", "flag: \"on\" is neither yes nor no"},
	{"flag", "Yes", "flag: \"Yes\" is neither yes nor no"},
	{"flag", "", "flag: \"\" is neither yes nor no"},
	{"string", "x", NULL},
	{"string", "with spaces = and ; and \xc3\xa4", NULL},
	{"string", "", "string: the value is empty"},
	{"string", "a\nb", "string: control characters are not allowed in \"a\\x0ab\""},
	{"string", "a\177", "string: control characters are not allowed"},
	{"path", "/x", NULL},
	{"path", "", "path: the value is empty"},
	{"path", "/\001", "path: control characters are not allowed"},
	{"url", "http://[::1]:1/x", NULL},
	{"url", "h", "url: \"h\" does not begin with http:// or https://"},
	{"url", "", "url: \"\" does not begin with"},
	{"url", "http://u@h", "url: user names and passwords do not belong in a URL"},
	{"duration", "10ms", NULL},
	{"duration", "1m", NULL},
	{"duration", "9ms", "duration: \"9ms\" is not between 0.01s and 60s"},
	{"duration", "60001ms", "duration: \"60001ms\" is not between 0.01s and 60s"},
	{"duration", "soon", "duration: \"soon\" is not a duration (800ms, 2s or 1m; a bare"},
	{"duration", "-1", "duration: \"-1\" is not a duration"},
	{"duration", "", "duration: \"\" is not a duration"},
	{"integer", "0", NULL},
	{"integer", "253", NULL},
	{"integer", "254", "integer: \"254\" is not a whole number from 0 to 253"},
	{"integer", "-1", "integer: \"-1\" is not a whole number from 0 to 253"},
	{"integer", "+1", "integer: \"+1\" is not a whole number from 0 to 253"},
	{"integer", " 1", "integer: \" 1\" is not a whole number from 0 to 253"},
	{"integer", "1.5", "integer: \"1.5\" is not a whole number from 0 to 253"},
	{"integer", "0x1", "integer: \"0x1\" is not a whole number from 0 to 253"},
	{"integer", "", "integer: \"\" is not a whole number from 0 to 253"},
	{"integer", "99999999999999999999", "integer: \"99999999999999999999\" is not a whole"},
	{"choice", "a", NULL},
	{"choice", "c", NULL},
	{"choice", "d", "choice: \"d\" is not one of a, b, c"},
	{"choice", "A", "choice: \"A\" is not one of a, b, c"},
	{"choice", "", "choice: \"\" is not one of a, b, c"},
	{"nonsense", "x", "there is no option \"nonsense\""},
	{"fla", "yes", "there is no option \"fla\""},
	{"", "x", "there is no option \"\""},
};

/* As INI keys give them. */
static void test_values(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		struct error error = {""};
		struct small small;
		int r;

		small_init(&small);
		r = options_set(small_groups, &small, values[i].name, values[i].value, &error);
		row_check(bad, (r == 0) == !values[i].wrong, "%s = \"%s\": %d", values[i].name,
			  values[i].value, r);
		row_check(bad, !values[i].wrong || strstr(error.text, values[i].wrong),
			  "%s = \"%s\": %s", values[i].name, values[i].value, error.text);
		options_done(small_groups, &small);
	}
	assert_int_equal(bad, 0);
}

/* The same values on a command line: the text then begins with the two dashes. */
static void test_values_of_command_line(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		struct error error = {""};
		struct small small;
		char word[128];
		int r;

		if (strcmp(values[i].name, "flag") == 0 ||
		    strstr(values[i].wrong ? values[i].wrong : "", "there is no"))
			continue;
		(void)snprintf(word, sizeof(word), "--%s=%s", values[i].name, values[i].value);
		small_init(&small);
		r = parse(&small, &error, (const char *const[WORDS_MAX]){word});
		row_check(bad, (r == 0) == !values[i].wrong, "%s: %d", word, r);
		row_check(bad, !values[i].wrong || strstr(error.text, values[i].wrong), "%s: %s",
			  word, error.text);
		row_check(bad, !values[i].wrong || strncmp(error.text, "--", 2) == 0, "%s: %s",
			  word, error.text);
		options_done(small_groups, &small);
	}
	assert_int_equal(bad, 0);
}

static void test_stored_values(void **state)
{
	struct error error = {""};
	struct small small;

	(void)state;
	small_init(&small);
	assert_int_equal(parse(&small, &error,
			       (const char *const[WORDS_MAX]){"-f", "--string=one", "--string",
							      "two", "--duration=1.5",
							      "--integer=7", "--choice=c"}),
			 0);
	assert_true(small.flag);
	assert_false(small.four);
	assert_string_equal(small.string, "two"); /* the last one counts */
	assert_int_equal(small.duration_ms, 1500);
	assert_int_equal(small.integer, 7);
	assert_int_equal(small.choice, SMALL_C);
	assert_int_equal(options_set(small_groups, &small, "flag", "no", &error), 0);
	assert_false(small.flag);
	options_done(small_groups, &small);
}

static const struct {
	const char *words[WORDS_MAX];
	const char *wrong;
} lines[] = {
	{{NULL}, NULL},
	{{"-f4"}, NULL},
	{{"-4f", "--quiet"}, NULL},
	{{"-sx"}, NULL},
	{{"-s", "x"}, NULL},
	{{"-fs", "x"}, NULL},
	{{"--string=a=b"}, NULL},
	{{"--string", "--flag"}, NULL},
	{{"--"}, NULL},
	{{"--flag", "--"}, NULL},
	/* unknown and abbreviated */
	{{"--nonsense"}, "there is no option --nonsense"},
	{{"--nonsense=5"}, "there is no option --nonsense"},
	{{"--fla"}, "there is no option --fla"},
	{{"--strin=x"}, "there is no option --strin"},
	{{"--strin", "x"}, "there is no option --strin"},
	{{"--f"}, "there is no option --f"},
	{{"-x"}, "there is no option -x"},
	{{"-fx"}, "there is no option -x"},
	{{"-9"}, "there is no option -9"},
	/* a value too little or too much */
	{{"--string"}, "--string needs a value: TEXT"},
	{{"-s"}, "--string needs a value: TEXT"},
	{{"--duration"}, "--duration needs a value: T"},
	{{"--flag=yes"}, "--flag takes no value"},
	{{"--quiet=1"}, "--quiet takes no value"},
	{{"--four=1"}, "--four takes no value"},
	{{"--string="}, "--string: the value is empty"},
	/* operands */
	{{"operand"}, "\"operand\" is not expected: there are only options"},
	{{"--flag", "operand"}, "\"operand\" is not expected: there are only options"},
	{{"--", "--flag"}, "\"--flag\" is not expected: there are only options"},
	{{"-"}, "\"-\" is not expected: there are only options"},
	{{""}, "\"\" is not expected: there are only options"},
	/* the first error is told */
	{{"--integer=x", "--choice=d"}, "--integer: "},
	{{"operand", "--choice=d"}, "\"operand\" is not expected"},
	{{"--choice=d", "operand"}, "--choice: "},
};

static void test_command_lines(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		struct error error = {""};
		struct small small;
		int r;

		small_init(&small);
		r = parse(&small, &error, lines[i].words);
		row_check(bad, r == (lines[i].wrong ? -EINVAL : 0), "row %zu: %d %s", i, r,
			  error.text);
		row_check(bad, !lines[i].wrong || strstr(error.text, lines[i].wrong),
			  "row %zu: %s, expected %s", i, error.text, lines[i].wrong);
		options_done(small_groups, &small);
	}
	assert_int_equal(bad, 0);
}

/* --exit and --format must govern how the error before them is told. */
static void test_goes_on_after_an_error(void **state)
{
	struct error error = {""};
	struct small small;

	(void)state;
	small_init(&small);
	assert_int_equal(parse(&small, &error,
			       (const char *const[WORDS_MAX]){"--nonsense", "operand",
							      "--integer=x", "--choice=c", "-f"}),
			 -EINVAL);
	assert_int_equal(small.choice, SMALL_C);
	assert_true(small.flag);
	assert_contains(error.text, "there is no option --nonsense");
	options_done(small_groups, &small);
}

/* getopt_long() keeps a pointer into the last word of the line before. */
static void test_lines_are_independent(void **state)
{
	static char name[] = "unit";
	char word[8] = "-f";
	char *argv[] = {name, word, NULL};
	struct error error = {""};
	struct small small;

	(void)state;
	small_init(&small);
	assert_int_equal(options_parse(small_groups, &small, 2, argv, &error), 0);
	word[2] = '4'; /* what follows the old word in memory is nobody's business */
	assert_int_equal(parse(&small, &error, (const char *const[WORDS_MAX]){"--quiet"}), 0);
	assert_true(small.quiet);
	assert_false(small.four);
	options_done(small_groups, &small);
}

static void test_hostile_value_is_escaped(void **state)
{
	struct error error = {""};
	struct small small;

	(void)state;
	small_init(&small);
	assert_int_equal(options_set(small_groups, &small, "choice", "\033[2J\n", &error), -EINVAL);
	assert_contains(error.text, "choice: \"\\x1b[2J\\x0a\" is not one of");
	assert_int_equal(options_set(small_groups, &small, "a\nb", "x", &error), -ENOENT);
	assert_contains(error.text, "\"a\\x0ab\"");
	options_done(small_groups, &small);
}

static void test_a_refused_value_changes_nothing(void **state)
{
	struct error error = {""};
	struct small small;

	(void)state;
	small_init(&small);
	assert_int_equal(options_set(small_groups, &small, "url", "nonsense", &error), -EINVAL);
	assert_string_equal(small.url, "http://h");
	assert_int_equal(options_set(small_groups, &small, "choice", "d", &error), -EINVAL);
	assert_int_equal(small.choice, SMALL_B);
	assert_int_equal(options_set(small_groups, &small, "integer", "1000", &error), -EINVAL);
	assert_int_equal(small.integer, -1);
	options_done(small_groups, &small);
}

static void test_help(void **state)
{
	cleanup_(free_cleanup) char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	(void)state;
	options_print_help(small_groups, out);
	assert_int_equal(fclose(out), 0);
	assert_contains(text, "\nSection:\n");
	assert_contains(text, "  -f, --flag ");
	assert_contains(text, "      --path=PATH ");
	assert_contains(text, "help [http://h]\n");
	assert_contains(text, "a | b | c\n");
}

/* --- the real tables ------------------------------------------------------------------------- */

typedef void (*spec_check)(const struct option_spec *spec, void *config, int *bad);

static void for_every_real_option(spec_check look)
{
	int bad = 0;

	for (const struct option_group *group = real_groups; group->table; group++)
		for (size_t i = 0; i < group->table->count; i++) {
			struct influxdb_config config;
			struct error error;

			assert_int_equal(options_init(real_groups, &config, &error), 0);
			look(&group->table->specs[i], &config, &bad);
			options_done(real_groups, &config);
		}
	assert_int_equal(bad, 0);
}

static int parse_real(void *config, const char *word, struct error *error)
{
	static char name[] = "unit";
	char copy[128];
	char *argv[] = {name, copy, NULL};

	(void)snprintf(copy, sizeof(copy), "%s", word);
	return options_parse(real_groups, config, 2, argv, error);
}

static void look_at_wrong_value(const struct option_spec *spec, void *config, int *bad)
{
	struct error error = {""};
	char word[128];

	row_check(*bad, options_set(real_groups, config, spec->name, "", &error) == -EINVAL, "%s",
		  spec->name);
	row_check(*bad, strncmp(error.text, spec->name, strlen(spec->name)) == 0, "%s: %s",
		  spec->name, error.text);
	(void)snprintf(word, sizeof(word), "--%s=", spec->name);
	row_check(*bad, parse_real(config, word, &error) == -EINVAL, "%s", word);
	row_check(*bad,
		  strncmp(error.text, "--", 2) == 0 &&
			  strncmp(error.text + 2, spec->name, strlen(spec->name)) == 0,
		  "%s: %s", word, error.text);
}

static bool is_real_name(const char *name)
{
	for (const struct option_group *group = real_groups; group->table; group++)
		for (size_t i = 0; i < group->table->count; i++)
			if (strcmp(group->table->specs[i].name, name) == 0)
				return true;
	return false;
}

static void look_at_abbreviations(const struct option_spec *spec, void *config, int *bad)
{
	char word[128];

	for (size_t length = 1; length < strlen(spec->name); length++) {
		struct error error = {""};

		(void)snprintf(word, sizeof(word), "--%.*s", (int)length, spec->name);
		if (is_real_name(word + 2))
			continue;
		row_check(*bad, parse_real(config, word, &error) == -EINVAL, "%s", word);
		row_check(*bad, strstr(error.text, word), "%s: %s", word, error.text);
	}
}

static void look_at_row(const struct option_spec *spec, void *config, int *bad)
{
	bool numeric = spec->type == OPTION_DURATION || spec->type == OPTION_INTEGER;

	(void)config;
	row_check(*bad, spec->help && spec->section, "%s", spec->name);
	row_check(*bad, (spec->type == OPTION_FLAG) == !spec->argument, "%s", spec->name);
	row_check(*bad, (spec->type == OPTION_CHOICE) == (spec->choices != NULL), "%s", spec->name);
	row_check(*bad, !numeric || spec->max > spec->min, "%s: no range", spec->name);
}

static void look_at_range(const struct option_spec *spec, void *config, int *bad)
{
	const char *unit = spec->type == OPTION_DURATION ? "ms" : "";
	const int64_t edges[] = {spec->min - 1, spec->min, spec->max, spec->max + 1};

	if (spec->type != OPTION_DURATION && spec->type != OPTION_INTEGER)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(edges); i++) {
		struct error error = {""};
		char value[32];
		int r;

		(void)snprintf(value, sizeof(value), "%lld%s", (long long)edges[i], unit);
		r = options_set(real_groups, config, spec->name, value, &error);
		row_check(*bad, (r == 0) == (i == 1 || i == 2), "%s = %s", spec->name, value);
	}
}

static void test_real_wrong_values(void **state)
{
	(void)state;
	for_every_real_option(look_at_wrong_value);
}

static void test_real_abbreviations(void **state)
{
	(void)state;
	for_every_real_option(look_at_abbreviations);
}

static void test_real_rows(void **state)
{
	(void)state;
	for_every_real_option(look_at_row);
}

static void test_real_ranges(void **state)
{
	(void)state;
	for_every_real_option(look_at_range);
}

static void test_real_names_are_unique(void **state)
{
	const char *names[128];
	char letters[128];
	size_t n = 0;

	(void)state;
	for (const struct option_group *group = real_groups; group->table; group++)
		for (size_t i = 0; i < group->table->count; i++, n++) {
			names[n] = group->table->specs[i].name;
			letters[n] = group->table->specs[i].letter;
			for (size_t k = 0; k < n; k++) {
				assert_string_not_equal(names[k], names[n]);
				assert_false(letters[n] && letters[k] == letters[n]);
			}
		}
	assert_true(n > 30);
}

static void test_real_defaults(void **state)
{
	struct influxdb_config config;
	struct error error;

	(void)state;
	assert_int_equal(options_init(real_groups, &config, &error), 0);
	assert_int_equal(config.check.timeout_ms, 800);
	assert_int_equal(config.check.exit, CHECK_EXIT_KEEPALIVED);
	assert_int_equal(config.check.unknown, CHECK_UNKNOWN_PASS);
	assert_int_equal(config.check.degraded_weight, 1);
	assert_int_equal(config.check.format, CHECK_FORMAT_TEXT);
	assert_int_equal(config.check.log, CHECK_LOG_CHANGE);
	assert_int_equal(config.http.max_redirects, 0);
	assert_int_equal(config.http.min_cert_days, -1);
	assert_false(config.http.insecure);
	assert_string_equal(config.influxdb.url, "http://127.0.0.1:8086");
	assert_int_equal(config.influxdb.flavor, INFLUXDB_FLAVOR_AUTO);
	assert_int_equal(config.influxdb.level, INFLUXDB_LEVEL_READY);
	assert_string_equal(config.influxdb.canary_measurement, "ha_probe");
	assert_int_equal(config.influxdb.max_age_ms, -1);
	assert_int_equal(config.influxdb.peer_lead_ms, 10000);
	assert_int_equal(config.influxdb.divergence_ms, -1);
	options_done(real_groups, &config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_values_of_command_line),
		cmocka_unit_test(test_stored_values),
		cmocka_unit_test(test_command_lines),
		cmocka_unit_test(test_goes_on_after_an_error),
		cmocka_unit_test(test_lines_are_independent),
		cmocka_unit_test(test_hostile_value_is_escaped),
		cmocka_unit_test(test_a_refused_value_changes_nothing),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_real_wrong_values),
		cmocka_unit_test(test_real_abbreviations),
		cmocka_unit_test(test_real_rows),
		cmocka_unit_test(test_real_ranges),
		cmocka_unit_test(test_real_names_are_unique),
		cmocka_unit_test(test_real_defaults),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
