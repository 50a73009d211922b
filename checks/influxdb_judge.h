/*
 * influxdb_judge.h: facts about an InfluxDB, judged. Pure: no I/O and no clock.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#pragma once

#include "checks/influxdb.h"

/*
 * The product that the answer to /ping shows, by headers first and then by the body; AUTO if it
 * shows none.
 */
enum influxdb_flavor influxdb_detect(const struct influxdb_reply *ping);

/* For people: "InfluxDB 1.x". */
const char *influxdb_flavor_title(enum influxdb_flavor flavor);

/*
 * Whether the flavor has this step at all: relays have no /query, meta nodes no data, and proxies
 * cannot give back what they only buffered.
 */
bool influxdb_has_step(const struct influxdb_facts *facts, enum influxdb_step step);

/*
 * Adds what one step's reply means to the verdict. Gives whether the probe should go on, which it
 * should after anything that leaves the service usable.
 */
bool influxdb_judge_step(const struct influxdb_facts *facts, const struct influxdb_config *config,
			 enum influxdb_step step, struct verdict *verdict);

/* Judges all steps that were asked, and the certificate. */
void influxdb_judge(const struct influxdb_facts *facts, const struct influxdb_config *config,
		    struct verdict *ret);
