// Compressing several equally long inputs at once; what BLAKE3.c and the functions for one kind of CPU share.
#pragma once

#include "CDigests.h"

/// Section 2.2, table 3.
enum { CHUNK_START = 1, CHUNK_END = 2, PARENT = 4, ROOT = 8 };

/// Equally long inputs of whole blocks, each with a chaining value of its own: chunks, or parents of pairs.
struct inputs {
    const uint8_t *bytes;
    size_t stride;          // bytes from the begin of one input to that of the next
    size_t blocks;          // in each input
    uint64_t counter;       // of the first input ...
    uint64_t counter_step;  // ... and how much more for each that follows
    uint32_t flags, first_flags, last_flags;  // of every block; also of the first, and of the last one
};

static const uint32_t initial_value[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                          0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

/// Which word of the message each round takes, in order: section 2.2, table 2, applied again and again.
static const uint8_t schedule[7][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8},
    {3, 4, 10, 12, 13, 2, 7, 14, 6, 5, 9, 0, 11, 15, 8, 1}, {10, 7, 12, 9, 14, 3, 13, 15, 4, 0, 11, 2, 5, 8, 1, 6},
    {12, 13, 9, 11, 15, 10, 14, 8, 7, 2, 5, 3, 0, 1, 6, 4}, {9, 14, 11, 5, 8, 12, 15, 1, 13, 3, 0, 10, 2, 6, 4, 7},
    {11, 15, 5, 0, 1, 9, 8, 6, 14, 10, 2, 12, 3, 4, 7, 13}};

#define ROTATE_RIGHT(x, n) (((x) >> (n)) | ((x) << (32 - (n))))

/// The quarter round (section 2.2, figure 2), for words and vectors of words alike.
#define MIX(v, a, b, c, d, x, y)             \
    do {                                     \
        v[a] += v[b] + (x);                  \
        v[d] = ROTATE_RIGHT(v[d] ^ v[a], 16); \
        v[c] += v[d];                        \
        v[b] = ROTATE_RIGHT(v[b] ^ v[c], 12); \
        v[a] += v[b] + (y);                  \
        v[d] = ROTATE_RIGHT(v[d] ^ v[a], 8);  \
        v[c] += v[d];                        \
        v[b] = ROTATE_RIGHT(v[b] ^ v[c], 7);  \
    } while (0)

/// One round: the columns of the 4 by 4 words, then the diagonals.
#define MIX_ALL(v, m, s)                              \
    do {                                              \
        MIX(v, 0, 4, 8, 12, m[s[0]], m[s[1]]);        \
        MIX(v, 1, 5, 9, 13, m[s[2]], m[s[3]]);        \
        MIX(v, 2, 6, 10, 14, m[s[4]], m[s[5]]);       \
        MIX(v, 3, 7, 11, 15, m[s[6]], m[s[7]]);       \
        MIX(v, 0, 5, 10, 15, m[s[8]], m[s[9]]);       \
        MIX(v, 1, 6, 11, 12, m[s[10]], m[s[11]]);     \
        MIX(v, 2, 7, 8, 13, m[s[12]], m[s[13]]);      \
        MIX(v, 3, 4, 9, 14, m[s[14]], m[s[15]]);      \
    } while (0)

/// Writes the chaining values of 4 inputs, 32 bytes each; needs SSE4.1.
void blake3_compress_4(const struct inputs *inputs, uint8_t *values);

/// Writes the chaining values of 8 inputs, 32 bytes each; needs AVX2.
void blake3_compress_8(const struct inputs *inputs, uint8_t *values);
