/*
 * report.h: prints a verdict for people and machines.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#pragma once

#include <stdio.h>

#include "common/progress.h"
#include "common/verdict.h"

#define REPORT_LINE_MAX 1024

struct report {
	const char *program; /* "chk_influxdb" */
	const char *service; /* "influxdb" */
	const char *target;  /* "http://127.0.0.1:8086", already escaped */
	const struct verdict *verdict;
	const struct step *steps;
	size_t n_steps;
	int64_t duration_us;
	int64_t timeout_ms;
	int exit_code;
	bool verbose; /* text and nagios: one more row per step */
};

/* "STATE service target: text [reason/phase] (12.3 ms)", without a newline. */
void report_line(const struct report *report, char *buffer, size_t size);

/* Each prints one whole report. */
void report_text(const struct report *report, FILE *out);
void report_json(const struct report *report, FILE *out);
void report_nagios(const struct report *report, FILE *out);
void report_prometheus(const struct report *report, FILE *out);
