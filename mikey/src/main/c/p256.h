/*
 * Sums of points of P-256 and inversions, for P256Library.java.
 *
 * Here an element of the field is four words, the lowest first, in Montgomery form with R = 2^256, below p.
 * FieldP.java has five signed limbs of 52 bits and R = 2^260: what comes from there or goes there is
 * converted, but tables are made and read here alone. p256_formulas.inc has all that knows a point, and is
 * compiled for each way to multiply.
 *
 * No branch and no address depends on an element, nor on a digit of a scalar where all choices are read.
 */
#ifndef PARLEY_P256_H
#define PARLEY_P256_H

#include "field.h"

typedef struct {
  uint64_t w[4];
} Element;

/* As tables have it. */
typedef struct {
  Element x, y;
} Affine;

/* (X/Z^2, Y/Z^3); nothing where Z is 0. */
typedef struct {
  Element x, y, z;
} Point;

enum {
  LIMBS = 5,
  LIMB_BITS = 52,
  /* Of a row of a table, and of a comb: what a digit of 7 bits chooses from. */
  MOST_CHOICES = 64
};

/* p = 2^256 - 2^224 + 2^192 + 2^96 - 1, but for the word that is 0 */
#define P0 UINT64_C(0xffffffffffffffff)
#define P1 UINT64_C(0x00000000ffffffff)
#define P3 UINT64_C(0xffffffff00000001)

/* How a sum takes its points. */
typedef struct {
  /* From the last to the first: the index times 2, plus 1 where it is negative. */
  const uint8_t *digits;
  int count;
  /* Before each digit of the last row. */
  int doublings;
  /* Digit i chooses in row i modulo that. */
  int rows;
  /* The points of a row. */
  int choices;
  /* Whether all of them are read, whichever is chosen. */
  int hidden;
} Multiple;

/* To X, Y and Z as FieldP.java has them, which are there if `begun`. */
typedef void AddMultiple(int64_t *sum, int begun, const Affine *points, const Multiple *multiple);
/* `rows` rows of the first odd multiples of the base, as digits of `width` bits choose them. */
typedef void MakeTable(Affine *table, const int64_t *base, int width, int rows);
/*
 * A row of the sums and differences of `width` teeth, the last one positive, and as many rows. The teeth are
 * the base times powers of two `spacing` apart, and each row has the next of them.
 */
typedef void MakeComb(Affine *comb, const int64_t *base, int width, int rows, int spacing);
/* to = a b, to = a^2, to = a + b, to = a - b, one behind the other: for tests. */
typedef void Compute(Element *to, const Element *a, const Element *b);

AddMultiple p256_add_multiple_portable;
MakeTable p256_make_table_portable;
MakeComb p256_make_comb_portable;
Compute p256_compute_portable;
#if defined(__x86_64__)
AddMultiple p256_add_multiple_adx;
MakeTable p256_make_table_adx;
MakeComb p256_make_comb_adx;
Compute p256_compute_adx;
#endif

/* Puts the inverse modulo an odd number of 256 bits in the place of a number below it; 0 stays 0. */
void invert_words(uint64_t *number, const uint64_t *modulus);

#endif
