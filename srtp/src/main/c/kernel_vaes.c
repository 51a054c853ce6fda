/* Two blocks at a time: AVX2 with VAES and VPCLMULQDQ. */
#pragma GCC target("avx2,vaes,vpclmulqdq,aes,pclmul")
#include "common.inc"

#define LANES 2
#define NV 8
#define V __m256i
#define ZERO _mm256_setzero_si256()
#define LOAD(p) _mm256_loadu_si256((const __m256i *)(p))
#define STORE(p, v) _mm256_storeu_si256((__m256i *)(p), v)
#define LOAD_PART load_part
#define STORE_PART store_part
#define KEEP keep
#define BCAST(b) _mm256_broadcastsi128_si256(b)
#define FIRST_LANE(b) _mm256_zextsi128_si256(b)
#define XOR _mm256_xor_si256
#define AESENC _mm256_aesenc_epi128
#define AESENCLAST _mm256_aesenclast_epi128
#define CLMUL _mm256_clmulepi64_epi128
#define SHUFFLE _mm256_shuffle_epi8
#define ADD32 _mm256_add_epi32
#define LANE_NUMBERS _mm256_set_epi32(1, 0, 0, 0, 0, 0, 0, 0)
#define FIRST _mm256_castsi256_si128
#define LOAD_BEHIND load_behind
#define STORE_BEHIND(p, n, v) store_part(p, n, _mm256_permute4x64_epi64(v, 0xee))
#define KEEP_BEHIND(v, n) keep_behind(v, n)
#define FOLD(v) _mm_xor_si128(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1))

INLINE __m256i load_part(const uint8_t *from, int octets) {
  const __m128i part = load_up_to_16(from + (octets & 16), octets & 15);
  return octets & 16 ? _mm256_set_m128i(part, _mm_loadu_si128((const __m128i *)from))
                     : _mm256_zextsi128_si256(part);
}

INLINE void store_part(uint8_t *to, int octets, __m256i v) {
  uint8_t part[32];
  _mm256_storeu_si256((__m256i *)part, v);
  if (octets & 16) {
    _mm_storeu_si128((__m128i *)to, _mm_loadu_si128((const __m128i *)part));
  }
  copy_short(to + (octets & 16), part + (octets & 16), octets & 15);
}

INLINE __m256i load_behind(const uint8_t *from, int octets) {
  const __m256i v = load_part(from, octets);
  return _mm256_inserti128_si256(_mm256_setzero_si256(), _mm256_castsi256_si128(v), 1);
}

INLINE __m256i keep(__m256i v, int octets) {
  const __m256i place = _mm256_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
                                         17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30,
                                         31);
  return _mm256_and_si256(v, _mm256_cmpgt_epi8(_mm256_set1_epi8((char)octets), place));
}

INLINE __m256i keep_behind(__m256i v, int octets) {
  const __m256i kept = keep(_mm256_permute4x64_epi64(v, 0xee), octets);
  return _mm256_inserti128_si256(_mm256_setzero_si256(), _mm256_castsi256_si128(kept), 1);
}

#include "gcm.inc"
#include "key.inc"

static void hmac(struct hmac_job *jobs, int count) {
  if (cpu_has_shani()) {
    hmac_shani(jobs, count);
  } else {
    hmac_avx2(jobs, count);
  }
}

const struct kernel kernel_vaes = {"vaes", expand, hash_key, gcm_seal, gcm_open, ctr, hmac};
