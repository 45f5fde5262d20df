// libmicrohttpd's functions that take variable arguments, and those whose names changed between 0.9.75 and 1.0,
// as functions that Swift can call. The engine always uses epoll, on a thread of its caller.
#pragma once

#include <microhttpd.h>
#include <poll.h>
#include <string.h>

/// What a server needs of the engine besides its callbacks.
struct microhttpd_limits {
    /// Bytes of memory a connection, which hold the request line, the headers and the output buffer.
    size_t connection_memory;
    unsigned int connections;
    /// Seconds without progress after which a connection is closed; suspended ones are exempt.
    unsigned int idle_seconds;
};

/// The functions that the engine calls, all with the same context.
struct microhttpd_callbacks {
    MHD_NotifyConnectionCallback notify;
    void *(*begin)(void *context, const char *target, struct MHD_Connection *connection);
    MHD_AccessHandlerCallback handle;
    MHD_RequestCompletedCallback complete;
    void (*log)(void *context, const char *format, va_list arguments);
};

/// Leaves percent-encoding as it is: the target is decoded from the raw text, where `%2F` and `/` still differ.
static inline size_t microhttpd_leave_escaped(void *context, struct MHD_Connection *connection, char *text) {
    (void)context;
    (void)connection;
    return strlen(text);
}

/// True when a target holds a NUL character, where its text seems to end. To be asked when the engine begins a request.
static inline int microhttpd_target_has_nul(const char *target) {
#if MHD_VERSION < 0x01000000
    // What follows the target's end in the engine's buffer is the version, which the engine has checked.
    return strncmp(target + strlen(target) + 1, "HTTP/", 5) != 0;
#else
    // The engine refuses such a request itself.
    (void)target;
    return 0;
#endif
}

/// Keeps the engine from parsing a query of its own: for each parameter it takes some of the connection's memory, and
/// before 1.0 a request for which that did not suffice was left without an answer. To be called when the engine begins
/// a request, by whoever has copied the target.
static inline void microhttpd_drop_query(const char *target) {
#if MHD_VERSION < 0x01000000
    // A buffer of the engine, which it writes to as well.
    char *query = strchr((char *)target, '?');
    if (query != NULL && query[1] != 0) query[1] = 0;
#else
    (void)target;
#endif
}

/// Sets up an engine without connections; NULL on failure. It does nothing but in MHD_run.
static inline struct MHD_Daemon *microhttpd_start(
    struct microhttpd_limits limits, struct microhttpd_callbacks callbacks, void *context) {
    // The logger comes first, so that it also hears of faults in the options.
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC | MHD_USE_ERROR_LOG, 0,
        NULL, NULL, callbacks.handle, context,
        MHD_OPTION_EXTERNAL_LOGGER, callbacks.log, context,
        MHD_OPTION_CONNECTION_LIMIT, limits.connections,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, limits.connection_memory,
        MHD_OPTION_CONNECTION_TIMEOUT, limits.idle_seconds,
        MHD_OPTION_URI_LOG_CALLBACK, callbacks.begin, context,
        MHD_OPTION_UNESCAPE_CALLBACK, microhttpd_leave_escaped, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, callbacks.complete, context,
        MHD_OPTION_NOTIFY_CONNECTION, callbacks.notify, context,
        MHD_OPTION_END);
}

/// Gives the engine a connection, which it closes also when it refuses it; on the thread that calls MHD_run.
static inline enum MHD_Result microhttpd_add(struct MHD_Daemon *daemon, int connection, int family) {
    // The engine only wants to know what kind of socket it is.
    struct sockaddr address = {.sa_family = (sa_family_t)family};
    return MHD_add_connection(daemon, connection, &address, sizeof address);
}

/// Waits until the engine has something to do or a descriptor is readable, but no longer than so many milliseconds (-1:
/// without end); true when `waking` is readable. A descriptor of -1 is none.
static inline int microhttpd_wait(struct MHD_Daemon *daemon, int waking, int listening, int milliseconds) {
    const union MHD_DaemonInfo *information = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
    struct pollfd descriptors[] = {
        {.fd = waking, .events = POLLIN},
        {.fd = listening, .events = POLLIN},
        {.fd = information == NULL ? -1 : information->epoll_fd, .events = POLLIN},
    };
    MHD_UNSIGNED_LONG_LONG timeout;
    if (MHD_get_timeout(daemon, &timeout) == MHD_YES) {
        if (timeout == 0) return 0;
        if (timeout > 3600000) timeout = 3600000;
        if (milliseconds < 0 || (int)timeout < milliseconds) milliseconds = (int)timeout;
    }
    // Whatever ends it, an interruption too: the engine looks, and waits again.
    return poll(descriptors, 3, milliseconds) > 0 && descriptors[0].revents != 0;
}

/// The socket of a connection, or -1.
static inline int microhttpd_socket(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *information = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return information == NULL ? -1 : information->connect_fd;
}

/// Has a response sent without chunks: one whose length is not known ends with its connection.
static inline void microhttpd_response_unchunked(struct MHD_Response *response) {
    MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END);
}

/// A response with a copy of these bytes.
static inline struct MHD_Response *microhttpd_response_copying(const void *bytes, size_t count) {
    // The parameter is not const before 1.0, though the bytes are only read.
    return MHD_create_response_from_buffer(count, (void *)bytes, MHD_RESPMEM_MUST_COPY);
}
