/*
 * verdict.c: see verdict.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "common/verdict.h"

#include <stdarg.h>

#include "common/escape.h"

const char *state_name(enum state state)
{
	static const char *const names[STATE_MAX] = {
		[STATE_OK] = "OK",
		[STATE_WARNING] = "WARNING",
		[STATE_UNKNOWN] = "UNKNOWN",
		[STATE_CRITICAL] = "CRITICAL",
	};

	return names[state];
}

const char *reason_name(enum reason reason)
{
	static const char *const names[REASON_MAX] = {
/* NOLINTNEXTLINE(bugprone-macro-parentheses): a string in an initializer */
#define REASON(name, word, meaning) [REASON_##name] = word,
#include "common/reasons.def"
#undef REASON
	};

	return names[reason];
}

const char *phase_name(enum phase phase)
{
	static const char *const names[PHASE_MAX] = {
		[PHASE_RESOLVE] = "resolve", [PHASE_CONNECT] = "connect", [PHASE_TLS] = "tls",
		[PHASE_REQUEST] = "request", [PHASE_AUTH] = "auth",	  [PHASE_QUERY] = "query",
		[PHASE_WRITE] = "write",     [PHASE_READ] = "read",	  [PHASE_JUDGE] = "judge",
	};

	return names[phase];
}

void verdict_set(struct verdict *verdict, enum state state, enum reason reason, enum phase phase,
		 const char *format, ...)
{
	va_list args;

	verdict->state = state;
	verdict->reason = reason;
	verdict->phase = phase;
	va_start(args, format);
	escape_vformat(verdict->text, sizeof(verdict->text), format, args);
	va_end(args);
}

void verdict_add(struct verdict *verdict, enum state state, enum reason reason, enum phase phase,
		 const char *format, ...)
{
	char text[sizeof(verdict->text)];
	va_list args;

	va_start(args, format);
	escape_vformat(text, sizeof(text), format, args);
	va_end(args);
	if (state > verdict->state || (state == STATE_OK && verdict->state == STATE_OK)) {
		verdict_set(verdict, state, reason, phase, "%s", text);
		return;
	}
	if (state == verdict->state) {
		char first[sizeof(verdict->text)];

		memcpy(first, verdict->text, sizeof(first));
		escape_format(verdict->text, sizeof(verdict->text), "%s; %s", first, text);
	}
}

void verdict_fact(struct verdict *verdict, const char *key, const char *format, ...)
{
	struct fact *fact = &verdict->facts[verdict->n_facts];
	va_list args;

	if (verdict->n_facts == VERDICT_FACTS_MAX)
		return;
	escape_format(fact->key, sizeof(fact->key), "%s", key);
	va_start(args, format);
	escape_vformat(fact->value, sizeof(fact->value), format, args);
	va_end(args);
	verdict->n_facts++;
}

void verdict_metric(struct verdict *verdict, const char *name, double value, enum unit unit)
{
	struct metric *metric = &verdict->metrics[verdict->n_metrics];

	if (verdict->n_metrics == VERDICT_METRICS_MAX)
		return;
	escape_format(metric->name, sizeof(metric->name), "%s", name);
	metric->value = value;
	metric->unit = unit;
	verdict->n_metrics++;
}
