// The tree of BLAKE3 and its compression one input at a time.
#include <string.h>

#include "BLAKE3Lanes.h"

enum { BLOCK = 64, CHUNK = 1024, VALUE = 32 };

/// So many chunks at most become one subtree in one go.
enum { SUBTREE_CHUNKS = 16 };

unsigned digests_blake3_lanes(void) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) return 8;
    if (__builtin_cpu_supports("sse4.1")) return 4;
#endif
    return 1;
}

// MARK: Compression

static uint32_t load_word(const uint8_t *bytes) {
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void store_value(uint8_t bytes[VALUE], const uint32_t value[8]) {
    for (int i = 0; i < VALUE; i++) bytes[i] = (uint8_t)(value[i / 4] >> (8 * (i % 4)));
}

/// Section 2.2, of whose 16 words only the first 8 are wanted: the next chaining value.
static void compress(
    uint32_t value[8], const uint8_t block[BLOCK], uint32_t count, uint64_t counter, uint32_t flags) {
    uint32_t m[16], v[16];
    for (int i = 0; i < 16; i++) m[i] = load_word(block + 4 * i);
    memcpy(v, value, 8 * sizeof *v);
    memcpy(v + 8, initial_value, 4 * sizeof *v);
    v[12] = (uint32_t)counter;
    v[13] = (uint32_t)(counter >> 32);
    v[14] = count;
    v[15] = flags;
#pragma clang loop unroll(full)
    for (int round = 0; round < 7; round++) MIX_ALL(v, m, schedule[round]);
    for (int i = 0; i < 8; i++) value[i] = v[i] ^ v[8 + i];
}

static void compress_1(const struct inputs *inputs, uint8_t bytes[VALUE]) {
    uint32_t value[8];
    memcpy(value, initial_value, sizeof value);
    for (size_t block = 0; block < inputs->blocks; block++) {
        uint32_t flags = inputs->flags | (block == 0 ? inputs->first_flags : 0)
            | (block + 1 == inputs->blocks ? inputs->last_flags : 0);
        compress(value, inputs->bytes + BLOCK * block, BLOCK, inputs->counter, flags);
    }
    store_value(bytes, value);
}

/// Writes the chaining values of `count` inputs.
static void compress_all(struct inputs inputs, size_t count, unsigned lanes, uint8_t *values) {
    while (count > 0) {
        size_t done = 1;
#if defined(__x86_64__)
        if (lanes >= 8 && count >= 8) {
            blake3_compress_8(&inputs, values);
            done = 8;
        } else if (lanes >= 4 && count >= 4) {
            blake3_compress_4(&inputs, values);
            done = 4;
        }
#endif
        if (done == 1) compress_1(&inputs, values);
        inputs.bytes += done * inputs.stride;
        inputs.counter += done * inputs.counter_step;
        values += done * VALUE;
        count -= done;
    }
}

static void compress_parents(const uint8_t *children, size_t parents, unsigned lanes, uint8_t *values) {
    struct inputs inputs = {.bytes = children, .stride = 2 * VALUE, .blocks = 1, .flags = PARENT};
    compress_all(inputs, parents, lanes, values);
}

// MARK: The tree (section 2.1; section 5.1.2 for the stack)

/// Merges finished subtrees until there is one for each bit of the number of chunks before this one.
///
/// That waits until another chunk begins: the last two subtrees of all make the root, which has a flag of its own.
static void merge_stack(struct digests_blake3 *hasher) {
    unsigned wanted = (unsigned)__builtin_popcountll(hasher->chunk);
    while (hasher->depth > wanted) {
        uint8_t *pair = hasher->stack[hasher->depth - 2];
        uint8_t value[VALUE];
        compress_parents(pair, 1, 1, value);
        memcpy(pair, value, VALUE);
        hasher->depth--;
    }
}

static void push(struct digests_blake3 *hasher, const uint8_t value[VALUE], uint64_t chunks) {
    memcpy(hasher->stack[hasher->depth++], value, VALUE);
    hasher->chunk += chunks;
}

static void begin_chunk(struct digests_blake3 *hasher) {
    memcpy(hasher->chaining_value, initial_value, sizeof initial_value);
    hasher->blocks = 0;
    hasher->pending_count = 0;
}

static uint32_t flags_of_pending(const struct digests_blake3 *hasher) {
    return hasher->blocks == 0 ? CHUNK_START : 0;
}

/// Compresses whole chunks, a power of two of which the count before is a multiple, and pushes the two children of
/// the top of their tree, or the one chunk.
static void push_subtree(struct digests_blake3 *hasher, const uint8_t *bytes, size_t chunks) {
    uint8_t values[SUBTREE_CHUNKS * VALUE], parents[SUBTREE_CHUNKS / 2 * VALUE];
    struct inputs inputs = {
        .bytes = bytes, .stride = CHUNK, .blocks = CHUNK / BLOCK, .counter = hasher->chunk, .counter_step = 1,
        .first_flags = CHUNK_START, .last_flags = CHUNK_END};
    merge_stack(hasher);
    compress_all(inputs, chunks, hasher->lanes, values);
    size_t count = chunks;
    for (; count > 2; count /= 2) {
        compress_parents(values, count / 2, hasher->lanes, parents);
        memcpy(values, parents, count / 2 * VALUE);
    }
    for (size_t i = 0; i < count; i++) push(hasher, values + VALUE * i, chunks / count);
}

/// Takes bytes into the chunk under way, never beyond its end; returns how many. Its last block stays pending.
static size_t fill_chunk(struct digests_blake3 *hasher, const uint8_t *bytes, size_t count) {
    size_t room = CHUNK - (hasher->blocks * BLOCK + hasher->pending_count);
    if (count > room) count = room;
    for (size_t taken = 0; taken < count;) {
        if (hasher->pending_count == BLOCK) {
            compress(hasher->chaining_value, hasher->pending, BLOCK, hasher->chunk, flags_of_pending(hasher));
            hasher->blocks++;
            hasher->pending_count = 0;
        }
        size_t part = BLOCK - hasher->pending_count;
        if (part > count - taken) part = count - taken;
        memcpy(hasher->pending + hasher->pending_count, bytes + taken, part);
        hasher->pending_count += (uint32_t)part;
        taken += part;
    }
    return count;
}

/// Compresses the pending bytes, the last of a chunk, into the chunk's chaining value.
static void compress_last_block(const struct digests_blake3 *hasher, uint32_t flags, uint32_t value[8]) {
    uint8_t block[BLOCK] = {0};
    memcpy(block, hasher->pending, hasher->pending_count);
    memcpy(value, hasher->chaining_value, 8 * sizeof *value);
    compress(value, block, hasher->pending_count, hasher->chunk, flags_of_pending(hasher) | CHUNK_END | flags);
}

/// How many chunks of these bytes, more than one chunk's, the next subtree takes.
static size_t subtree_chunks(const struct digests_blake3 *hasher, size_t count) {
    size_t chunks = SUBTREE_CHUNKS;
    while (chunks > 1 && (chunks * CHUNK > count || hasher->chunk % chunks != 0)) chunks /= 2;
    return chunks;
}

void digests_blake3_begin(struct digests_blake3 *hasher, unsigned lanes) {
    unsigned most = digests_blake3_lanes();
    hasher->lanes = lanes < most ? lanes : most;
    hasher->chunk = 0;
    hasher->depth = 0;
    begin_chunk(hasher);
}

void digests_blake3_update(struct digests_blake3 *hasher, const void *data, size_t count) {
    const uint8_t *bytes = data;
    while (count > 0) {
        size_t taken;
        if (hasher->pending_count == 0 && count > CHUNK) {
            // More than one chunk is left, so none of the chaining values pushed is the root's.
            taken = subtree_chunks(hasher, count) * CHUNK;
            push_subtree(hasher, bytes, taken / CHUNK);
        } else if (hasher->blocks * BLOCK + hasher->pending_count == CHUNK) {
            uint32_t value[8];
            uint8_t stored[VALUE];
            compress_last_block(hasher, 0, value);
            store_value(stored, value);
            merge_stack(hasher);
            push(hasher, stored, 1);
            begin_chunk(hasher);
            taken = 0;
        } else {
            taken = fill_chunk(hasher, bytes, count);
        }
        bytes += taken;
        count -= taken;
    }
}

void digests_blake3_finish(const struct digests_blake3 *hasher, uint8_t digest[VALUE]) {
    struct digests_blake3 last = *hasher;
    uint32_t value[8];
    if (last.pending_count > 0 || last.depth == 0) {
        merge_stack(&last);
        compress_last_block(&last, last.depth == 0 ? ROOT : 0, value);
    } else {
        // The input ended with a subtree: its two children are the top of the stack.
        last.depth--;
        for (int i = 0; i < 8; i++) value[i] = load_word(last.stack[last.depth] + 4 * i);
    }
    while (last.depth > 0) {
        last.depth--;
        uint8_t *pair = last.stack[last.depth];
        store_value(pair + VALUE, value);
        memcpy(value, initial_value, sizeof value);
        compress(value, pair, BLOCK, 0, PARENT | (last.depth == 0 ? ROOT : 0));
    }
    store_value(digest, value);
}
