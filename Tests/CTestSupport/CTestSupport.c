#include "CTestSupport.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int test_exchange_paths(const char *left, const char *right) {
    return renameat2(AT_FDCWD, left, AT_FDCWD, right, RENAME_EXCHANGE);
}

int test_set_times(const char *path, long long seconds, long nanoseconds) {
    struct timespec time = {.tv_sec = seconds, .tv_nsec = nanoseconds};
    struct timespec times[2] = {time, time};
    return utimensat(AT_FDCWD, path, times, 0);
}

int test_enter_mount_namespace(int descriptor) {
    // A thread that shares its working directory with others cannot change the namespace.
    if (unshare(CLONE_FS) != 0) return -1;
    return setns(descriptor, CLONE_NEWNS);
}

int test_mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data) {
    return mount(source, target, type, flags, data);
}

int test_unmount(const char *target, int flags) { return umount2(target, flags); }

const unsigned long test_mount_bind = MS_BIND, test_mount_read_only = MS_RDONLY, test_mount_remount = MS_REMOUNT;
const int test_unmount_lazily = MNT_DETACH;

int test_start_mount_guardian(const char *target) {
    pid_t child = fork();
    if (child != 0) return child;
    // Only calls that are safe in the child of a process with threads (signal-safety(7)).
    sigset_t signals;
    sigfillset(&signals);
    sigprocmask(SIG_SETMASK, &signals, NULL);
    // The child must not keep the server's end of the file system open, nor a pipe that somebody reads to its end.
    syscall(SYS_close_range, 0, ~0U, 0);
    prctl(PR_SET_NAME, "mount-guardian", 0, 0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    int signal;
    sigwait(&signals, &signal);
    umount2(target, MNT_FORCE);
    umount2(target, MNT_DETACH);
    _exit(0);
}

int test_io_priority(int thread) { return (int)syscall(SYS_ioprio_get, 1, thread); }

int test_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_CLOEXEC); }
