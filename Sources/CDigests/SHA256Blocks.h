// The compression of whole 64-byte blocks; exists where `digests_has_sha256` says yes.
#pragma once

#include "CDigests.h"

/// Section 6.2.2 for `count` blocks of one stream.
void sha256_compress(uint32_t state[8], const uint8_t *bytes, size_t count);

/// The same for `count` blocks each of two streams, interleaved.
void sha256_compress_two(
    uint32_t first[8], const uint8_t *first_bytes, uint32_t second[8], const uint8_t *second_bytes, size_t count);
