/*
 * secrets.h: tokens and passwords, which come from files only.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#pragma once

#include <stddef.h>

#include "common/error.h"

/* Longest secret; the limit keeps a wrong path from reading a disk into memory. */
#define SECRET_MAX 4096

/*
 * Reads the first line of a file, or of the systemd credential NAME for "credential:NAME".
 * *ret_secret is to be freed with secret_cleanup(), which wipes it; until then it is masked in all
 * text (mask.h).
 * Negative errno with a text that names the file and the fault: missing, empty, not a plain file,
 * readable or writable by others, more than one line, control characters. Never logs the content.
 */
int secret_read(const char *path, char **ret_secret, struct error *error) must_check_;

/* Like secret_read(), but only checks that the file is one that a secret may be in. */
int secret_check_file(const char *path, struct error *error) must_check_;

void secret_cleanup(char **secret);
