/*
 * check.h: what a check is made of, and how it is run under its deadline.
 *
 * A check is described by one constant struct check. The one-shot programs hand it to check_main();
 * a resident agent can hold many configurations of it and call check_run() itself.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#pragma once

#include <stdio.h>

#include "common/check_options.h"
#include "common/deadline.h"
#include "common/error.h"
#include "common/options.h"
#include "common/progress.h"
#include "common/verdict.h"

struct check {
	const char *program; /* "chk_influxdb" */
	const char *service; /* "influxdb" */
	const char *summary; /* first line of --help */

	/* The configuration's first member is a struct check_options. */
	const struct option_group *groups;
	size_t config_size;

	/* Refuses combinations of options that make no sense. -EINVAL with a text, or 0. */
	int (*validate)(const void *config, struct error *error);

	/* What is checked, for people: a URL. Valid as long as the configuration. */
	const char *(*target)(const void *config);

	/*
	 * Asks the service and judges its answers. Called in a thread of its own; everything that
	 * can block ends at the deadline. Negative errno with a text: the probe itself failed.
	 */
	int (*probe)(const void *config, struct deadline deadline, struct progress *progress,
		     struct verdict *ret, struct error *error);

	/* Prints what the probe would send and the rights it needs. */
	void (*explain)(const void *config, FILE *out);
};

/*
 * Runs the probe in a thread and waits for it until the deadline, which holds even where a library
 * blocks (name resolution). The probe gets margin_ms less, so that it can usually end by itself and
 * say more. Gives true if the probe's thread has ended. If false it is still running and the
 * process must end by _exit(); the verdict is what the probe had settled (progress.h), else
 * "CRITICAL timeout" in the phase it is in. A timeout of a process that got no CPU is "UNKNOWN
 * starved".
 */
bool check_run(const struct check *check, const void *config, struct deadline deadline,
	       int64_t margin_ms, struct progress *progress, struct verdict *ret);

/* main() of every check: options, the run, report, log, exit code. */
int check_main(const struct check *check, int argc, char *argv[]);
