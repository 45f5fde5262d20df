#include "SHA256Blocks.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

bool digests_has_sha256(void) {
    unsigned a, b, c, d;
    // AVX also stands for SSSE3 and SSE4.1; whether the kernel saves its registers is part of that answer. Not every
    // compiler's __builtin_cpu_supports knows "sha": CPUID leaf 7, EBX bit 29.
    return __builtin_cpu_supports("avx") && __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & (1u << 29));
}

// No instruction here needs AVX, but in its encoding they name three registers, which saves the copies; those made
// two streams 4 % slower. Only some Atoms have SHA without it.
#define WITH_SHA __attribute__((target("sha,avx")))
#define INLINE_WITH_SHA WITH_SHA __attribute__((always_inline)) static inline

/// FIPS 180-4, section 4.2.2.
static const uint32_t round_constants[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

/// The working variables as SHA256RNDS2 wants them, named from the highest 32 bits to the lowest.
struct working {
    __m128i abef, cdgh;
};

INLINE_WITH_SHA struct working load_state(const uint32_t state[8]) {
    __m128i cdab = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xb1);
    __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1b);
    return (struct working){_mm_alignr_epi8(cdab, efgh, 8), _mm_blend_epi16(efgh, cdab, 0xf0)};
}

INLINE_WITH_SHA void store_state(uint32_t state[8], struct working working) {
    __m128i feba = _mm_shuffle_epi32(working.abef, 0x1b);
    __m128i dchg = _mm_shuffle_epi32(working.cdgh, 0xb1);
    _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

/// Words `4 * group` to `4 * group + 3` of a block, the first of them lowest.
INLINE_WITH_SHA __m128i load_words(const uint8_t *block, int group) {
    const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    return _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)block + group), big_endian);
}

/// Asks for the bytes four blocks on. Else a word that lies across the end of a cache line waits for the next line,
/// and that takes up to 10 % of the time.
INLINE_WITH_SHA void fetch_ahead(const uint8_t *block) {
    _mm_prefetch((const char *)((uintptr_t)block + 4 * 64), _MM_HINT_T0);
}

/// Four rounds, and what they leave time for: `words` is a ring of the last 16 words of the message schedule, four by
/// four, of which those of this group are ready. The next are finished here, those for three groups later begun; in
/// this order, which is Intel's, the instructions of two streams fit best between each other.
INLINE_WITH_SHA void four_rounds(struct working *working, __m128i words[4], const uint8_t *block, int group) {
    __m128i current = words[group % 4];
    __m128i *next = &words[(group + 1) % 4], before = words[(group + 3) % 4], *later = &words[(group + 3) % 4];
    __m128i sum = _mm_add_epi32(current, _mm_load_si128((const __m128i *)round_constants + group));
    working->cdgh = _mm_sha256rnds2_epu32(working->cdgh, working->abef, sum);
    if (group < 3) {
        *next = load_words(block, group + 1);
    } else if (group < 15) {
        __m128i seven_before = _mm_alignr_epi8(current, before, 4);
        *next = _mm_sha256msg2_epu32(_mm_add_epi32(*next, seven_before), current);
    }
    working->abef = _mm_sha256rnds2_epu32(working->abef, working->cdgh, _mm_shuffle_epi32(sum, 0x0e));
    if (group >= 1 && group < 13) *later = _mm_sha256msg1_epu32(before, current);
}

INLINE_WITH_SHA struct working add(struct working a, struct working b) {
    return (struct working){_mm_add_epi32(a.abef, b.abef), _mm_add_epi32(a.cdgh, b.cdgh)};
}

WITH_SHA void sha256_compress(uint32_t state[8], const uint8_t *bytes, size_t count) {
    struct working working = load_state(state);
    for (; count > 0; count--, bytes += 64) {
        struct working before = working;
        fetch_ahead(bytes);
        __m128i words[4] = {load_words(bytes, 0)};
#pragma clang loop unroll(full)
        for (int group = 0; group < 16; group++) four_rounds(&working, words, bytes, group);
        working = add(working, before);
    }
    store_state(state, working);
}

WITH_SHA void sha256_compress_two(
    uint32_t first[8], const uint8_t *first_bytes, uint32_t second[8], const uint8_t *second_bytes, size_t count) {
    struct working a = load_state(first), b = load_state(second);
    for (; count > 0; count--, first_bytes += 64, second_bytes += 64) {
        struct working a_before = a, b_before = b;
        fetch_ahead(first_bytes);
        fetch_ahead(second_bytes);
        __m128i a_words[4] = {load_words(first_bytes, 0)}, b_words[4] = {load_words(second_bytes, 0)};
#pragma clang loop unroll(full)
        for (int group = 0; group < 16; group++) {
            four_rounds(&a, a_words, first_bytes, group);
            four_rounds(&b, b_words, second_bytes, group);
        }
        a = add(a, a_before);
        b = add(b, b_before);
    }
    store_state(first, a);
    store_state(second, b);
}

#else

#include <stdlib.h>

bool digests_has_sha256(void) { return false; }

// Nobody calls these, as the answer is no.
void sha256_compress(uint32_t state[8], const uint8_t *bytes, size_t count) { abort(); }

void sha256_compress_two(
    uint32_t first[8], const uint8_t *first_bytes, uint32_t second[8], const uint8_t *second_bytes, size_t count) {
    abort();
}

#endif
