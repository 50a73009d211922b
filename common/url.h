/*
 * url.h: the few parts of an http or https URL that a check needs.
 *
 * libcurl's own parser came with 7.62, and RHEL 8 has 7.61; so this one reads the plain form
 * scheme://host[:port][/path] and refuses everything else by name.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#pragma once

#include <stdbool.h>

#include "common/error.h"

struct url {
	bool tls;
	bool host_is_literal; /* an IPv4 or IPv6 address: nothing to resolve */
	char host[256];	      /* an IPv6 address stands in brackets */
	int port;	      /* the scheme's default if not given */
	char path[256];	      /* without trailing slashes: "" or "/prefix" */
};

/* -EINVAL with a text that says what would be right, or 0. */
int url_parse(const char *text, struct url *ret, struct error *error) must_check_;

/* Percent-encodes text for use in a query. NULL without memory; free() the result. */
char *url_encode(const char *text) must_check_;
