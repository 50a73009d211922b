/*
 * options.h: option tables, and what is read with them: command lines and INI keys.
 *
 * A table is generated from a *.opts file by tools/options.awk, together with the struct that its
 * values live in. A program puts several such structs into one configuration and describes it by an
 * array of groups; so one process can hold many configurations of the same program.
 *
 * Long names must be spelled out: an abbreviation that works today would become ambiguous, and so
 * fail a node, with the next option that is added.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "common/error.h"

enum option_type {
	OPTION_FLAG,	 /* bool */
	OPTION_STRING,	 /* char *, not empty, no control characters */
	OPTION_PATH,	 /* char *, likewise */
	OPTION_URL,	 /* char *, accepted by url_parse() */
	OPTION_DURATION, /* int64_t, milliseconds, -1 if not given */
	OPTION_INTEGER,	 /* int64_t, -1 if not given */
	OPTION_CHOICE,	 /* an enum of int's size, counting up the choices */
};

struct option_spec {
	const char *name;
	enum option_type type;
	char letter;		    /* 0: none */
	const char *argument;	    /* NULL: a flag */
	const char *fallback;	    /* the default, NULL: none */
	const char *const *choices; /* for OPTION_CHOICE, ends with NULL */
	int64_t min, max;	    /* for OPTION_INTEGER and OPTION_DURATION */
	const char *help;
	const char *section;
	size_t offset; /* in the table's struct */
};

struct option_table {
	const struct option_spec *specs;
	size_t count;
};

/* Where a table's struct lies in a configuration. An array of groups ends with a NULL table. */
struct option_group {
	const struct option_table *table;
	size_t offset;
};

/* Gives every option its default. -ENOMEM or 0. */
int options_init(const struct option_group *groups, void *config, struct error *error) must_check_;

/* Frees what the options own. */
void options_done(const struct option_group *groups, void *config);

/*
 * Sets one option, as from an INI key; for a flag value is a boolean (yes, no, true, false, 1, 0).
 * -ENOENT: no such option; -EINVAL: not a good value, and the text says what would be; -ENOMEM.
 */
int options_set(const struct option_group *groups, void *config, const char *name,
		const char *value, struct error *error) must_check_;

/*
 * Reads a command line without operands. Goes on after an error, so that options which govern how
 * the error is told (--exit, --format) take effect wherever they stand; the first error is given.
 * -EINVAL or -ENOMEM.
 */
int options_parse(const struct option_group *groups, void *config, int argc, char *argv[],
		  struct error *error) must_check_;

/* Prints the rows of --help, by section. */
void options_print_help(const struct option_group *groups, FILE *out);

/*
 * Reads a duration: "800ms", "2s", "1m", "1h", "1d", decimals allowed; a bare number is seconds.
 * -EINVAL if it is none.
 */
int duration_parse(const char *text, int64_t *ret_ms) must_check_;
