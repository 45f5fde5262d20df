// The body of `blake3_compress_4` and `blake3_compress_8`, which define before they include it:
// LANES, WITH_LANES (the attribute of a function that uses them), COMPRESS_LANES (its name), and
// `load_words(words, bytes, stride)`, which loads 16 vectors: word i of the block of each lane into vector i.
#include <string.h>

WITH_LANES void COMPRESS_LANES(const struct inputs *inputs, uint8_t *values) {
    lanes value[8];
    for (int i = 0; i < 8; i++) value[i] = (lanes){} + initial_value[i];
    lanes counter_low, counter_high;
    for (int lane = 0; lane < LANES; lane++) {
        uint64_t counter = inputs->counter + inputs->counter_step * (uint64_t)lane;
        counter_low[lane] = (uint32_t)counter;
        counter_high[lane] = (uint32_t)(counter >> 32);
    }
    for (size_t block = 0; block < inputs->blocks; block++) {
        uint32_t flags = inputs->flags | (block == 0 ? inputs->first_flags : 0)
            | (block + 1 == inputs->blocks ? inputs->last_flags : 0);
        lanes m[16], v[16];
        load_words(m, inputs->bytes + 64 * block, inputs->stride);
        for (int i = 0; i < 8; i++) v[i] = value[i];
        for (int i = 0; i < 4; i++) v[8 + i] = (lanes){} + initial_value[i];
        v[12] = counter_low;
        v[13] = counter_high;
        v[14] = (lanes){} + 64;
        v[15] = (lanes){} + flags;
#pragma clang loop unroll(full)
        for (int round = 0; round < 7; round++) MIX_ALL(v, m, schedule[round]);
        for (int i = 0; i < 8; i++) value[i] = v[i] ^ v[8 + i];
    }
    // These CPUs are little-endian, as the digest is.
    for (int lane = 0; lane < LANES; lane++) {
        for (int i = 0; i < 8; i++) {
            uint32_t word = value[i][lane];
            memcpy(values + 32 * lane + 4 * i, &word, 4);
        }
    }
}
