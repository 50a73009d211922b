/*
 * fuzz_options.c: words ended by NULs are a command line; the whole input is also an INI file whose
 * section is [db].
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <string.h>

#include "checks/influxdb.h"
#include "common/ini.h"
#include "tests/fuzz/fuzz.h"

#define INPUT_MAX 4096
#define WORDS_MAX 64

static const struct option_group groups[] = {
	{&influxdb_option_table, offsetof(struct influxdb_config, influxdb)},
	{&http_option_table, offsetof(struct influxdb_config, http)},
	{&check_option_table, offsetof(struct influxdb_config, check)},
	{NULL, 0},
};

static void check_config(const struct influxdb_config *config)
{
	fuzz_require(config->check.timeout_ms >= 10 && config->check.timeout_ms <= 600000);
	fuzz_require(config->check.degraded_weight >= 0 && config->check.degraded_weight <= 253);
	fuzz_require(config->check.exit <= CHECK_EXIT_NAGIOS);
	fuzz_require(config->influxdb.url && config->influxdb.url[0]);
	fuzz_require(config->influxdb.flavor <= INFLUXDB_FLAVOR_PROXY);
}

static void begin(struct influxdb_config *config)
{
	struct error error;

	fuzz_require(options_init(groups, config, &error) == 0);
}

/* Static, because getopt_long() keeps a pointer into the last line. */
static char words[INPUT_MAX + 1];

static void run_command_line(size_t size)
{
	static char name[] = "fuzz";
	char *argv[WORDS_MAX + 2] = {name};
	struct influxdb_config config;
	struct error error = {""};
	int argc = 1;
	int r;

	for (size_t i = 0; i < size && argc <= WORDS_MAX; i += strlen(words + i) + 1)
		argv[argc++] = words + i;
	begin(&config);
	r = options_parse(groups, &config, argc, argv, &error);
	fuzz_require(r == 0 || (r == -EINVAL && error.text[0]));
	check_config(&config);
	options_done(groups, &config);
}

static void run_ini(const uint8_t *data, size_t size)
{
	/* fmemopen() refuses a buffer of no bytes */
	FILE *file =
		size > 0 ? fmemopen((void *)(uintptr_t)data, size, "r") : fopen("/dev/null", "re");
	struct influxdb_config config;
	struct error error = {""};
	int r;

	fuzz_require(file);
	begin(&config);
	r = ini_read_section(file, "fuzz.conf", "db", groups, &config, &error);
	(void)fclose(file);
	fuzz_require(r == 0 || ((r == -EINVAL || r == -ENOENT) && error.text[0]));
	fuzz_require(r == 0 || strncmp(error.text, "fuzz.conf:", 10) == 0);
	check_config(&config);
	options_done(groups, &config);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > INPUT_MAX)
		size = INPUT_MAX;
	if (size > 0)
		memcpy(words, data, size);
	words[size] = '\0';
	run_command_line(size);
	run_ini(data, size);
	return 0;
}
