/*
 * mask.h: the secrets of this process, so that no text can show them.
 *
 * Servers echo what they are sent, plain or encoded. escape.h, which all text from
 * outside passes, replaces what is registered here by asterisks before it cuts anything.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#pragma once

#include <stddef.h>

/* Shorter ones are not masked: they would blank ordinary words and so show where they stand. */
#define MASK_MIN 4

/*
 * Registers text, which must stay valid until mask_remove() with the same pointer. May be called
 * from any thread. Beyond 16 texts, or shorter than MASK_MIN, nothing happens.
 */
void mask_add(const char *text);
void mask_remove(const char *text);

/* Length of the longest registered text that begins at text[0..length), 0 if there is none. */
size_t mask_match(const char *text, size_t length);
