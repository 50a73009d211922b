/*
 * http.h: one HTTP client for one server, on libcurl.
 *
 * It uses no proxy whatever the environment says, follows no redirect unless asked, speaks only
 * http and https, bounds header and body, verifies TLS by default and keeps its connection between
 * requests. A transport failure is a documented outcome (a reason and a phase), not an error.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/deadline.h"
#include "common/http_options.h"
#include "common/progress.h"
#include "common/url.h"
#include "common/verdict.h"

#define HTTP_BODY_MAX	 (1024UL * 1024)
#define HTTP_HEADERS_MAX (64UL * 1024)

struct http_client;

struct http_request {
	const char *path; /* begins with '/', percent-encoded, may have a query */
	enum phase phase; /* what waiting for the answer is called */
	const char *what; /* for people: "GET /ping" */
	const char *body; /* NULL: GET, else POST */
	const char *content_type;
};

struct http_answer {
	enum reason reason; /* REASON_OK: a whole answer came */
	enum phase phase;   /* where it ended */
	char detail[192];   /* what libcurl says of a failure, escaped */
	long status;
	char *body; /* ends with a NUL that body_length does not count */
	size_t body_length;
	char *headers; /* of the last answer, likewise */
	size_t headers_length;
	int64_t duration_us;
};

/* Refuses combinations and forms of options that make no sense. -EINVAL with a text, or 0. */
int http_options_validate(const struct http_options *options, const struct url *url,
			  struct error *error) must_check_;

/* The host name that a request has to look up; "" for an address and for a unix socket. */
void http_name_to_resolve(const struct http_options *options, const struct url *url, char *name,
			  size_t size);

/*
 * Checks that the files which the options name can be used. With a text: -EACCES for a private key
 * that others can read or that is no plain file, -EINVAL for other files.
 */
int http_options_check_files(const struct http_options *options, struct error *error) must_check_;

/*
 * Makes a client for a base URL. The structs behind the pointers must outlive it.
 * Errors of http_options_check_files(), or -ENOMEM, with a text.
 */
int http_client_new(const struct url *url, const struct http_options *options,
		    struct progress *progress, struct http_client **ret,
		    struct error *error) must_check_;
struct http_client *http_client_free(struct http_client *client);
void http_client_cleanup(struct http_client **client);

/*
 * "Authorization: SCHEME secret" goes with every request to this server, and is masked in all text.
 * -ENOMEM or 0.
 */
int http_client_authorize(struct http_client *client, const char *scheme,
			  const char *secret) must_check_;

/* The same by HTTP Basic; password may be NULL. -ENOMEM or 0. */
int http_client_login(struct http_client *client, const char *user,
		      const char *password) must_check_;

/* Sends a request and gives what came before the deadline. -ENOMEM or 0. */
int http_perform(struct http_client *client, const struct http_request *request,
		 struct deadline deadline, struct http_answer *ret) must_check_;

void http_answer_done(struct http_answer *answer);

/* Copies a header's value, escaped, "" if absent; names are compared without case. */
void http_answer_header(const struct http_answer *answer, const char *name, char *buffer,
			size_t size);

/* Days until the first certificate of the server's chain ends; false without TLS. */
bool http_client_cert_days(const struct http_client *client, double *ret_days);
