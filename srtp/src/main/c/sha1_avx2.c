/* Eight messages at a time. */
#pragma GCC target("avx2")
#include "common.inc"

#define LANES 8
#define GROUPS 2
#define V __m256i
#define LOAD(p) _mm256_loadu_si256((const __m256i *)(p))
#define STORE(p, v) _mm256_storeu_si256((__m256i *)(p), v)
#define ADD _mm256_add_epi32
#define XOR _mm256_xor_si256
#define ROTATE(v, n) _mm256_or_si256(_mm256_slli_epi32(v, n), _mm256_srli_epi32(v, 32 - (n)))
#define CHOOSE(b, c, d) XOR(d, _mm256_and_si256(b, XOR(c, d)))
#define PARITY(b, c, d) XOR(b, XOR(c, d))
#define MAJORITY(b, c, d) _mm256_or_si256(_mm256_and_si256(b, c), _mm256_and_si256(d, _mm256_or_si256(b, c)))
#define SET1 _mm256_set1_epi32
#define M __m256i
#define KEEP_WHERE(m, a, b) _mm256_blendv_epi8(b, a, m)
#define ALL _mm256_set1_epi32(-1)
#define MORE(counts, i) _mm256_cmpgt_epi32(LOAD(counts), _mm256_set1_epi32((int)(i)))

INLINE void transpose_half(V w[8], const uint8_t *const blocks[8], int at) {
  const V swap = _mm256_broadcastsi128_si256(
      _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3));
  V b[2][4];
  for (int g = 0; g < 2; g++) {
    V r0 = _mm256_shuffle_epi8(LOAD(blocks[4 * g] + at), swap);
    V r1 = _mm256_shuffle_epi8(LOAD(blocks[4 * g + 1] + at), swap);
    V r2 = _mm256_shuffle_epi8(LOAD(blocks[4 * g + 2] + at), swap);
    V r3 = _mm256_shuffle_epi8(LOAD(blocks[4 * g + 3] + at), swap);
    V low01 = _mm256_unpacklo_epi32(r0, r1), high01 = _mm256_unpackhi_epi32(r0, r1);
    V low23 = _mm256_unpacklo_epi32(r2, r3), high23 = _mm256_unpackhi_epi32(r2, r3);
    b[g][0] = _mm256_unpacklo_epi64(low01, low23);
    b[g][1] = _mm256_unpackhi_epi64(low01, low23);
    b[g][2] = _mm256_unpacklo_epi64(high01, high23);
    b[g][3] = _mm256_unpackhi_epi64(high01, high23);
  }
  for (int c = 0; c < 4; c++) {
    w[c] = _mm256_permute2x128_si256(b[0][c], b[1][c], 0x20);
    w[4 + c] = _mm256_permute2x128_si256(b[0][c], b[1][c], 0x31);
  }
}

INLINE void transpose(V w[16], const uint8_t *const blocks[8]) {
  transpose_half(w, blocks, 0);
  transpose_half(w + 8, blocks, 32);
}

#include "sha1_lanes.inc"

void hmac_avx2(struct hmac_job *jobs, int count) { hmac_lanes(jobs, count, 4); }
