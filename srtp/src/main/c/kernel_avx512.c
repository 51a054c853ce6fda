/* Four blocks at a time: AVX-512 with VAES and VPCLMULQDQ. */
#pragma GCC target("avx512f,avx512vl,avx512bw,avx512dq,vaes,vpclmulqdq,aes,pclmul,bmi2")
#include "common.inc"

#define LANES 4
#define NV 4
#define V __m512i
#define ZERO _mm512_setzero_si512()
#define LOAD(p) _mm512_loadu_si512(p)
#define STORE(p, v) _mm512_storeu_si512(p, v)
#define MASK(n) ((__mmask64)_bzhi_u64(~0ull, (unsigned)(n)))
#define LOAD_PART(p, n) _mm512_maskz_loadu_epi8(MASK(n), p)
#define STORE_PART(p, n, v) _mm512_mask_storeu_epi8(p, MASK(n), v)
#define KEEP(v, n) _mm512_maskz_mov_epi8(MASK(n), v)
#define BCAST(b) _mm512_broadcast_i32x4(b)
#define FIRST_LANE(b) _mm512_zextsi128_si512(b)
#define XOR _mm512_xor_si512
#define AESENC _mm512_aesenc_epi128
#define AESENCLAST _mm512_aesenclast_epi128
#define CLMUL _mm512_clmulepi64_epi128
#define SHUFFLE _mm512_shuffle_epi8
#define ADD32 _mm512_add_epi32
#define LANE_NUMBERS _mm512_set_epi32(3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0)
#define FIRST _mm512_castsi512_si128
#define LOAD_BEHIND(p, n) _mm512_maskz_loadu_epi8(MASK(n) << 16, (p) - 16)
#define STORE_BEHIND(p, n, v) _mm512_mask_storeu_epi8((p) - 16, MASK(n) << 16, v)
#define KEEP_BEHIND(v, n) _mm512_maskz_mov_epi8(MASK(n) << 16, v)
#define FOLD fold_lanes

INLINE __m128i fold_lanes(__m512i v) {
  __m256i half = _mm256_xor_si256(_mm512_castsi512_si256(v), _mm512_extracti64x4_epi64(v, 1));
  return _mm_xor_si128(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

#include "gcm.inc"
#include "key.inc"

const struct kernel kernel_avx512 = {"avx512", expand, hash_key, gcm_seal, gcm_open, ctr,
                                     hmac_avx512};
