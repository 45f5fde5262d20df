// Digests that a CPU computes faster when a program is written for it: SHA-256 on SHA instructions, of two
// streams at once, and BLAKE3 of several chunks at once. Nothing here allocates, locks or keeps anything.
//
// Sources: FIPS 180-4, "Secure Hash Standard" (2015); Intel, "Intel SHA Extensions: New Instructions
// Supporting the Secure Hash Algorithm on Intel Architecture Processors" (2013); O'Connor, Aumasson, Neves,
// Wilcox-O'Hearn, "BLAKE3: one function, fast everywhere" (the specification, 2021-11-25).
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// MARK: SHA-256

/// Whether this CPU has the instructions that the SHA-256 functions below are made of (x86-64 with SHA
/// and AVX). It asks the CPU anew each time, which is slow inside a virtual machine: remember the answer.
bool digests_has_sha256(void);

/// One SHA-256 under way (FIPS 180-4, section 6.2).
struct digests_sha256 {
    uint32_t state[8];
    uint64_t length;      // bytes so far; its 8-fold is taken modulo 2^64, as no more has a digest
    uint8_t pending[64];  // the first `length % 64` bytes are those that fill no block yet
};

/// Begins with the initial hash value of section 5.3.3.
void digests_sha256_begin(struct digests_sha256 *stream);

/// Takes the next bytes. MUST be called only where `digests_has_sha256` says yes, like the two functions below.
void digests_sha256_update(struct digests_sha256 *stream, const void *bytes, size_t count);

/// Takes the next bytes of two different streams, interleaved as far as both have whole blocks: one stream waits
/// for the result of each instruction, two fill each other's pauses. The bytes may overlap and need no alignment.
void digests_sha256_update_two(
    struct digests_sha256 *first, const void *first_bytes, size_t first_count,
    struct digests_sha256 *second, const void *second_bytes, size_t second_count);

/// Pads and writes the digest; the stream takes no more bytes after it.
void digests_sha256_finish(struct digests_sha256 *stream, uint8_t digest[32]);

// MARK: BLAKE3

/// How many chunks this CPU compresses at once: 8 with AVX2, 4 with SSE4.1, else 1.
unsigned digests_blake3_lanes(void);

/// One BLAKE3 under way, in its unkeyed mode (specification, section 2).
struct digests_blake3 {
    uint32_t chaining_value[8];    // of the chunk under way
    uint64_t chunk;                // its number
    uint32_t blocks;               // how many blocks of it are compressed
    uint32_t pending_count;        // bytes of it that are not; at least one once the chunk has begun
    uint8_t pending[64];
    unsigned lanes;
    unsigned depth;                // of the stack
    uint8_t stack[54 + 1][32];     // section 5.1.2; one more, as subtrees are merged only when the next one begins
};

/// Begins; `lanes` is at most so many chunks at once, and never more than the CPU has.
void digests_blake3_begin(struct digests_blake3 *hasher, unsigned lanes);

/// Takes the next bytes.
void digests_blake3_update(struct digests_blake3 *hasher, const void *bytes, size_t count);

/// Writes the digest of all bytes so far and changes nothing.
void digests_blake3_finish(const struct digests_blake3 *hasher, uint8_t digest[32]);
