#include "CTestSupport.h"

#include <fcntl.h>
#include <stdio.h>

int test_exchange_paths(const char *left, const char *right) {
    return renameat2(AT_FDCWD, left, AT_FDCWD, right, RENAME_EXCHANGE);
}
