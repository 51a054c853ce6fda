/* HMAC-SHA1 (RFC 2104) from the saved states of both pads: in C, and by the SHA instructions two
 * messages at a time, because one alone waits for itself most of the time. */
#include "kernel.h"

#include <immintrin.h>

static uint32_t rotate(uint32_t x, int n) { return x << n | x >> (32 - n); }

static uint32_t big_endian(const uint8_t *at) {
  uint32_t word;
  __builtin_memcpy(&word, at, 4);
  return __builtin_bswap32(word);
}

void sha1_block(uint32_t state[5], const uint8_t block[64]) {
  uint32_t w[80];
  uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
  for (int i = 0; i < 16; i++) {
    w[i] = big_endian(block + 4 * i);
  }
  for (int i = 16; i < 80; i++) {
    w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
  }
  for (int i = 0; i < 80; i++) {
    uint32_t f = i < 20   ? (d ^ (b & (c ^ d))) + 0x5a827999u
                 : i < 40 ? (b ^ c ^ d) + 0x6ed9eba1u
                 : i < 60 ? ((b & c) | (d & (b | c))) + 0x8f1bbcdcu
                          : (b ^ c ^ d) + 0xca62c1d6u;
    uint32_t next = rotate(a, 5) + f + e + w[i];
    e = d;
    d = c;
    c = rotate(b, 30);
    b = a;
    a = next;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
}

static const uint8_t *block_of(const struct hmac_job *job, uint32_t i) {
  return i < job->full_blocks ? job->message + 64 * (size_t)i
                              : job->tail + 64 * (size_t)(i - job->full_blocks);
}

/* The block that the outer hash takes: the inner hash, padded to 64 + 20 octets. */
static void outer_block(uint8_t block[64], const uint32_t inner[5]) {
  __builtin_memset(block, 0, 64);
  for (int i = 0; i < 5; i++) {
    uint32_t word = __builtin_bswap32(inner[i]);
    __builtin_memcpy(block + 4 * i, &word, 4);
  }
  block[20] = 0x80;
  block[62] = (64 + 20) * 8 >> 8;
  block[63] = (64 + 20) * 8 & 0xff;
}

static void saved_state(uint32_t state[5], const uint8_t *pad) {
  for (int i = 0; i < 5; i++) {
    state[i] = big_endian(pad + 4 * i);
  }
}

void hmac_portable(struct hmac_job *jobs, int count) {
  for (int j = 0; j < count; j++) {
    uint8_t outer[64];
    uint32_t state[5];
    saved_state(state, jobs[j].key->pads + INNER);
    for (uint32_t i = 0; i < jobs[j].blocks; i++) {
      sha1_block(state, block_of(&jobs[j], i));
    }
    outer_block(outer, state);
    saved_state(state, jobs[j].key->pads + OUTER);
    sha1_block(state, outer);
    __builtin_memcpy(jobs[j].mac, state, sizeof jobs[j].mac);
  }
}

#define SHANI __attribute__((target("sha,sse4.1,ssse3"), always_inline)) static inline
#define SHANI_CALL __attribute__((target("sha,sse4.1,ssse3")))

struct sha {
  __m128i abcd, e, abcd0, e0, e1, m[4];
};

SHANI void begin(struct sha *s, const uint8_t *block) {
  const __m128i swap = _mm_set_epi64x(0x0001020304050607ll, 0x08090a0b0c0d0e0fll);
  for (int i = 0; i < 4; i++) {
    s->m[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(block + 16 * i)), swap);
  }
  s->abcd0 = s->abcd;
  s->e0 = s->e;
}

/* Four rounds, number `i` of twenty; i is known at compile time. */
SHANI void four(struct sha *s, const int i) {
  __m128i e = i == 0 ? _mm_add_epi32(s->e, s->m[0]) : _mm_sha1nexte_epu32(s->e1, s->m[i & 3]);
  s->e1 = s->abcd;
  switch (i / 5) {
    case 0: s->abcd = _mm_sha1rnds4_epu32(s->abcd, e, 0); break;
    case 1: s->abcd = _mm_sha1rnds4_epu32(s->abcd, e, 1); break;
    case 2: s->abcd = _mm_sha1rnds4_epu32(s->abcd, e, 2); break;
    default: s->abcd = _mm_sha1rnds4_epu32(s->abcd, e, 3); break;
  }
  if (i >= 0 && i < 16) {
    /* the words of round i + 4, from those of i, i + 1, i + 2 and i + 3 */
    __m128i next = _mm_sha1msg1_epu32(s->m[i & 3], s->m[(i + 1) & 3]);
    next = _mm_xor_si128(next, s->m[(i + 2) & 3]);
    s->m[i & 3] = _mm_sha1msg2_epu32(next, s->m[(i + 3) & 3]);
  }
}

SHANI void finish(struct sha *s) {
  s->e = _mm_sha1nexte_epu32(s->e1, s->e0);
  s->abcd = _mm_add_epi32(s->abcd, s->abcd0);
}

SHANI void load_state(struct sha *s, const uint8_t *pad) {
  const __m128i swap = _mm_set_epi64x(0x0001020304050607ll, 0x08090a0b0c0d0e0fll);
  s->abcd = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)pad), swap);
  s->e = _mm_set_epi32((int)big_endian(pad + 16), 0, 0, 0);
}

/* The outer block behind the message, which the outer hash takes up. */
SHANI void store_state(const struct sha *s, uint8_t block[64]) {
  uint32_t state[5];
  _mm_storeu_si128((__m128i *)state, _mm_shuffle_epi32(s->abcd, 0x1b));
  state[4] = (uint32_t)_mm_extract_epi32(s->e, 3);
  outer_block(block, state);
}

SHANI void store_mac(const struct sha *s, uint32_t mac[4]) {
  _mm_storeu_si128((__m128i *)mac, _mm_shuffle_epi32(s->abcd, 0x1b));
}

#define ALL_ROUNDS(R) \
  R(0) R(1) R(2) R(3) R(4) R(5) R(6) R(7) R(8) R(9) R(10) R(11) R(12) R(13) R(14) R(15) R(16) \
  R(17) R(18) R(19)

SHANI void one(struct sha *s, const uint8_t *block) {
  begin(s, block);
#define ROUND(i) four(s, i);
  ALL_ROUNDS(ROUND)
#undef ROUND
  finish(s);
}

SHANI void two(struct sha *s, struct sha *t, const uint8_t *block_s, const uint8_t *block_t) {
  begin(s, block_s);
  begin(t, block_t);
#define ROUND(i) \
  four(s, i);    \
  four(t, i);
  ALL_ROUNDS(ROUND)
#undef ROUND
  finish(s);
  finish(t);
}

SHANI_CALL static void pair(struct hmac_job *j, struct hmac_job *k) {
  struct sha s, t;
  uint8_t outer_s[64], outer_t[64];
  uint32_t shared = j->blocks < k->blocks ? j->blocks : k->blocks;
  load_state(&s, j->key->pads + INNER);
  load_state(&t, k->key->pads + INNER);
  for (uint32_t i = 0; i < shared; i++) {
    two(&s, &t, block_of(j, i), block_of(k, i));
  }
  for (uint32_t i = shared; i < j->blocks; i++) {
    one(&s, block_of(j, i));
  }
  for (uint32_t i = shared; i < k->blocks; i++) {
    one(&t, block_of(k, i));
  }
  store_state(&s, outer_s);
  store_state(&t, outer_t);
  load_state(&s, j->key->pads + OUTER);
  load_state(&t, k->key->pads + OUTER);
  two(&s, &t, outer_s, outer_t);
  store_mac(&s, j->mac);
  store_mac(&t, k->mac);
}

SHANI_CALL static void single(struct hmac_job *j) {
  struct sha s;
  uint8_t outer[64];
  load_state(&s, j->key->pads + INNER);
  for (uint32_t i = 0; i < j->blocks; i++) {
    one(&s, block_of(j, i));
  }
  store_state(&s, outer);
  load_state(&s, j->key->pads + OUTER);
  one(&s, outer);
  store_mac(&s, j->mac);
}

SHANI_CALL void hmac_shani(struct hmac_job *jobs, int count) {
  int j = 0;
  for (; j + 1 < count; j += 2) {
    pair(&jobs[j], &jobs[j + 1]);
  }
  if (j < count) {
    single(&jobs[j]);
  }
}
