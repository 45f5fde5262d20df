#include "CTestSupport.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>

int test_exchange_paths(const char *left, const char *right) {
    return renameat2(AT_FDCWD, left, AT_FDCWD, right, RENAME_EXCHANGE);
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
