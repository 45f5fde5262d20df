#include "BLAKE3Lanes.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define LANES 8
#define WITH_LANES __attribute__((target("avx2")))
#define COMPRESS_LANES blake3_compress_8
typedef uint32_t lanes __attribute__((vector_size(32)));

/// 16 bytes of lane n and, in the higher half, of lane n + 4.
WITH_LANES __attribute__((always_inline)) static inline __m256i load_two(const uint8_t *bytes, size_t stride) {
    __m128i low = _mm_loadu_si128((const __m128i *)bytes);
    return _mm256_inserti128_si256(
        _mm256_castsi128_si256(low), _mm_loadu_si128((const __m128i *)(bytes + 4 * stride)), 1);
}

WITH_LANES __attribute__((always_inline)) static inline void load_words(
    lanes words[16], const uint8_t *bytes, size_t stride) {
    for (int quarter = 0; quarter < 4; quarter++) {
        const uint8_t *at = bytes + 16 * quarter;
        __m256i a = load_two(at, stride), b = load_two(at + stride, stride);
        __m256i c = load_two(at + 2 * stride, stride), d = load_two(at + 3 * stride, stride);
        // The names say of which words of which lanes a half is made; the other half has the lanes 4 further.
        __m256i ab01 = _mm256_unpacklo_epi32(a, b), ab23 = _mm256_unpackhi_epi32(a, b);
        __m256i cd01 = _mm256_unpacklo_epi32(c, d), cd23 = _mm256_unpackhi_epi32(c, d);
        words[4 * quarter + 0] = (lanes)_mm256_unpacklo_epi64(ab01, cd01);
        words[4 * quarter + 1] = (lanes)_mm256_unpackhi_epi64(ab01, cd01);
        words[4 * quarter + 2] = (lanes)_mm256_unpacklo_epi64(ab23, cd23);
        words[4 * quarter + 3] = (lanes)_mm256_unpackhi_epi64(ab23, cd23);
    }
}

#include "BLAKE3LanesBody.h"

#endif
