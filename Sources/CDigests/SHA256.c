// SHA-256 streams: what lies around the compression of whole blocks.
#include <string.h>

#include "SHA256Blocks.h"

void digests_sha256_begin(struct digests_sha256 *stream) {
    static const uint32_t initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    memcpy(stream->state, initial, sizeof initial);
    stream->length = 0;
}

/// Bytes that are still to be taken.
struct rest {
    const uint8_t *bytes;
    size_t count;
};

/// Moves bytes into a block that has begun, and compresses it when it is full.
static struct rest complete_block(struct digests_sha256 *stream, struct rest rest) {
    size_t pending = stream->length % 64;
    if (pending == 0 || rest.count == 0) return rest;
    size_t taken = rest.count < 64 - pending ? rest.count : 64 - pending;
    memcpy(stream->pending + pending, rest.bytes, taken);
    stream->length += taken;
    if (pending + taken == 64) sha256_compress(stream->state, stream->pending, 1);
    return (struct rest){rest.bytes + taken, rest.count - taken};
}

/// What remains when so many blocks, which somebody else compresses, are taken.
static struct rest skip_blocks(struct digests_sha256 *stream, struct rest rest, size_t blocks) {
    stream->length += 64 * (uint64_t)blocks;
    return (struct rest){rest.bytes + 64 * blocks, rest.count - 64 * blocks};
}

/// Takes the rest of a stream that stands at the begin of a block.
static void take_rest(struct digests_sha256 *stream, struct rest rest) {
    if (rest.count >= 64) {
        size_t blocks = rest.count / 64;
        sha256_compress(stream->state, rest.bytes, blocks);
        rest = skip_blocks(stream, rest, blocks);
    }
    if (rest.count > 0) memcpy(stream->pending, rest.bytes, rest.count);
    stream->length += rest.count;
}

void digests_sha256_update(struct digests_sha256 *stream, const void *bytes, size_t count) {
    take_rest(stream, complete_block(stream, (struct rest){bytes, count}));
}

void digests_sha256_update_two(
    struct digests_sha256 *first, const void *first_bytes, size_t first_count,
    struct digests_sha256 *second, const void *second_bytes, size_t second_count) {
    struct rest a = complete_block(first, (struct rest){first_bytes, first_count});
    struct rest b = complete_block(second, (struct rest){second_bytes, second_count});
    size_t blocks = (a.count < b.count ? a.count : b.count) / 64;
    if (blocks > 0) {
        sha256_compress_two(first->state, a.bytes, second->state, b.bytes, blocks);
        a = skip_blocks(first, a, blocks);
        b = skip_blocks(second, b, blocks);
    }
    take_rest(first, a);
    take_rest(second, b);
}

static void store_big_endian(uint8_t *bytes, uint64_t value, size_t count) {
    for (size_t i = 0; i < count; i++) bytes[i] = (uint8_t)(value >> (8 * (count - 1 - i)));
}

// Section 5.1.1: a bit 1, zeros, the length in bits as the last 8 bytes of a block.
void digests_sha256_finish(struct digests_sha256 *stream, uint8_t digest[32]) {
    uint64_t bits = stream->length * 8;
    uint8_t padding[64 + 8] = {0x80};
    size_t pending = stream->length % 64;
    size_t count = (pending < 56 ? 56 : 56 + 64) - pending;
    store_big_endian(padding + count, bits, 8);
    digests_sha256_update(stream, padding, count + 8);
    for (int i = 0; i < 8; i++) store_big_endian(digest + 4 * i, stream->state[i], 4);
}
