/*
 * Inverses by divsteps ("Fast constant-time gcd computation and modular inversion", Bernstein and Yang, 2019),
 * 59 at a time on the lowest words, in the variant that begins with delta = 1/2: 590 suffice for 256 bits.
 * Numbers are five signed limbs of 62 bits. No branch and no address depends on the number.
 */
#include "p256.h"

#include <stddef.h>
#include <string.h>

__extension__ typedef __int128 Wide;

enum { LENGTH = 5, BITS = 62, STEPS = 59, ROUNDS = 10 };

static const uint64_t MASK = ((uint64_t) 1 << BITS) - 1;

typedef struct {
  int64_t l[LENGTH];
} Number;

/* (f, g) after the steps is (u f + v g, q f + r g) / 2^62. */
typedef struct {
  int64_t u, v, q, r;
} Steps;

/* A number of 256 bits in four words. */
static void unpack(Number *to, const uint64_t *w) {
  to->l[0] = (int64_t) (w[0] & MASK);
  to->l[1] = (int64_t) ((w[0] >> 62 | w[1] << 2) & MASK);
  to->l[2] = (int64_t) ((w[1] >> 60 | w[2] << 4) & MASK);
  to->l[3] = (int64_t) ((w[2] >> 58 | w[3] << 6) & MASK);
  to->l[4] = (int64_t) (w[3] >> 56);
}

static void pack(uint64_t *w, const Number *from) {
  const int64_t *l = from->l;
  w[0] = (uint64_t) l[0] | (uint64_t) l[1] << 62;
  w[1] = (uint64_t) l[1] >> 2 | (uint64_t) l[2] << 60;
  w[2] = (uint64_t) l[2] >> 4 | (uint64_t) l[3] << 58;
  w[3] = (uint64_t) l[3] >> 6 | (uint64_t) l[4] << 56;
}

/*
 * Where delta > 0 and g is odd, (delta, f, g) becomes (1 - delta, g, (g - f)/2), otherwise (1 + delta, f,
 * (g + (g mod 2) f)/2); zeta is -(delta + 1/2). Factors begin as 2^3, for 62 bits after 59 steps.
 */
static int64_t divide(int64_t zeta, uint64_t f, uint64_t g, Steps *steps) {
  uint64_t u = 8;
  uint64_t v = 0;
  uint64_t q = 0;
  uint64_t r = 8;
  for (int i = 0; i < STEPS; i++) {
    uint64_t positive = (uint64_t) (zeta >> 63);
    uint64_t odd = -(g & 1);
    g += ((f ^ positive) - positive) & odd;
    q += ((u ^ positive) - positive) & odd;
    r += ((v ^ positive) - positive) & odd;
    uint64_t swap = positive & odd;
    zeta = (zeta ^ (int64_t) swap) - 1;
    f += g & swap;
    u += q & swap;
    v += r & swap;
    g >>= 1;
    u <<= 1;
    v <<= 1;
  }
  steps->u = (int64_t) u;
  steps->v = (int64_t) v;
  steps->q = (int64_t) q;
  steps->r = (int64_t) r;
  return zeta;
}

static void update(Number *f, Number *g, const Steps *s) {
  Wide cf = (Wide) s->u * f->l[0] + (Wide) s->v * g->l[0];
  Wide cg = (Wide) s->q * f->l[0] + (Wide) s->r * g->l[0];
  for (int i = 1; i < LENGTH; i++) {
    cf = (cf >> BITS) + (Wide) s->u * f->l[i] + (Wide) s->v * g->l[i];
    cg = (cg >> BITS) + (Wide) s->q * f->l[i] + (Wide) s->r * g->l[i];
    f->l[i - 1] = (int64_t) ((uint64_t) cf & MASK);
    g->l[i - 1] = (int64_t) ((uint64_t) cg & MASK);
  }
  f->l[LENGTH - 1] = (int64_t) (cf >> BITS);
  g->l[LENGTH - 1] = (int64_t) (cg >> BITS);
}

/* As update, modulo m, of numbers between -2m and m, which they stay. `inverse` is that of m modulo 2^62. */
static void update_modulo(Number *d, Number *e, const Steps *s, const Number *m, uint64_t inverse) {
  int64_t sd = d->l[LENGTH - 1] >> 63;
  int64_t se = e->l[LENGTH - 1] >> 63;
  /* how many times m to add: so that negative ones become positive, and the lowest limbs 0 */
  int64_t md = (s->u & sd) + (s->v & se);
  int64_t me = (s->q & sd) + (s->r & se);
  Wide cd = (Wide) s->u * d->l[0] + (Wide) s->v * e->l[0];
  Wide ce = (Wide) s->q * d->l[0] + (Wide) s->r * e->l[0];
  md -= (int64_t) ((inverse * (uint64_t) cd + (uint64_t) md) & MASK);
  me -= (int64_t) ((inverse * (uint64_t) ce + (uint64_t) me) & MASK);
  cd += (Wide) m->l[0] * md;
  ce += (Wide) m->l[0] * me;
  for (int i = 1; i < LENGTH; i++) {
    cd = (cd >> BITS) + (Wide) s->u * d->l[i] + (Wide) s->v * e->l[i] + (Wide) m->l[i] * md;
    ce = (ce >> BITS) + (Wide) s->q * d->l[i] + (Wide) s->r * e->l[i] + (Wide) m->l[i] * me;
    d->l[i - 1] = (int64_t) ((uint64_t) cd & MASK);
    e->l[i - 1] = (int64_t) ((uint64_t) ce & MASK);
  }
  d->l[LENGTH - 1] = (int64_t) (cd >> BITS);
  e->l[LENGTH - 1] = (int64_t) (ce >> BITS);
}

static void carry(Number *n) {
  for (int i = 0; i < LENGTH - 1; i++) {
    n->l[i + 1] += n->l[i] >> BITS;
    n->l[i] &= (int64_t) MASK;
  }
}

static void add_if_negative(Number *n, const Number *m) {
  int64_t mask = n->l[LENGTH - 1] >> 63;
  for (int i = 0; i < LENGTH; i++) {
    n->l[i] += m->l[i] & mask;
  }
  carry(n);
}

/* A number between -2m and m, or its opposite where sign is -1, to below m. */
static void normalise(Number *n, int64_t sign, const Number *m) {
  add_if_negative(n, m);
  for (int i = 0; i < LENGTH; i++) {
    n->l[i] = (n->l[i] ^ sign) - sign;
  }
  carry(n);
  add_if_negative(n, m);
}

void invert_words(uint64_t *number, const uint64_t *modulus) {
  struct {
    Number m, d, e, f, g;
    Steps steps;
  } w = {0};
  unpack(&w.m, modulus);
  unpack(&w.g, number);
  w.f = w.m;
  w.e.l[0] = 1;
  uint64_t inverse = modulus[0]; /* to 3 bits, then twice as many each time */
  for (int i = 0; i < 5; i++) {
    inverse *= 2 - modulus[0] * inverse;
  }
  int64_t zeta = -1;
  for (int i = 0; i < ROUNDS; i++) {
    zeta = divide(
        zeta,
        (uint64_t) w.f.l[0] | (uint64_t) w.f.l[1] << BITS,
        (uint64_t) w.g.l[0] | (uint64_t) w.g.l[1] << BITS,
        &w.steps);
    update_modulo(&w.d, &w.e, &w.steps, &w.m, inverse);
    update(&w.f, &w.g, &w.steps);
  }
  normalise(&w.d, w.f.l[LENGTH - 1] >> 63, &w.m);
  pack(number, &w.d);
  memset(&w, 0, sizeof w);
  __asm__ volatile("" : : "r"(&w) : "memory"); /* the compiler must not leave it out */
}
