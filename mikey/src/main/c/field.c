#include "field.h"

#include <string.h>

__extension__ typedef unsigned __int128 Wide;

#if defined(__x86_64__)
/* Compilers do not keep a carry in its flag from word to word. */
#define EACH_WORD(X) \
  X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15)
#define ADD_WORD(j) \
  "movq 8*" #j "(%[a]), %%rax\n\tadcq 8*" #j "(%[b]), %%rax\n\tmovq %%rax, 8*" #j "(%[to])\n\t"
#define SUBTRACT_WORD(j) \
  "movq 8*" #j "(%[a]), %%rax\n\tsbbq 8*" #j "(%[b]), %%rax\n\tmovq %%rax, 8*" #j "(%[to])\n\t"
#define SELECT_WORD(j) \
  "movq 8*" #j "(%[b]), %%rax\n\tcmovnzq 8*" #j "(%[a]), %%rax\n\tmovq %%rax, 8*" #j "(%[to])\n\t"
#endif

/* as Formula.java counts them */
enum { MULTIPLY, SQUARE, ADD, SUBTRACT, COPY };

/* to = a + b, two numbers of 16 words; the carry. */
static uint64_t sum(uint64_t *to, const uint64_t *a, const uint64_t *b) {
#if defined(__x86_64__)
  uint64_t carry;
  __asm__(
      "xorl %%ecx, %%ecx\n\t" /* and the carry */
      EACH_WORD(ADD_WORD)
      "adcq $0, %%rcx\n\t"
      : "=&c"(carry), "=m"(*(uint64_t (*)[WORDS]) to)
      : [to] "r"(to), [a] "r"(a), [b] "r"(b), "m"(*(const uint64_t (*)[WORDS]) a),
        "m"(*(const uint64_t (*)[WORDS]) b)
      : "rax", "cc");
#else
  uint64_t carry = 0;
  for (int i = 0; i < WORDS; i++) {
    Wide s = (Wide) a[i] + b[i] + carry;
    to[i] = (uint64_t) s;
    carry = (uint64_t) (s >> 64);
  }
#endif
  return carry;
}

/* to = a - b; the borrow. */
static uint64_t difference(uint64_t *to, const uint64_t *a, const uint64_t *b) {
#if defined(__x86_64__)
  uint64_t borrow;
  __asm__(
      "xorl %%ecx, %%ecx\n\t"
      EACH_WORD(SUBTRACT_WORD)
      "adcq $0, %%rcx\n\t"
      : "=&c"(borrow), "=m"(*(uint64_t (*)[WORDS]) to)
      : [to] "r"(to), [a] "r"(a), [b] "r"(b), "m"(*(const uint64_t (*)[WORDS]) a),
        "m"(*(const uint64_t (*)[WORDS]) b)
      : "rax", "cc");
#else
  uint64_t borrow = 0;
  for (int i = 0; i < WORDS; i++) {
    Wide d = (Wide) a[i] - b[i] - borrow;
    to[i] = (uint64_t) d;
    borrow = (uint64_t) (d >> 64) & 1;
  }
#endif
  return borrow;
}

/* to = a where mask is all ones, b where it is 0. */
static void select(uint64_t *to, const uint64_t *a, const uint64_t *b, uint64_t mask) {
#if defined(__x86_64__)
  /* word by word: what was stored by words is not there yet for a wider load */
  __asm__(
      "testq %[mask], %[mask]\n\t"
      EACH_WORD(SELECT_WORD)
      : "=m"(*(uint64_t (*)[WORDS]) to)
      : [to] "r"(to), [a] "r"(a), [b] "r"(b), [mask] "r"(mask), "m"(*(const uint64_t (*)[WORDS]) a),
        "m"(*(const uint64_t (*)[WORDS]) b)
      : "rax", "cc");
#else
  for (int i = 0; i < WORDS; i++) {
    to[i] = (a[i] & mask) | (b[i] & ~mask);
  }
#endif
}

void reduce_once(uint64_t *to, const uint64_t *t, uint64_t carry, const Field *field) {
  uint64_t reduced[WORDS];
  uint64_t borrow = difference(reduced, t, field->modulus);
  /* all ones where t was below, as carry is then 0 */
  select(to, t, reduced, carry - borrow);
}

static void add(uint64_t *to, const uint64_t *a, const uint64_t *b, const Field *field) {
  uint64_t total[WORDS];
  uint64_t carry = sum(total, a, b);
  reduce_once(to, total, carry, field);
}

static void subtract(uint64_t *to, const uint64_t *a, const uint64_t *b, const Field *field) {
  uint64_t rest[WORDS];
  uint64_t mask = -difference(rest, a, b);
  uint64_t modulus[WORDS];
  for (int i = 0; i < WORDS; i++) {
    modulus[i] = field->modulus[i] & mask;
  }
  sum(to, rest, modulus);
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

EXPORT int parley_mikey_abi(void) {
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
