/*
 * Sums of points of P-256: what P256Library.java calls. The same numbers as FieldP.java and PointSum.java
 * compute: five signed limbs of 52 bits, in Montgomery form with R = 2^260, which sums and differences leave
 * uncarried. Columns have 128 bits here, so p times a limb of the quotient is added whole.
 */
#include "field.h"

#include <string.h>

__extension__ typedef __int128 Wide;

typedef int64_t Element[5];

/* As PointSum.java lays them out. */
typedef struct {
  Element x, y, z, x2, y2, t, u, v, h, r;
} Sum;

static const int64_t MASK = ((int64_t) 1 << 52) - 1;
/* 2^260 mod p */
static const Element ONE = {0x10, 0xf000000000000, 0xfffffffffffff, 0xffeffffffffff, 0xfffff};

enum { LIMBS = 5, AFFINE = 2 * LIMBS };

static inline void reduce_columns(int64_t *to, Wide c[9]) {
  for (int i = 0; i < LIMBS; i++) {
    int64_t m = (int64_t) c[i] & MASK;
    c[i + 1] += (c[i] >> 52) + ((Wide) m << 44);
    c[i + 3] += (Wide) m << 36;
    c[i + 4] += ((Wide) m << 48) - ((Wide) m << 16);
  }
  c[6] += c[5] >> 52;
  c[7] += c[6] >> 52;
  c[8] += c[7] >> 52;
  to[0] = (int64_t) c[5] & MASK;
  to[1] = (int64_t) c[6] & MASK;
  to[2] = (int64_t) c[7] & MASK;
  to[3] = (int64_t) c[8] & MASK;
  to[4] = (int64_t) (c[8] >> 52);
}

static inline void multiply(int64_t *to, const int64_t *a, const int64_t *b) {
#define P(i, j) ((Wide) a[i] * b[j])
  Wide c[9] = {
    P(0, 0),
    P(0, 1) + P(1, 0),
    P(0, 2) + P(1, 1) + P(2, 0),
    P(0, 3) + P(1, 2) + P(2, 1) + P(3, 0),
    P(0, 4) + P(1, 3) + P(2, 2) + P(3, 1) + P(4, 0),
    P(1, 4) + P(2, 3) + P(3, 2) + P(4, 1),
    P(2, 4) + P(3, 3) + P(4, 2),
    P(3, 4) + P(4, 3),
    P(4, 4),
  };
#undef P
  reduce_columns(to, c);
}

static inline void square(int64_t *to, const int64_t *a) {
  int64_t d1 = a[1] * 2;
  int64_t d2 = a[2] * 2;
  int64_t d3 = a[3] * 2;
  int64_t d4 = a[4] * 2;
  Wide c[9] = {
    (Wide) a[0] * a[0],
    (Wide) a[0] * d1,
    (Wide) a[0] * d2 + (Wide) a[1] * a[1],
    (Wide) a[0] * d3 + (Wide) a[1] * d2,
    (Wide) a[0] * d4 + (Wide) a[1] * d3 + (Wide) a[2] * a[2],
    (Wide) a[1] * d4 + (Wide) a[2] * d3,
    (Wide) a[2] * d4 + (Wide) a[3] * a[3],
    (Wide) a[3] * d4,
    (Wide) a[4] * a[4],
  };
  reduce_columns(to, c);
}

static inline void add(int64_t *to, const int64_t *a, const int64_t *b) {
  for (int i = 0; i < LIMBS; i++) {
    to[i] = a[i] + b[i];
  }
}

static inline void subtract(int64_t *to, const int64_t *a, const int64_t *b) {
  for (int i = 0; i < LIMBS; i++) {
    to[i] = a[i] - b[i];
  }
}

/* To between about 0 and 2^256: by what exceeds that, which is all but p. */
static inline void reduce(int64_t *a) {
  int64_t c1 = a[1] + (a[0] >> 52);
  int64_t c2 = a[2] + (c1 >> 52);
  int64_t c3 = a[3] + (c2 >> 52);
  int64_t c4 = a[4] + (c3 >> 52);
  int64_t q = c4 >> 48;
  a[0] = (a[0] & MASK) + q;
  a[1] = (c1 & MASK) - q * ((int64_t) 1 << 44);
  a[2] = c2 & MASK;
  a[3] = (c3 & MASK) - q * ((int64_t) 1 << 36);
  a[4] = c4 - q * ((int64_t) 1 << 48) + q * ((int64_t) 1 << 16);
}

static void twice(Sum *s) {
  square(s->t, s->z);
  square(s->u, s->y);
  multiply(s->z, s->y, s->z);
  add(s->z, s->z, s->z);
  subtract(s->v, s->x, s->t);
  add(s->t, s->x, s->t);
  multiply(s->v, s->v, s->t);
  add(s->t, s->v, s->v);
  add(s->v, s->v, s->t);
  add(s->x, s->x, s->x);
  add(s->u, s->u, s->u);
  multiply(s->t, s->x, s->u);
  square(s->x, s->v);
  subtract(s->x, s->x, s->t);
  subtract(s->x, s->x, s->t);
  reduce(s->x);
  subtract(s->t, s->t, s->x);
  multiply(s->y, s->v, s->t);
  square(s->u, s->u);
  subtract(s->y, s->y, s->u);
  subtract(s->y, s->y, s->u);
  reduce(s->y);
}

/* The affine point is in x2, y2. */
static void plus(Sum *s) {
  square(s->t, s->z);
  multiply(s->h, s->x2, s->t);
  subtract(s->h, s->h, s->x);
  multiply(s->t, s->t, s->z);
  multiply(s->r, s->y2, s->t);
  subtract(s->r, s->r, s->y);
  square(s->t, s->h);
  multiply(s->v, s->x, s->t);
  multiply(s->t, s->t, s->h);
  multiply(s->z, s->z, s->h);
  square(s->x, s->r);
  subtract(s->x, s->x, s->t);
  subtract(s->x, s->x, s->v);
  subtract(s->x, s->x, s->v);
  reduce(s->x);
  subtract(s->v, s->v, s->x);
  multiply(s->v, s->v, s->r);
  multiply(s->t, s->t, s->y);
  subtract(s->y, s->v, s->t);
}

/* x2, y2 = point `choice` of `choices`, all of which are read; only that one where choices is 0. */
static void choose(Sum *s, const int64_t *points, int choices, int choice) {
  int64_t *to = s->x2;
  if (choices == 0) {
    memcpy(to, points + choice * AFFINE, AFFINE * sizeof *to);
    return;
  }
  int64_t chosen[AFFINE] = {0};
  for (int i = 0; i < choices; i++) {
    int64_t mask = ((int64_t) (i ^ choice) - 1) >> 63;
    for (int j = 0; j < AFFINE; j++) {
      chosen[j] |= points[i * AFFINE + j] & mask;
    }
  }
  memcpy(to, chosen, sizeof chosen);
}

/*
 * Adds a point for each digit, from the last to the first, to a sum that has begun or not, and says that it
 * has. A digit is its index times 2, plus 1 where it is negative. Before each digit the sum is doubled
 * `doublings` times; digit i chooses in the row that begins at point i * row.
 */
EXPORT void parley_p256_add(
    int64_t *sum, int begun, const int64_t *points, const uint8_t *digits, int count, int doublings,
    int row, int choices) {
  Sum *s = (Sum *) sum;
  for (int i = count - 1; i >= 0; i--) {
    for (int d = 0; begun && d < doublings; d++) {
      twice(s);
    }
    choose(s, points + (int64_t) i * row * AFFINE, choices, digits[i] >> 1);
    int64_t negative = -(int64_t) (digits[i] & 1);
    for (int j = 0; j < LIMBS; j++) {
      s->y2[j] = (s->y2[j] ^ negative) - negative;
    }
    if (begun) {
      plus(s);
    } else {
      memcpy(s->x, s->x2, AFFINE * sizeof *sum);
      memcpy(s->z, ONE, sizeof ONE);
      begun = 1;
    }
  }
}
