#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <malloc.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if __has_include(<linux/openat2.h>) && defined(SYS_openat2)
#include <linux/openat2.h>
#define HAS_OPENAT2 1
#endif

const int linux_at_empty_path = AT_EMPTY_PATH;
const int linux_o_path = O_PATH;
const int linux_o_tmpfile = O_TMPFILE;

// linux/fs.h: RWF_DONTCACHE.
#define READ_WITHOUT_CACHING 0x00000080

static int64_t nanoseconds(struct statx_timestamp time) {
    int64_t result;
    if (__builtin_mul_overflow(time.tv_sec, (int64_t)1000000000, &result)
        || __builtin_add_overflow(result, (int64_t)time.tv_nsec, &result)) {
        return time.tv_sec < 0 ? INT64_MIN + 1 : INT64_MAX;
    }
    return result;
}

int linux_file_status_at(int directory, const char *name, int flags, struct linux_file_status *status) {
    struct statx raw;
    int result = statx(directory, name, flags, STATX_BASIC_STATS | STATX_BTIME, &raw);
    if (result != 0) return result;
    status->inode = raw.stx_ino;
    status->device = ((uint64_t)raw.stx_dev_major << 32) | raw.stx_dev_minor;
    // A hostile file system may answer anything; no file is longer than this.
    status->size = raw.stx_size > INT64_MAX ? INT64_MAX : (int64_t)raw.stx_size;
    status->modified_ns = nanoseconds(raw.stx_mtime);
    status->changed_ns = nanoseconds(raw.stx_ctime);
    status->born_ns = (raw.stx_mask & STATX_BTIME) ? nanoseconds(raw.stx_btime) : INT64_MIN;
    status->mode = raw.stx_mode;
    status->links = raw.stx_nlink;
    status->owner = raw.stx_uid;
    status->group = raw.stx_gid;
    return 0;
}

int linux_open_within_mount(int directory, const char *name, int flags) {
#ifdef HAS_OPENAT2
    struct open_how how = {.flags = (uint64_t)flags, .resolve = RESOLVE_NO_XDEV};
    int descriptor = (int)syscall(SYS_openat2, directory, name, &how, sizeof how);
    // A filter of system calls says EPERM for what it does not know.
    if (descriptor >= 0 || (errno != ENOSYS && errno != EPERM)) return descriptor;
#endif
    return openat(directory, name, flags);
}

ssize_t linux_directory_entries(int directory, void *buffer, size_t size) {
    // Not getdents64(3), which takes no more than INT_MAX bytes and is as new as glibc 2.30.
    return syscall(SYS_getdents64, directory, buffer, size);
}

ssize_t linux_read_at(int descriptor, void *buffer, size_t count, int64_t offset, int uncached) {
    if (!uncached) return pread(descriptor, buffer, count, offset);
    struct iovec vector = {.iov_base = buffer, .iov_len = count};
    return preadv2(descriptor, &vector, 1, offset, READ_WITHOUT_CACHING);
}

int linux_make_thread_idle(void) {
    // linux/ioprio.h: IOPRIO_WHO_PROCESS = 1, IOPRIO_CLASS_IDLE = 3 in the upper bits.
    int failed = 0;
    struct sched_param parameters = {.sched_priority = 0};
    int thread = linux_thread_id();
    failed |= setpriority(PRIO_PROCESS, (id_t)thread, 19);
    failed |= sched_setscheduler(thread, SCHED_IDLE, &parameters);
    failed |= (int)syscall(SYS_ioprio_set, 1, thread, 3 << 13);
    return failed ? -1 : 0;
}

int linux_make_idle_thread_normal(int thread) {
    struct sched_param parameters = {.sched_priority = 0};
    if (sched_getscheduler(thread) != SCHED_IDLE) return 0;
    if (sched_setscheduler(thread, SCHED_OTHER, &parameters) != 0) return -1;
    return setpriority(PRIO_PROCESS, (id_t)thread, 0);
}

int linux_name_thread(const char *name) { return prctl(PR_SET_NAME, name, 0, 0, 0); }

int linux_thread_id(void) { return (int)syscall(SYS_gettid); }

void linux_trim_heap(void) { malloc_trim(0); }

void linux_limit_heap_arenas(int count) { mallopt(M_ARENA_MAX, count); }

int linux_accept(int listening) { return accept4(listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK); }

int linux_peer_credentials(int socket, int32_t *process, uint32_t *user, uint32_t *group) {
    struct ucred credentials;
    socklen_t length = sizeof credentials;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) return -1;
    *process = credentials.pid;
    *user = credentials.uid;
    *group = credentials.gid;
    return 0;
}

int64_t linux_file_system_type(int descriptor) {
    struct statfs status;
    if (fstatfs(descriptor, &status) != 0) return -1;
    return (int64_t)(uint32_t)status.f_type;
}

int linux_file_system_fsid(int descriptor, uint64_t *fsid) {
    struct statfs status;
    if (fstatfs(descriptor, &status) != 0) return -1;
    memcpy(fsid, &status.f_fsid, sizeof *fsid);
    return 0;
}

int linux_file_system_uuid(int descriptor, uint8_t uuid[16]) {
    // linux/fs.h since 6.9: struct fsuuid2 { __u8 len; __u8 uuid[16]; }, _IOR(0x15, 0, struct fsuuid2).
    struct { uint8_t length; uint8_t bytes[16]; } answer = {0};
    if (ioctl(descriptor, _IOR(0x15, 0, answer), &answer) != 0) return -1;
    if (answer.length > 16) { errno = EINVAL; return -1; }
    memcpy(uuid, answer.bytes, answer.length);
    return answer.length;
}

int linux_take_read_lease(int descriptor) { return fcntl(descriptor, F_SETLEASE, F_RDLCK); }

void linux_end_lease(int descriptor) { fcntl(descriptor, F_SETLEASE, F_UNLCK); }

int linux_rename_without_replacing(int directory, const char *old, const char *new_name) {
    return renameat2(directory, old, directory, new_name, RENAME_NOREPLACE);
}
