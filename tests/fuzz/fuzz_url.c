/*
 * fuzz_url.c: the input is a URL.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <string.h>

#include "common/url.h"
#include "tests/fuzz/fuzz.h"

/* What was accepted can be written again and means the same. */
static void check_round_trip(const struct url *url)
{
	char text[sizeof(url->host) + sizeof(url->path) + 32];
	struct error error = {""};
	struct url again;

	(void)snprintf(text, sizeof(text), "http%s://%s:%d%s", url->tls ? "s" : "", url->host,
		       url->port, url->path);
	fuzz_require(url_parse(text, &again, &error) == 0);
	fuzz_require(again.tls == url->tls && again.port == url->port);
	fuzz_require(again.host_is_literal == url->host_is_literal);
	fuzz_require(strcmp(again.host, url->host) == 0 && strcmp(again.path, url->path) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);
	struct error error = {""};
	struct url url;
	int r;

	fuzz_require(text);
	r = url_parse(text, &url, &error);
	if (r == 0) {
		fuzz_require(url.host[0] && url.port >= 1 && url.port <= 65535);
		fuzz_require(url.path[0] == '\0' || url.path[0] == '/');
		check_round_trip(&url);
	} else {
		fuzz_require(r == -EINVAL && error.text[0]);
	}
	free(text);
	return 0;
}
