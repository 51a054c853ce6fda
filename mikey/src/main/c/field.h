/*
 * Arithmetic modulo an odd number of 1022 to 1024 bits, for NativeField.java; p256.h is for P-256.
 *
 * An element is 16 words, the lowest first, in Montgomery form with R = 2^1024, below the modulus.
 * No branch and no address depends on an element.
 */
#ifndef PARLEY_FIELD_H
#define PARLEY_FIELD_H

#include <stdint.h>

#define EXPORT __attribute__((visibility("default")))

enum { WORDS = 16, ABI_VERSION = 3 };

/* The modulus, and -modulus^-1 mod 2^64. */
typedef struct {
  uint64_t modulus[WORDS];
  uint64_t negated_inverse;
} Field;

/* to = a b / R; all three may be the same. */
typedef void Multiply(uint64_t *to, const uint64_t *a, const uint64_t *b, const Field *field);

Multiply multiply_portable;
#if defined(__x86_64__)
Multiply multiply_adx;
#endif

/* to = t - modulus where carry:t is not below it, otherwise t; carry:t is below twice the modulus. */
void reduce_once(uint64_t *to, const uint64_t *t, uint64_t carry, const Field *field);

#endif
