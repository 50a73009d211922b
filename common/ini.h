/*
 * ini.h: options from one section of an INI file, whose keys are the long options.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#pragma once

#include <stdio.h>

#include "common/options.h"

/*
 * Sets the options that a section of the file gives. name is only for messages.
 * Negative errno with "name:line: key: what is wrong"; -ENOENT when there is no such section.
 * What was set before the error stays set: the caller drops the configuration as a whole.
 * A line may have about 198 bytes, as inih is built by default, and does not begin with a blank.
 */
int ini_read_section(FILE *file, const char *name, const char *section,
		     const struct option_group *groups, void *config,
		     struct error *error) must_check_;
