/* Sixteen messages at a time. */
#pragma GCC target("avx512f,avx512vl,avx512bw,avx512dq")
#include "common.inc"

#define LANES 16
#define GROUPS 2
#define V __m512i
#define LOAD(p) _mm512_loadu_si512(p)
#define STORE(p, v) _mm512_storeu_si512(p, v)
#define ADD _mm512_add_epi32
#define XOR _mm512_xor_si512
#define ROTATE _mm512_rol_epi32
#define CHOOSE(b, c, d) _mm512_ternarylogic_epi32(b, c, d, 0xca)
#define PARITY(b, c, d) _mm512_ternarylogic_epi32(b, c, d, 0x96)
#define MAJORITY(b, c, d) _mm512_ternarylogic_epi32(b, c, d, 0xe8)
#define SET1 _mm512_set1_epi32
#define M __mmask16
#define KEEP_WHERE(m, a, b) _mm512_mask_mov_epi32(b, m, a)
#define ALL ((__mmask16)0xffff)
#define MORE(counts, i) _mm512_cmpgt_epi32_mask(_mm512_loadu_si512(counts), _mm512_set1_epi32((int)(i)))

INLINE void transpose(V w[16], const uint8_t *const blocks[16]) {
  const V swap = _mm512_broadcast_i32x4(
      _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3));
  V b[4][4];
  for (int g = 0; g < 4; g++) {
    V r0 = _mm512_shuffle_epi8(LOAD(blocks[4 * g]), swap);
    V r1 = _mm512_shuffle_epi8(LOAD(blocks[4 * g + 1]), swap);
    V r2 = _mm512_shuffle_epi8(LOAD(blocks[4 * g + 2]), swap);
    V r3 = _mm512_shuffle_epi8(LOAD(blocks[4 * g + 3]), swap);
    V low01 = _mm512_unpacklo_epi32(r0, r1), high01 = _mm512_unpackhi_epi32(r0, r1);
    V low23 = _mm512_unpacklo_epi32(r2, r3), high23 = _mm512_unpackhi_epi32(r2, r3);
    b[g][0] = _mm512_unpacklo_epi64(low01, low23);
    b[g][1] = _mm512_unpackhi_epi64(low01, low23);
    b[g][2] = _mm512_unpacklo_epi64(high01, high23);
    b[g][3] = _mm512_unpackhi_epi64(high01, high23);
  }
  for (int c = 0; c < 4; c++) {
    V low01 = _mm512_shuffle_i32x4(b[0][c], b[1][c], 0x44);
    V high01 = _mm512_shuffle_i32x4(b[0][c], b[1][c], 0xee);
    V low23 = _mm512_shuffle_i32x4(b[2][c], b[3][c], 0x44);
    V high23 = _mm512_shuffle_i32x4(b[2][c], b[3][c], 0xee);
    w[c] = _mm512_shuffle_i32x4(low01, low23, 0x88);
    w[4 + c] = _mm512_shuffle_i32x4(low01, low23, 0xdd);
    w[8 + c] = _mm512_shuffle_i32x4(high01, high23, 0x88);
    w[12 + c] = _mm512_shuffle_i32x4(high01, high23, 0xdd);
  }
}

#include "sha1_lanes.inc"

void hmac_avx512(struct hmac_job *jobs, int count) { hmac_lanes(jobs, count, 4); }
