/*
 * mask.c: see mask.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "common/mask.h"

#include <pthread.h>
#include <string.h>

#include "common/attributes.h"

#define MASKS_MAX 16

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *masks[MASKS_MAX];

/* Puts a pointer into the first slot that holds another one. */
static void replace(const char *from, const char *to)
{
	(void)pthread_mutex_lock(&lock);
	for (size_t i = 0; i < ARRAY_SIZE(masks); i++)
		if (masks[i] == from) {
			masks[i] = to;
			break;
		}
	(void)pthread_mutex_unlock(&lock);
}

void mask_add(const char *text)
{
	if (strlen(text) >= MASK_MIN)
		replace(NULL, text);
}

void mask_remove(const char *text)
{
	if (text)
		replace(text, NULL);
}

size_t mask_match(const char *text, size_t length)
{
	size_t longest = 0;

	(void)pthread_mutex_lock(&lock);
	for (size_t i = 0; i < ARRAY_SIZE(masks); i++) {
		size_t n = masks[i] ? strlen(masks[i]) : 0;

		if (n > longest && n <= length && memcmp(text, masks[i], n) == 0)
			longest = n;
	}
	(void)pthread_mutex_unlock(&lock);
	return longest;
}
