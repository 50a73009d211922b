/*
 * exit_policy.h: how a verdict becomes an exit code.
 *
 * keepalived counts 0 as success and all else as failure. LVS's misc_dynamic takes 2 to 255 as
 * success with weight code - 2 (keepalived 2.2.7, check_misc.c), so Nagios's codes are never a
 * default.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#pragma once

#include "common/verdict.h"

struct check_options;

/* The exit code of a verdict's state. */
int exit_policy_code(const struct check_options *options, enum state state);

/* The exit code of wrong usage. */
int exit_policy_usage_code(const struct check_options *options);
