/*
 * http.c: see http.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "common/http.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <pthread.h>
#include <strings.h>

#include "common/escape.h"
#include "common/http_failure.h"
#include "common/mask.h"
#include "common/secrets.h"

/* A growing buffer that never holds more than limit bytes. */
struct buffer {
	char *data;
	size_t length;
	size_t capacity;
	size_t limit;
};

struct http_client {
	CURL *curl;
	struct curl_slist *connect_to;
	char *authorization; /* the header line */
	const char *secret;  /* its last word */
	struct progress *progress;
	const struct url *url;
	const char *what; /* of the running request */
	enum phase request_phase;
	enum phase phase; /* where the running request is */
	bool uses_certificate;
	bool lacks_resources; /* no descriptor for a socket: our own trouble */
	bool connected;	      /* the connection of the last request is there to be used */
	struct buffer body;
	struct buffer answer_headers;
	char name[256]; /* that libcurl has to look up, "" if there is none */
	char base[600]; /* "https://host:port/prefix" */
	char error_text[CURL_ERROR_SIZE];
	double cert_days;
	bool has_cert_days;
};

static bool buffer_add(struct buffer *buffer, const char *data, size_t length)
{
	size_t needed = buffer->length + length + 1;

	if (length > buffer->limit - buffer->length)
		return false;
	if (needed > buffer->capacity) {
		size_t capacity = 2 * needed;
		char *grown = realloc(buffer->data, capacity);

		if (!grown)
			return false;
		buffer->data = grown;
		buffer->capacity = capacity;
	}
	memcpy(buffer->data + buffer->length, data, length);
	buffer->length += length;
	buffer->data[buffer->length] = '\0';
	return true;
}

static void buffer_done(struct buffer *buffer)
{
	free(buffer->data);
	buffer->data = NULL;
	buffer->length = 0;
	buffer->capacity = 0;
}

static void enter(struct http_client *client, enum phase phase, const char *what)
{
	client->phase = phase;
	progress_enter(client->progress, phase, "%s", what);
}

static size_t on_body(char *data, size_t size, size_t n, void *user)
{
	struct http_client *client = user;

	return buffer_add(&client->body, data, size * n) ? size * n : 0;
}

static size_t on_header(char *data, size_t size, size_t n, void *user)
{
	struct http_client *client = user;
	size_t length = size * n;

	/* A status line begins the header of the next answer: 1xx, or after a redirect. */
	if (length >= 5 && memcmp(data, "HTTP/", 5) == 0)
		client->answer_headers.length = 0;
	return buffer_add(&client->answer_headers, data, length) ? length : 0;
}

static curl_socket_t on_socket(void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct http_client *client = user;
	char text[INET6_ADDRSTRLEN] = "unix socket";
	const void *binary = NULL;
	int fd;

	(void)purpose;
	if (address->family == AF_INET)
		binary = &((const struct sockaddr_in *)(const void *)&address->addr)->sin_addr;
	else if (address->family == AF_INET6)
		binary = &((const struct sockaddr_in6 *)(const void *)&address->addr)->sin6_addr;
	if (binary)
		(void)inet_ntop(address->family, binary, text, sizeof(text));
	client->connected = false;
	enter(client, PHASE_CONNECT, text);
	fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
	client->lacks_resources = fd < 0 && errno != EAFNOSUPPORT;
	return fd;
}

static CURLcode on_tls(CURL *curl, void *context, void *user)
{
	struct http_client *client = user;

	(void)curl;
	(void)context;
	enter(client, PHASE_TLS, "handshake");
	return CURLE_OK;
}

/* libcurl 7.61 has no other way to say that a request has gone out. */
/* NOLINTNEXTLINE(readability-non-const-parameter): libcurl's prototype */
static int on_debug(CURL *curl, curl_infotype type, char *data, size_t size, void *user)
{
	struct http_client *client = user;

	(void)curl;
	(void)data;
	(void)size;
	if (type == CURLINFO_HEADER_OUT && !client->connected) {
		client->connected = true;
		enter(client, client->request_phase, client->what);
	}
	return 0;
}

static void global_init_once(void)
{
	(void)curl_global_init(CURL_GLOBAL_DEFAULT);
}

/* A redirect never leads from https to http: before 7.83 libcurl sends the token there. */
static int set_protocols(CURL *curl, bool tls)
{
#if LIBCURL_VERSION_NUM >= 0x075500
	return curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https") ||
	       curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, tls ? "https" : "http,https");
#else
	return curl_easy_setopt(curl, CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS) ||
	       curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS,
				tls ? CURLPROTO_HTTPS : CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
}

static int set_callbacks(struct http_client *client)
{
	CURL *curl = client->curl;

	/* Not every TLS library behind libcurl has a context to call back with. */
	(void)curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, on_tls);
	(void)curl_easy_setopt(curl, CURLOPT_SSL_CTX_DATA, client);
	return curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body) ||
	       curl_easy_setopt(curl, CURLOPT_WRITEDATA, client) ||
	       curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header) ||
	       curl_easy_setopt(curl, CURLOPT_HEADERDATA, client) ||
	       curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, on_socket) ||
	       curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, client) ||
	       curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, on_debug) ||
	       curl_easy_setopt(curl, CURLOPT_DEBUGDATA, client) ||
	       curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L) ||
	       curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, client->error_text);
}

static int set_transport(struct http_client *client, const struct http_options *options)
{
	CURL *curl = client->curl;
	long family = options->ipv4 ? CURL_IPRESOLVE_V4
				    : (options->ipv6 ? CURL_IPRESOLVE_V6 : CURL_IPRESOLVE_WHATEVER);

#if LIBCURL_VERSION_NUM >= 0x074000
	(void)curl_easy_setopt(curl, CURLOPT_HTTP09_ALLOWED, 0L);
#endif
	return set_protocols(curl, client->url->tls) ||
	       curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) ||
	       curl_easy_setopt(curl, CURLOPT_PROXY, "") ||
	       curl_easy_setopt(curl, CURLOPT_NOPROXY, "*") ||
	       curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) ||
	       curl_easy_setopt(curl, CURLOPT_IPRESOLVE, family) ||
	       curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION,
				options->max_redirects > 0 ? 1L : 0L) ||
	       curl_easy_setopt(curl, CURLOPT_MAXREDIRS, (long)options->max_redirects) ||
	       curl_easy_setopt(curl, CURLOPT_POSTREDIR, (long)CURL_REDIR_POST_ALL) ||
	       curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, options->unix_socket) ||
	       curl_easy_setopt(curl, CURLOPT_CONNECT_TO, client->connect_to) ||
	       curl_easy_setopt(curl, CURLOPT_USERAGENT, PACKAGE_NAME "/" PACKAGE_VERSION);
}

static int set_tls(struct http_client *client, const struct http_options *options)
{
	CURL *curl = client->curl;

	/* Either option replaces both of the system's places, which libcurl has built in. */
	bool own_trust = options->cacert || options->capath;

	/* An empty passphrase: OpenSSL would ask the terminal for the one of an encrypted key. */
	return curl_easy_setopt(curl, CURLOPT_KEYPASSWD, "") ||
	       (own_trust && curl_easy_setopt(curl, CURLOPT_CAINFO, options->cacert)) ||
	       (own_trust && curl_easy_setopt(curl, CURLOPT_CAPATH, options->capath)) ||
	       (options->cert && curl_easy_setopt(curl, CURLOPT_SSLCERT, options->cert)) ||
	       (options->key && curl_easy_setopt(curl, CURLOPT_SSLKEY, options->key)) ||
	       curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, options->insecure ? 0L : 1L) ||
	       curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, options->insecure ? 0L : 2L) ||
	       curl_easy_setopt(curl, CURLOPT_CERTINFO, 1L);
}

static int append(struct curl_slist **list, const char *text)
{
	struct curl_slist *longer = curl_slist_append(*list, text);

	if (!longer)
		return -ENOMEM;
	*list = longer;
	return 0;
}

/* --server-name: the URL gets the name, and a connect-to rule leads back to the URL's host. */
static int make_base(struct http_client *client, const struct http_options *options)
{
	const struct url *url = client->url;
	const char *name = options->server_name ? options->server_name : url->host;
	char rule[800];

	(void)snprintf(client->base, sizeof(client->base), "%s://%s:%d%s",
		       url->tls ? "https" : "http", name, url->port, url->path);
	if (options->connect_to)
		return append(&client->connect_to, options->connect_to);
	if (!options->server_name)
		return 0;
	(void)snprintf(rule, sizeof(rule), "%s:%d:%s:%d", name, url->port, url->host, url->port);
	return append(&client->connect_to, rule);
}

int http_client_new(const struct url *url, const struct http_options *options,
		    struct progress *progress, struct http_client **ret, struct error *error)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	cleanup_(http_client_cleanup) struct http_client *client = NULL;
	int r = http_options_check_files(options, error);

	if (r < 0)
		return r;
	(void)pthread_once(&once, global_init_once);
	client = calloc(1, sizeof(*client));
	if (!client)
		return error_set(error, ENOMEM, "out of memory");
	client->url = url;
	client->progress = progress;
	client->uses_certificate = options->cert != NULL;
	http_name_to_resolve(options, url, client->name, sizeof(client->name));
	client->body.limit = HTTP_BODY_MAX;
	client->answer_headers.limit = HTTP_HEADERS_MAX;
	client->curl = curl_easy_init();
	if (!client->curl || make_base(client, options) < 0 || set_callbacks(client) ||
	    set_transport(client, options) || set_tls(client, options))
		return error_set(error, ENOMEM,
				 "libcurl cannot be set up: out of memory, or built "
				 "without what is needed");
	*ret = TAKE_PTR(client);
	return 0;
}

static void headers_cleanup(struct curl_slist **headers)
{
	for (struct curl_slist *item = *headers; item; item = item->next)
		explicit_bzero(item->data, strlen(item->data));
	curl_slist_free_all(*headers);
	*headers = NULL;
}

struct http_client *http_client_free(struct http_client *client)
{
	if (!client)
		return NULL;
	curl_easy_cleanup(client->curl);
	curl_slist_free_all(client->connect_to);
	mask_remove(client->secret);
	secret_cleanup(&client->authorization);
	buffer_done(&client->body);
	buffer_done(&client->answer_headers);
	free(client);
	return NULL;
}

void http_client_cleanup(struct http_client **client)
{
	*client = http_client_free(*client);
}

int http_client_authorize(struct http_client *client, const char *scheme, const char *secret)
{
	if (asprintf(&client->authorization, "Authorization: %s %s", scheme, secret) < 0) {
		client->authorization = NULL;
		return -ENOMEM;
	}
	client->secret = client->authorization + strlen(client->authorization) - strlen(secret);
	mask_add(client->secret);
	return 0;
}

static char *base64(const char *text)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
	size_t length = strlen(text);
	char *encoded = malloc(length / 3 * 4 + 5);
	char *out = encoded;

	for (size_t i = 0; encoded && i < length; i += 3) {
		size_t n = length - i < 3 ? length - i : 3;
		unsigned int bits = 0;

		for (size_t k = 0; k < 3; k++)
			bits = bits << 8 | (k < n ? (unsigned char)text[i + k] : 0);
		*out++ = digits[bits >> 18];
		*out++ = digits[bits >> 12 & 63];
		*out++ = digits[n > 1 ? bits >> 6 & 63 : 64];
		*out++ = digits[n > 2 ? bits & 63 : 64];
	}
	if (encoded)
		*out = '\0';
	return encoded;
}

int http_client_login(struct http_client *client, const char *user, const char *password)
{
	cleanup_(secret_cleanup) char *encoded = NULL;
	cleanup_(secret_cleanup) char *plain = NULL;

	if (asprintf(&plain, "%s:%s", user, password ? password : "") < 0) {
		plain = NULL;
		return -ENOMEM;
	}
	encoded = base64(plain);
	return encoded ? http_client_authorize(client, "Basic", encoded) : -ENOMEM;
}

/* No "Expect: 100-continue": a probe's body is small, and servers stall on it. */
static int make_headers(const struct http_client *client, const struct http_request *request,
			struct curl_slist **ret)
{
	char type[96];

	(void)snprintf(type, sizeof(type), "Content-Type: %s",
		       request->content_type ? request->content_type : "");
	if (append(ret, "Expect:") < 0 ||
	    (client->authorization && append(ret, client->authorization) < 0) ||
	    (request->content_type && append(ret, type) < 0))
		return -ENOMEM;
	return 0;
}

static int prepare(struct http_client *client, const struct http_request *request,
		   struct curl_slist *headers, int64_t left_ms)
{
	cleanup_(free_cleanup) char *url = NULL;
	CURL *curl = client->curl;

	if (asprintf(&url, "%s%s", client->base, request->path) < 0) {
		url = NULL;
		return -ENOMEM;
	}
	if (request->body) {
		(void)curl_easy_setopt(curl, CURLOPT_POST, 1L);
		(void)curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)strlen(request->body));
		(void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body);
	} else {
		(void)curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
	}
	(void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	(void)curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)left_ms);
	return curl_easy_setopt(curl, CURLOPT_URL, url) ? -ENOMEM : 0;
}

/* The first step, before libcurl calls back: what will block first. */
static void enter_first(struct http_client *client)
{
	if (client->connected)
		enter(client, client->request_phase, client->what);
	else if (client->name[0])
		enter(client, PHASE_RESOLVE, client->name);
	else
		client->phase = PHASE_CONNECT;
}

static void note_certificate(struct http_client *client)
{
	double days;

	if (http_cert_days(client->curl, &days)) {
		client->cert_days = days;
		client->has_cert_days = true;
	}
}

static void note_failure(struct http_client *client, CURLcode code, struct http_answer *ret)
{
	const char *text = client->error_text[0] ? client->error_text : curl_easy_strerror(code);

	ret->phase = client->phase;
	ret->reason = http_failure_reason(client->curl, code, client->phase, client->error_text);
	if (client->lacks_resources)
		ret->reason = REASON_INTERNAL_ERROR;
	/* A server that refuses our certificate resets; its alert is often overtaken by that. */
	if (client->uses_certificate &&
	    (ret->reason == REASON_TLS_FAILED || code == CURLE_SEND_ERROR))
		ret->reason = REASON_AUTH_DENIED;
	escape_format(ret->detail, sizeof(ret->detail), "%s", text);
	client->connected = false;
	progress_leave(client->progress, "%s", ret->detail);
}

static void note_answer(struct http_client *client, struct http_answer *ret)
{
	(void)curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &ret->status);
	ret->reason = REASON_OK;
	ret->phase = client->phase;
	ret->body_length = client->body.length;
	ret->body = TAKE_PTR(client->body.data);
	ret->headers_length = client->answer_headers.length;
	ret->headers = TAKE_PTR(client->answer_headers.data);
	progress_leave(client->progress, "%ld", ret->status);
}

int http_perform(struct http_client *client, const struct http_request *request,
		 struct deadline deadline, struct http_answer *ret)
{
	cleanup_(headers_cleanup) struct curl_slist *headers = NULL;
	int64_t began_us = monotonic_us();
	int64_t left_ms = deadline_left_ms(deadline);
	CURLcode code;
	int r;

	*ret = (struct http_answer){.reason = REASON_TIMEOUT, .phase = request->phase};
	if (left_ms == 0) { /* which libcurl would take for no limit */
		progress_enter(client->progress, request->phase, "%s", request->what);
		progress_leave(client->progress, "no time left");
		return 0;
	}
	client->what = request->what;
	client->request_phase = request->phase;
	client->error_text[0] = '\0';
	client->lacks_resources = false;
	buffer_done(&client->body);
	buffer_done(&client->answer_headers);
	r = make_headers(client, request, &headers);
	if (r == 0)
		r = prepare(client, request, headers, left_ms);
	if (r < 0)
		return r;
	enter_first(client);
	code = curl_easy_perform(client->curl);
	note_certificate(client);
	if (code == CURLE_OK)
		note_answer(client, ret);
	else
		note_failure(client, code, ret);
	ret->duration_us = monotonic_us() - began_us;
	return 0;
}

void http_answer_done(struct http_answer *answer)
{
	free(answer->body);
	free(answer->headers);
	*answer = (struct http_answer){0};
}

void http_answer_header(const struct http_answer *answer, const char *name, char *buffer,
			size_t size)
{
	size_t length = strlen(name);
	const char *line = answer->headers;

	buffer[0] = '\0';
	while (line && *line) {
		size_t end = strcspn(line, "\r\n");

		if (end > length && line[length] == ':' && strncasecmp(line, name, length) == 0) {
			const char *value = line + length + 1;

			value += strspn(value, " \t");
			escape_text(buffer, size, value, (size_t)(line + end - value));
			return;
		}
		line += end;
		line += strspn(line, "\r\n");
	}
}

bool http_client_cert_days(const struct http_client *client, double *ret_days)
{
	*ret_days = client->cert_days;
	return client->has_cert_days;
}
