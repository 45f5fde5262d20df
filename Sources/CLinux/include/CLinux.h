// System calls and constants that Swift's Glibc module does not show, because the header needs
// _GNU_SOURCE, the function is variadic, or Glibc has no wrapper at all.
// Every function follows the system call's own convention: -1 and errno on failure.
#pragma once

#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/statfs.h>
#include <sys/types.h>
#include <sys/uio.h>

/// The parts of `struct statx` that kikod uses, in nanoseconds since 1970.
/// Times beyond what 64 bits of nanoseconds hold saturate.
struct linux_file_status {
    uint64_t inode;
    uint64_t device;
    int64_t size;
    int64_t modified_ns;
    int64_t changed_ns;
    int64_t born_ns;  // INT64_MIN where the file system keeps no birth time
    uint32_t mode;
    uint32_t links;
    uint32_t owner;
    uint32_t group;
};

/// statx(2) below a directory descriptor; flags are AT_* values. An empty name with
/// `linux_at_empty_path` asks about the descriptor itself.
int linux_file_status_at(int directory, const char *name, int flags, struct linux_file_status *status);

extern const int linux_at_empty_path;
extern const int linux_o_path;
extern const int linux_o_tmpfile;

/// openat2(2) with RESOLVE_NO_XDEV: -1 with errno EXDEV where the way leads into another mount, which is asked nothing.
/// Where the call is not to be had (before Linux 5.6, or forbidden) it is openat(2).
int linux_open_within_mount(int directory, const char *name, int flags);

/// renameat2(2) in one directory with RENAME_NOREPLACE: -1 with errno EEXIST where something has the new name.
int linux_rename_without_replacing(int directory, const char *old, const char *new_name);

/// getdents64(2): the next entries of an open directory; their bytes, 0 at the end.
ssize_t linux_directory_entries(int directory, void *buffer, size_t size);

/// preadv2(2) with one buffer; `uncached` asks for RWF_DONTCACHE (kernel 6.14 and later).
ssize_t linux_read_at(int descriptor, void *buffer, size_t count, int64_t offset, int uncached);

/// Moves the calling thread to SCHED_IDLE, nice 19 and the idle I/O class; 0 when all three took effect.
int linux_make_thread_idle(void);

/// Moves a thread of the idle class to SCHED_OTHER and nice 0, which takes CAP_SYS_NICE or RLIMIT_NICE; leaves others alone.
int linux_make_idle_thread_normal(int thread);

/// A read lease on a file that is open for reading (fcntl(2), F_SETLEASE); -1 with errno EAGAIN while it has a writer.
int linux_take_read_lease(int descriptor);
/// Gives a lease back.
void linux_end_lease(int descriptor);

/// Names the calling thread (at most 15 bytes are kept).
int linux_name_thread(const char *name);

/// The kernel's id of the calling thread.
int linux_thread_id(void);

/// Sleeps while `*word` is `expected`, until somebody wakes it or CLOCK_MONOTONIC reaches `deadline_ns` (INT64_MAX: never);
/// may also wake for no reason (futex(2)).
int linux_futex_wait(const uint32_t *word, uint32_t expected, int64_t deadline_ns);

/// Wakes everybody who sleeps on `word`.
void linux_futex_wake_all(const uint32_t *word);

/// Gives unused heap pages back to the kernel.
void linux_trim_heap(void);

/// Limits the number of malloc arenas, which otherwise grow with the number of threads.
void linux_limit_heap_arenas(int count);

/// accept4(2) without the peer's address: the connection does not block and is closed at exec(3).
int linux_accept(int listening);

/// Peer of a connected Unix socket (SO_PEERCRED).
int linux_peer_credentials(int socket, int32_t *process, uint32_t *user, uint32_t *group);

/// f_type of the file system below an open descriptor, -1 on failure.
int64_t linux_file_system_type(int descriptor);

/// f_fsid of the file system below an open descriptor as 64 bits.
int linux_file_system_fsid(int descriptor, uint64_t *fsid);

/// FS_IOC_GETFSUUID (kernel 6.9 and later): the file system's UUID, at most 16 bytes; its length, or -1.
int linux_file_system_uuid(int descriptor, uint8_t uuid[16]);

/// timerfd_create(2) on CLOCK_REALTIME: non-blocking, closed at exec(3), not armed.
int linux_make_clock_timer(void);

/// Arms such a timer for the end of time, so that only setting the clock ends it: read(2) then gives ECANCELED.
int linux_arm_clock_timer(int timer);
