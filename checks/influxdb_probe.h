/*
 * influxdb_probe.h: asks an InfluxDB, and its peer if told to.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#pragma once

#include "checks/influxdb.h"
#include "common/deadline.h"
#include "common/error.h"
#include "common/progress.h"

/* The probe of struct check, see check.h; config is a struct influxdb_config. */
int influxdb_probe(const void *config, struct deadline deadline, struct progress *progress,
		   struct verdict *ret, struct error *error) must_check_;

/* --node, or the host name. */
const char *influxdb_node(const struct influxdb_options *options, char *buffer, size_t size);
