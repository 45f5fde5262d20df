// System calls that only tests make and that Swift's Glibc module does not show.
// Every function follows the system call's own convention: -1 and errno on failure.
#pragma once

/// renameat2(2) with RENAME_EXCHANGE: what lies at the two paths changes places in one step.
int test_exchange_paths(const char *left, const char *right);
