/* One block at a time: AES-NI, PCLMULQDQ and SSE4.1, in the old encoding, so that nothing here
 * meets the upper halves of vector registers. */
#pragma GCC target("aes,pclmul,sse4.1,ssse3")
#include "common.inc"

#define LANES 1
#define NV 8
#define V __m128i
#define ZERO _mm_setzero_si128()
#define LOAD(p) _mm_loadu_si128((const __m128i *)(p))
#define STORE(p, v) _mm_storeu_si128((__m128i *)(p), v)
#define LOAD_PART load_up_to_16
#define STORE_PART store_part
#define KEEP keep
#define BCAST(b) (b)
#define FIRST_LANE(b) (b)
#define XOR _mm_xor_si128
#define AESENC _mm_aesenc_si128
#define AESENCLAST _mm_aesenclast_si128
#define CLMUL _mm_clmulepi64_si128
#define SHUFFLE _mm_shuffle_epi8
#define ADD32 _mm_add_epi32
#define LANE_NUMBERS _mm_setzero_si128()
#define FIRST(v) (v)
#define FOLD(v) (v)
/* there is but one lane, and it holds no payload */
#define LOAD_BEHIND(p, n) ((void)(p), (void)(n), _mm_setzero_si128())
#define STORE_BEHIND(p, n, v) ((void)(p), (void)(n), (void)(v))
#define KEEP_BEHIND(v, n) ((void)(v), (void)(n), _mm_setzero_si128())

INLINE void store_part(uint8_t *to, int octets, __m128i v) {
  uint64_t part[2];
  _mm_storeu_si128((__m128i *)part, v);
  copy_short(to, (const uint8_t *)part, octets);
}

INLINE __m128i keep(__m128i v, int octets) {
  const __m128i place = _mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  return _mm_and_si128(v, _mm_cmpgt_epi8(_mm_set1_epi8((char)octets), place));
}

#include "gcm.inc"
#include "key.inc"

static void hmac(struct hmac_job *jobs, int count) {
  if (cpu_has_shani()) {
    hmac_shani(jobs, count);
  } else {
    hmac_portable(jobs, count);
  }
}

const struct kernel kernel_aesni = {"aesni", expand, hash_key, gcm_seal, gcm_open, ctr, hmac};
