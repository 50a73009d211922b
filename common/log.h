/*
 * log.h: one line to the journal or syslog when a check's result changed.
 *
 * keepalived throws a check's output away and runs it every second, so the log is where a person
 * looks and must not fill up: the last result of each command line is remembered in a small file,
 * and only a change is logged.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#pragma once

#include "common/report.h"

/* Logs the report unconditionally. */
void log_report(const struct report *report);

/*
 * Hands the report to sink if state or reason differ from what the last call with the same argv
 * remembered, and then remembers them: a line may come twice, but never not at all. A first OK is
 * no change. Without a place to remember nothing is logged: silence is better than a line per
 * second. Gives whether it was logged.
 */
bool log_on_change(const struct report *report, int argc, char *const argv[],
		   void (*sink)(const struct report *));
