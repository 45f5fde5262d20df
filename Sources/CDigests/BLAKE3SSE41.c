#include "BLAKE3Lanes.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define LANES 4
#define WITH_LANES __attribute__((target("sse4.1")))
#define COMPRESS_LANES blake3_compress_4
typedef uint32_t lanes __attribute__((vector_size(16)));

WITH_LANES __attribute__((always_inline)) static inline void load_words(
    lanes words[16], const uint8_t *bytes, size_t stride) {
    for (int quarter = 0; quarter < 4; quarter++) {
        const uint8_t *at = bytes + 16 * quarter;
        __m128i a = _mm_loadu_si128((const __m128i *)at);
        __m128i b = _mm_loadu_si128((const __m128i *)(at + stride));
        __m128i c = _mm_loadu_si128((const __m128i *)(at + 2 * stride));
        __m128i d = _mm_loadu_si128((const __m128i *)(at + 3 * stride));
        // The names say of which words of which lanes a vector is made.
        __m128i ab01 = _mm_unpacklo_epi32(a, b), ab23 = _mm_unpackhi_epi32(a, b);
        __m128i cd01 = _mm_unpacklo_epi32(c, d), cd23 = _mm_unpackhi_epi32(c, d);
        words[4 * quarter + 0] = (lanes)_mm_unpacklo_epi64(ab01, cd01);
        words[4 * quarter + 1] = (lanes)_mm_unpackhi_epi64(ab01, cd01);
        words[4 * quarter + 2] = (lanes)_mm_unpacklo_epi64(ab23, cd23);
        words[4 * quarter + 3] = (lanes)_mm_unpackhi_epi64(ab23, cd23);
    }
}

#include "BLAKE3LanesBody.h"

#endif
