/*
 * http_failure.h: what libcurl reports, in keepwell's words. Only http.c uses it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#pragma once

#include <curl/curl.h>
#include <stdbool.h>

#include "common/verdict.h"

/* The reason of a failed transfer; phase is where it was, text libcurl's error buffer. */
enum reason http_failure_reason(CURL *curl, CURLcode code, enum phase phase, const char *text);

/* Days until the first certificate of the chain that the server sent ends; false if none came. */
bool http_cert_days(CURL *curl, double *ret_days);
