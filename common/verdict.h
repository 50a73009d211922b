/*
 * verdict.h: what a probe ends in: a state, a reason, a phase, one line of text, facts and metrics.
 *
 * All text passes through escape.h on its way in, so a verdict never holds a control character.
 * keepwell-verdicts(7) explains states and reasons to people; both come from the same tables.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/attributes.h"

enum state {
	STATE_OK,	/* proven to do its job */
	STATE_WARNING,	/* does its job, something needs a person */
	STATE_UNKNOWN,	/* it answers, but the probe could not find out */
	STATE_CRITICAL, /* proven unable to do its job, or silent past the deadline */
	STATE_MAX,
};

enum reason {
#define REASON(name, word, meaning) REASON_##name,
#include "common/reasons.def"
#undef REASON
	REASON_MAX,
};

/* Where a probe was when it came to its verdict. */
enum phase {
	PHASE_RESOLVE,
	PHASE_CONNECT,
	PHASE_TLS,
	PHASE_REQUEST,
	PHASE_AUTH,
	PHASE_QUERY,
	PHASE_WRITE,
	PHASE_READ,
	PHASE_JUDGE,
	PHASE_MAX,
};

enum unit {
	UNIT_NONE,
	UNIT_SECONDS,
	UNIT_DAYS,
};

struct metric {
	char name[40]; /* snake_case, without unit: prometheus appends it */
	double value;
	enum unit unit;
};

struct fact {
	char key[32];
	char value[128];
};

#define VERDICT_FACTS_MAX   16
#define VERDICT_METRICS_MAX 16

struct verdict {
	enum state state;
	enum reason reason;
	enum phase phase;
	char text[512];
	struct fact facts[VERDICT_FACTS_MAX];
	size_t n_facts;
	struct metric metrics[VERDICT_METRICS_MAX];
	size_t n_metrics;
};

const char *state_name(enum state state);
const char *reason_name(enum reason reason);
const char *phase_name(enum phase phase);

/* Replaces state, reason, phase and text; facts and metrics stay. */
void verdict_set(struct verdict *verdict, enum state state, enum reason reason, enum phase phase,
		 const char *format, ...) format_(5, 6);

/*
 * Takes one more finding into account: the worse state wins (CRITICAL, UNKNOWN, WARNING, OK), and
 * of two equally bad ones the first gives the reason while the text tells both.
 */
void verdict_add(struct verdict *verdict, enum state state, enum reason reason, enum phase phase,
		 const char *format, ...) format_(5, 6);

/* Adds a fact or a metric; one too many is dropped. */
void verdict_fact(struct verdict *verdict, const char *key, const char *format, ...) format_(3, 4);
void verdict_metric(struct verdict *verdict, const char *name, double value, enum unit unit);
