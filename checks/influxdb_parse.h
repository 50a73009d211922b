/*
 * influxdb_parse.h: one HTTP body of any InfluxDB-like product, read into a reply.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#pragma once

#include "checks/influxdb.h"

/* Fills the reply's members that come from the body. Never fails: what cannot be read stays zero.
 */
void influxdb_parse_body(const char *body, size_t length, struct influxdb_reply *reply);
