/*
 * ini.c: see ini.h. inih reads the lines, options.c knows the keys.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "common/ini.h"

#include <errno.h>
#include <ini.h>

/* inih's handler gets no line number in all builds, so lines are counted where they are read. */
struct reading {
	FILE *file;
	const char *name;
	const char *section;
	const struct option_group *groups;
	void *config;
	struct error *error;
	int line;
	int result;
	bool found;
};

static char *read_line(char *buffer, int size, void *stream)
{
	struct reading *reading = stream;
	char *line;

	if (reading->result < 0)
		return NULL;
	line = fgets(buffer, size, reading->file);
	if (line)
		reading->line++;
	return line;
}

static int handle_key(void *user, const char *section, const char *key, const char *value)
{
	struct reading *reading = user;
	struct error why;

	if (strcmp(section, reading->section) != 0)
		return 1;
	reading->found = true;
	reading->result =
		options_set(reading->groups, reading->config, key, value ? value : "yes", &why);
	if (reading->result < 0)
		(void)error_set(reading->error, 0, "%s:%d: %s", reading->name, reading->line,
				why.text);
	return reading->result >= 0;
}

int ini_read_section(FILE *file, const char *name, const char *section,
		     const struct option_group *groups, void *config, struct error *error)
{
	struct reading reading = {
		.file = file,
		.name = name,
		.section = section,
		.groups = groups,
		.config = config,
		.error = error,
	};
	int bad_line = ini_parse_stream(read_line, &reading, handle_key, &reading);

	if (reading.result < 0)
		return reading.result == -ENOENT ? -EINVAL : reading.result;
	if (bad_line > 0)
		return error_set(error, EINVAL, "%s:%d: neither [section] nor key = value", name,
				 bad_line);
	if (bad_line < 0)
		return error_set(error, ENOMEM, "%s: out of memory", name);
	if (!reading.found)
		return error_set(error, ENOENT, "%s: there is no section [%s]", name, section);
	return 0;
}
