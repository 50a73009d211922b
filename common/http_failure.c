/*
 * http_failure.c: see http_failure.h. Codes and wording as of libcurl 7.61 to 8.x.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "common/http_failure.h"

#include <errno.h>
#include <strings.h>

#define SECONDS_PER_DAY 86400.0

static enum reason connect_reason(CURL *curl)
{
	long os_error = 0;

	(void)curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &os_error);
	return os_error == ECONNREFUSED ? REASON_CONNECT_REFUSED : REASON_CONNECT_FAILED;
}

/* A TLS alert about our certificate comes as a read error with OpenSSL's words in the text. */
static bool is_certificate_alert(const char *text)
{
	return strstr(text, "alert") &&
	       (strstr(text, "certificate") || strstr(text, "unknown ca") ||
		strstr(text, "access denied"));
}

static enum reason closed_reason(enum phase phase, const char *text)
{
	if (strstr(text, "Too large response headers"))
		return REASON_RESPONSE_TOO_LARGE;
	if (is_certificate_alert(text))
		return REASON_AUTH_DENIED;
	if (phase == PHASE_TLS)
		return REASON_TLS_FAILED;
	return phase == PHASE_CONNECT ? REASON_CONNECT_FAILED : REASON_CONNECTION_CLOSED;
}

enum reason http_failure_reason(CURL *curl, CURLcode code, enum phase phase, const char *text)
{
	switch ((int)code) {
	case CURLE_OPERATION_TIMEDOUT:
		return REASON_TIMEOUT;
	case CURLE_COULDNT_RESOLVE_HOST:
		return REASON_RESOLVE_FAILED;
	case CURLE_COULDNT_CONNECT:
		return connect_reason(curl);
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_GOT_NOTHING:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_PARTIAL_FILE:
		return closed_reason(phase, text);
	case 51: /* before 7.62 the code for a wrong host name, and 60 for the rest; now it is 60 */
	case 60: /* CURLE_PEER_FAILED_VERIFICATION */
		return REASON_TLS_VERIFY_FAILED;
	case 98: /* CURLE_SSL_CLIENTCERT, 7.77 and later */
		return REASON_AUTH_DENIED;
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_ENGINE_NOTFOUND:
		return REASON_TLS_SETUP;
	case CURLE_TOO_MANY_REDIRECTS:
		return REASON_REDIRECTED;
	case CURLE_WRITE_ERROR: /* our own limits */
		return REASON_RESPONSE_TOO_LARGE;
	case CURLE_OUT_OF_MEMORY: /* before 8.6 also a single header line over 100 KiB */
	case 100:		  /* CURLE_TOO_LARGE, 8.6 and later */
		return phase >= PHASE_REQUEST ? REASON_RESPONSE_TOO_LARGE : REASON_INTERNAL_ERROR;
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_WEIRD_SERVER_REPLY:
	default:
		return REASON_UNEXPECTED_ANSWER;
	}
}

/* "Expire date:Nov 21 12:00:00 2026 GMT" (OpenSSL) or "Expire date:2026-11-21 12:00:00 GMT". */
static bool expire_date(const struct curl_slist *fields, time_t *ret)
{
	static const char key[] = "Expire date:";

	for (; fields; fields = fields->next) {
		if (strncasecmp(fields->data, key, sizeof(key) - 1) != 0)
			continue;
		*ret = curl_getdate(fields->data + sizeof(key) - 1, NULL);
		return *ret != (time_t)-1;
	}
	return false;
}

bool http_cert_days(CURL *curl, double *ret_days)
{
	struct curl_certinfo *info = NULL;
	time_t now = time(NULL);
	bool found = false;

	if (curl_easy_getinfo(curl, CURLINFO_CERTINFO, &info) != CURLE_OK || !info)
		return false;
	for (int i = 0; i < info->num_of_certs; i++) {
		double days;
		time_t ends;

		if (!expire_date(info->certinfo[i], &ends))
			continue;
		days = difftime(ends, now) / SECONDS_PER_DAY;
		if (!found || days < *ret_days)
			*ret_days = days;
		found = true;
	}
	return found;
}
