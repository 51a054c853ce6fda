/* The field of P-256 in plain C, and what P256Library.java calls. */
#include "p256.h"

#include <stddef.h>

__extension__ typedef unsigned __int128 Wide;

static const uint64_t P[4] = {P0, P1, 0, P3};

/* to = carry:t - p where that is not negative, otherwise t; carry:t is below 2p. */
static inline void subtract_p(Element *to, const uint64_t *t, uint64_t carry) {
  uint64_t rest[4];
  uint64_t borrow = 0;
  for (int i = 0; i < 4; i++) {
    Wide d = (Wide) t[i] - P[i] - borrow;
    rest[i] = (uint64_t) d;
    borrow = (uint64_t) (d >> 64) & 1;
  }
  uint64_t below = carry - borrow; /* all ones, as carry is then 0 */
  for (int i = 0; i < 4; i++) {
    to->w[i] = rest[i] ^ ((rest[i] ^ t[i]) & below);
  }
}

/*
 * Montgomery's reduction of eight words. As -1/p is 1 modulo 2^64, the lowest word is the quotient m, and
 * m p is m 2^256 - m 2^224 + m 2^192 + m 2^96 - m: it takes one product, by the highest word of p.
 */
static inline void reduce(Element *to, uint64_t *t) {
  uint64_t top = 0; /* of words 4 to 7, what the words below carried into them */
  for (int i = 0; i < 4; i++) {
    uint64_t m = t[i];
    Wide product = (Wide) m * P3;
    Wide s = (Wide) t[i + 1] + (m << 32);
    t[i + 1] = (uint64_t) s;
    s = (Wide) t[i + 2] + (m >> 32) + (uint64_t) (s >> 64);
    t[i + 2] = (uint64_t) s;
    s = (Wide) t[i + 3] + (uint64_t) product + (uint64_t) (s >> 64);
    t[i + 3] = (uint64_t) s;
    s = (Wide) t[i + 4] + (uint64_t) (product >> 64) + (uint64_t) (s >> 64) + top;
    t[i + 4] = (uint64_t) s;
    top = (uint64_t) (s >> 64);
  }
  subtract_p(to, t + 4, top);
}

static inline void multiply(Element *to, const Element *a, const Element *b) {
  uint64_t t[8] = {0};
  for (int i = 0; i < 4; i++) {
    uint64_t carry = 0;
    for (int j = 0; j < 4; j++) {
      Wide s = (Wide) a->w[i] * b->w[j] + t[i + j] + carry;
      t[i + j] = (uint64_t) s;
      carry = (uint64_t) (s >> 64);
    }
    t[i + 4] = carry;
  }
  reduce(to, t);
}

static inline void square(Element *to, const Element *a) {
  multiply(to, a, a);
}

static inline void add(Element *to, const Element *a, const Element *b) {
  uint64_t t[4];
  uint64_t carry = 0;
  for (int i = 0; i < 4; i++) {
    Wide s = (Wide) a->w[i] + b->w[i] + carry;
    t[i] = (uint64_t) s;
    carry = (uint64_t) (s >> 64);
  }
  subtract_p(to, t, carry);
}

static inline void subtract(Element *to, const Element *a, const Element *b) {
  uint64_t t[4];
  uint64_t borrow = 0;
  for (int i = 0; i < 4; i++) {
    Wide d = (Wide) a->w[i] - b->w[i] - borrow;
    t[i] = (uint64_t) d;
    borrow = (uint64_t) (d >> 64) & 1;
  }
  uint64_t carry = 0;
  for (int i = 0; i < 4; i++) {
    Wide s = (Wide) t[i] + (P[i] & -borrow) + carry;
    to->w[i] = (uint64_t) s;
    carry = (uint64_t) (s >> 64);
  }
}

#define TIER(name) name##_portable
#include "p256_formulas.inc"

#if defined(__x86_64__)
#define IN_TIER(tier, name) ((tier) == 1 ? name##_adx : name##_portable)
#else
#define IN_TIER(tier, name) ((void) (tier), name##_portable)
#endif

/* The tier as in parley_field_tier. */
EXPORT void parley_p256_add(
    int tier, int64_t *sum, int begun, const uint64_t *points, const uint8_t *digits, int count, int doublings,
    int rows, int choices, int hidden) {
  Multiple multiple = {digits, count, doublings, rows, choices, hidden};
  IN_TIER(tier, p256_add_multiple)(sum, begun, (const Affine *) points, &multiple);
}

EXPORT void parley_p256_table(int tier, uint64_t *table, const int64_t *base, int width, int rows) {
  IN_TIER(tier, p256_make_table)((Affine *) table, base, width, rows);
}

EXPORT void parley_p256_comb(
    int tier, uint64_t *comb, const int64_t *base, int width, int rows, int spacing) {
  IN_TIER(tier, p256_make_comb)((Affine *) comb, base, width, rows, spacing);
}

EXPORT void parley_p256_compute(int tier, uint64_t *to, const uint64_t *a, const uint64_t *b) {
  IN_TIER(tier, p256_compute)((Element *) to, (const Element *) a, (const Element *) b);
}

static uint64_t word(const uint8_t *octets) {
  uint64_t word = 0;
  for (int i = 0; i < 8; i++) {
    word = word << 8 | octets[i];
  }
  return word;
}

/* Of 32 octets, the highest first; the modulus is four words, the lowest first. */
EXPORT void parley_invert(uint8_t *octets, const uint64_t *modulus) {
  uint64_t number[4];
  for (int i = 0; i < 4; i++) {
    number[i] = word(octets + 24 - 8 * i);
  }
  invert_words(number, modulus);
  for (int i = 0; i < 32; i++) {
    octets[31 - i] = (uint8_t) (number[i / 8] >> (i % 8 * 8));
  }
  wipe(number, sizeof number);
}
