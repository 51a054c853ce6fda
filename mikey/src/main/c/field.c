#include "field.h"

#include <string.h>

__extension__ typedef unsigned __int128 Wide;

/* as Formula.java counts them */
enum { MULTIPLY, SQUARE, ADD, SUBTRACT, COPY };

void reduce_once(uint64_t *to, const uint64_t *t, uint64_t carry, const Field *field) {
  uint64_t reduced[WORDS];
  uint64_t borrow = 0;
  for (int i = 0; i < WORDS; i++) {
    Wide difference = (Wide) t[i] - field->modulus[i] - borrow;
    reduced[i] = (uint64_t) difference;
    borrow = (uint64_t) (difference >> 64) & 1;
  }
  uint64_t keep = carry - borrow; /* all ones where t was below, as carry is then 0 */
  for (int i = 0; i < WORDS; i++) {
    to[i] = (t[i] & keep) | (reduced[i] & ~keep);
  }
}

static void add(uint64_t *to, const uint64_t *a, const uint64_t *b, const Field *field) {
  uint64_t sum[WORDS];
  uint64_t carry = 0;
  for (int i = 0; i < WORDS; i++) {
    Wide s = (Wide) a[i] + b[i] + carry;
    sum[i] = (uint64_t) s;
    carry = (uint64_t) (s >> 64);
  }
  reduce_once(to, sum, carry, field);
}

static void subtract(uint64_t *to, const uint64_t *a, const uint64_t *b, const Field *field) {
  uint64_t borrow = 0;
  for (int i = 0; i < WORDS; i++) {
    Wide difference = (Wide) a[i] - b[i] - borrow;
    to[i] = (uint64_t) difference;
    borrow = (uint64_t) (difference >> 64) & 1;
  }
  uint64_t carry = 0;
  for (int i = 0; i < WORDS; i++) {
    Wide s = (Wide) to[i] + (field->modulus[i] & -borrow) + carry;
    to[i] = (uint64_t) s;
    carry = (uint64_t) (s >> 64);
  }
}

/* Montgomery's product, a word of b at a time. */
void multiply_portable(uint64_t *to, const uint64_t *a, const uint64_t *b, const Field *field) {
  uint64_t t[WORDS + 2] = {0};
  for (int i = 0; i < WORDS; i++) {
    uint64_t carry = 0;
    for (int j = 0; j < WORDS; j++) {
      Wide s = (Wide) a[j] * b[i] + t[j] + carry;
      t[j] = (uint64_t) s;
      carry = (uint64_t) (s >> 64);
    }
    Wide top = (Wide) t[WORDS] + carry;
    t[WORDS] = (uint64_t) top;
    t[WORDS + 1] = (uint64_t) (top >> 64);
    uint64_t quotient = t[0] * field->negated_inverse;
    Wide low = (Wide) quotient * field->modulus[0] + t[0];
    carry = (uint64_t) (low >> 64);
    for (int j = 1; j < WORDS; j++) {
      Wide s = (Wide) quotient * field->modulus[j] + t[j] + carry;
      t[j - 1] = (uint64_t) s;
      carry = (uint64_t) (s >> 64);
    }
    top = (Wide) t[WORDS] + carry;
    t[WORDS - 1] = (uint64_t) top;
    t[WORDS] = t[WORDS + 1] + (uint64_t) (top >> 64);
  }
  reduce_once(to, t, t[WORDS], field);
}

static Multiply *multiplier(int tier) {
#if defined(__x86_64__)
  if (tier == 1) {
    return multiply_adx;
  }
#else
  (void) tier;
#endif
  return multiply_portable;
}

EXPORT int parley_field_abi(void) {
  return ABI_VERSION;
}

/* The highest tier of this processor: 1 where it has MULX, ADCX and ADOX, otherwise 0. */
EXPORT int parley_field_tier(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("adx");
#else
  return 0;
#endif
}

EXPORT void parley_field_multiply(int tier, const uint64_t *field, uint64_t *memory, int to, int a, int b) {
  multiplier(tier)(memory + to, memory + a, memory + b, (const Field *) field);
}

EXPORT void parley_field_run(
    int tier, const uint64_t *of, const int32_t *steps, int count, uint64_t *memory, int base) {
  const Field *field = (const Field *) of;
  Multiply *multiply = multiplier(tier);
  uint64_t *elements = memory + base;
  for (int i = 0; i < count; i++) {
    uint64_t *to = elements + (steps[i] >> 16 & 0xFF) * WORDS;
    const uint64_t *a = elements + (steps[i] >> 8 & 0xFF) * WORDS;
    const uint64_t *b = elements + (steps[i] & 0xFF) * WORDS;
    switch (steps[i] >> 24) {
      case MULTIPLY:
      case SQUARE:
        multiply(to, a, b, field);
        break;
      case ADD:
        add(to, a, b, field);
        break;
      case SUBTRACT:
        subtract(to, a, b, field);
        break;
      case COPY:
        memmove(to, a, WORDS * sizeof *to);
        break;
    }
  }
}
