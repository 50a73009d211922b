/*
 * unit.h: what every unit test needs: cmocka, rows that fail by name, a directory that goes away.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#pragma once

/* cmocka.h needs these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>

#include "common/attributes.h"

/* Counts rows of a table that fail and tells the first ones; assert_int_equal(bad, 0) comes last.
 */
#define row_check(bad, good, ...)                                                                  \
	do {                                                                                       \
		if (!(good) && ++(bad) <= 20) {                                                    \
			print_error("%s: ", #good);                                                \
			print_error(__VA_ARGS__);                                                  \
			print_error("\n");                                                         \
		}                                                                                  \
	} while (0)

#define assert_contains(text, part)                                                                \
	do {                                                                                       \
		if (!strstr(text, part))                                                           \
			fail_msg("\"%s\" does not contain \"%s\"", text, part);                    \
	} while (0)

struct unit_directory {
	char path[64];
};

static inline int unit_remove_one(const char *path, const struct stat *st, int type,
				  struct FTW *walk)
{
	(void)st;
	(void)type;
	(void)walk;
	return remove(path);
}

static inline void unit_directory_make(struct unit_directory *directory)
{
	(void)snprintf(directory->path, sizeof(directory->path), "/tmp/keepwell-unit-XXXXXX");
	assert_non_null(mkdtemp(directory->path));
}

static inline void unit_directory_remove(struct unit_directory *directory)
{
	(void)nftw(directory->path, unit_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* Writes a file whose mode does not depend on the umask. */
static inline void unit_write(const char *path, mode_t mode, const void *content, size_t length)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, content, length), length);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(close(fd), 0);
}
