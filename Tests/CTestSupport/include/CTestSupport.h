// System calls that only tests make and that Swift's Glibc module does not show.
// Every function follows the system call's own convention: -1 and errno on failure.
#pragma once

#include <linux/fuse.h>

/// renameat2(2) with RENAME_EXCHANGE: what lies at the two paths changes places in one step.
int test_exchange_paths(const char *left, const char *right);

/// utimensat(2): both times, in seconds since 1970 and the nanoseconds above them.
int test_set_times(const char *path, long long seconds, long nanoseconds);

/// Moves the calling thread, and it alone, to the mount namespace of an open /proc/PID/ns/mnt (setns(2)).
int test_enter_mount_namespace(int descriptor);

/// mount(2); `type` and `data` may be null.
int test_mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data);

/// umount2(2).
int test_unmount(const char *target, int flags);

/// Flags of mount(2) and umount2(2).
extern const unsigned long test_mount_bind, test_mount_read_only, test_mount_remount;
extern const int test_unmount_lazily;

/// Starts a process that takes a mount away, with all that anybody waits for there, when it gets SIGTERM or the calling
/// thread ends, however that comes. Answers its number.
///
/// Without it, a process that serves a file system and is killed while it waits for that itself would stay for ever.
int test_start_mount_guardian(const char *target);

/// ioprio_get(2) of a thread.
int test_io_priority(int thread);

/// accept4(2) with SOCK_CLOEXEC: a connection that no program started meanwhile inherits.
int test_accept(int listener);
