// libmicrohttpd's functions that take variable arguments, and those whose names changed between 0.9.75 and 1.0,
// as functions that Swift can call. The engine is always one thread with epoll for each listening socket.
#pragma once

#include <microhttpd.h>

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
    size_t length = 0;
    while (text[length] != 0) length += 1;
    return length;
}

/// Starts an engine on a listening socket that does not block; NULL on failure.
static inline struct MHD_Daemon *microhttpd_start(
    int listening_socket, struct microhttpd_limits limits, struct microhttpd_callbacks callbacks, void *context) {
    // The logger comes first, so that it also hears of faults in the options.
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC | MHD_USE_ERROR_LOG, 0,
        NULL, NULL, callbacks.handle, context,
        MHD_OPTION_EXTERNAL_LOGGER, callbacks.log, context,
        MHD_OPTION_LISTEN_SOCKET, listening_socket,
        MHD_OPTION_CONNECTION_LIMIT, limits.connections,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, limits.connection_memory,
        MHD_OPTION_CONNECTION_TIMEOUT, limits.idle_seconds,
        MHD_OPTION_URI_LOG_CALLBACK, callbacks.begin, context,
        MHD_OPTION_UNESCAPE_CALLBACK, microhttpd_leave_escaped, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, callbacks.complete, context,
        MHD_OPTION_NOTIFY_CONNECTION, callbacks.notify, context,
        MHD_OPTION_END);
}

/// The socket of a connection, or -1.
static inline int microhttpd_socket(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *information = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return information == NULL ? -1 : information->connect_fd;
}

/// A response with a copy of these bytes.
static inline struct MHD_Response *microhttpd_response_copying(const void *bytes, size_t count) {
    // The parameter is not const before 1.0, though the bytes are only read.
    return MHD_create_response_from_buffer(count, (void *)bytes, MHD_RESPMEM_MUST_COPY);
}
