#pragma once

#include <sqlite3.h>

// What Swift cannot see of sqlite3.h: variadic functions, and SQLITE_TRANSIENT, which is a cast of -1.

/// Binds a copy of the bytes as TEXT, whatever they are; a null pointer is the empty text, never NULL.
static inline int csqlite_bind_text(sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 count) {
    const char *text = bytes ? (const char *)bytes : "";
    return sqlite3_bind_text64(statement, index, text, count, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/// Binds a copy of the bytes as BLOB; a null pointer is the empty blob, never NULL.
static inline int csqlite_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 count) {
    return sqlite3_bind_blob64(statement, index, bytes ? bytes : "", count, SQLITE_TRANSIENT);
}

/// Has SQLite count no memory, for which every allocation of every connection would take one lock; before it is used.
static inline int csqlite_count_no_memory(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

/// sqlite3_db_config() for the options that take a number and tell the new value.
static inline int csqlite_configure(sqlite3 *database, int option, int value) {
    return sqlite3_db_config(database, option, value, (int *)0);
}
