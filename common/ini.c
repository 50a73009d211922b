/*
 * ini.c: see ini.h. inih splits the lines, options.c knows the keys.
 *
 * Distributions build inih to cut lines at its buffer and to join indented ones to the line before.
 * Both would change a value silently, so such lines are refused where they are read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "common/ini.h"

#include <errno.h>
#include <ini.h>

struct reading {
	FILE *file;
	const char *name;
	const char *section;
	const struct option_group *groups;
	void *config;
	struct error *error;
	int line; /* the last one that was read */
	int result;
	bool found;
};

static int refuse_line(struct reading *reading, const char *why)
{
	return error_set(reading->error, EINVAL, "%s:%d: %s", reading->name, reading->line, why);
}

static int check_line(struct reading *reading, const char *line)
{
	size_t length = strlen(line);

	if (length > 0 && line[length - 1] != '\n' && !feof(reading->file))
		return refuse_line(reading, "the line is too long");
	if ((line[0] == ' ' || line[0] == '\t') && line[strspn(line, " \t\r\n")] != '\0')
		return refuse_line(reading, "the line must not begin with a blank");
	return 0;
}

/* A section without keys is there, too: it means the defaults. */
static void note_section(struct reading *reading, const char *line)
{
	size_t length = strlen(reading->section);

	if (line[0] == '[' && strncmp(line + 1, reading->section, length) == 0 &&
	    line[1 + length] == ']')
		reading->found = true;
}

static char *read_line(char *buffer, int size, void *stream)
{
	struct reading *reading = stream;
	char *line;

	if (reading->result < 0)
		return NULL;
	line = fgets(buffer, size, reading->file);
	if (!line)
		return NULL;
	reading->line++;
	reading->result = check_line(reading, line);
	note_section(reading, line);
	return reading->result < 0 ? NULL : line;
}

static int handle_key(void *user, const char *section, const char *key, const char *value)
{
	struct reading *reading = user;
	struct error why;

	if (strcmp(section, reading->section) != 0)
		return 1;
	reading->found = true; /* also behind a byte order mark */
	reading->result =
		options_set(reading->groups, reading->config, key, value ? value : "yes", &why);
	if (reading->result < 0)
		(void)refuse_line(reading, why.text);
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
