/*
 * attributes.h: the compiler's help for resources and interfaces.
 *
 * Every resource is released by a cleanup attribute: cleanup_(fn) runs fn(&variable) when the scope
 * ends. TAKE_PTR() and TAKE_FD() hand one out of such a scope.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define cleanup_(fn)	   __attribute__((cleanup(fn)))
#define must_check_	   __attribute__((warn_unused_result))
#define format_(fmt, args) __attribute__((format(printf, fmt, args)))

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#define TAKE_PTR(pointer)                                                                          \
	({                                                                                         \
		__typeof__(pointer) taken_ = (pointer);                                            \
		(pointer) = NULL;                                                                  \
		taken_;                                                                            \
	})

#define TAKE_FD(fd)                                                                                \
	({                                                                                         \
		int taken_ = (fd);                                                                 \
		(fd) = -1;                                                                         \
		taken_;                                                                            \
	})

static inline void free_cleanup(void *pointer)
{
	void *memory;

	memcpy(&memory, pointer, sizeof(memory));
	free(memory);
}

static inline void close_cleanup(const int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
}

static inline void fclose_cleanup(FILE **file)
{
	if (*file)
		(void)fclose(*file);
}
