/* Montgomery's product with two chains of carries side by side (MULX, ADCX, ADOX). */
#include "field.h"

#if defined(__x86_64__)

/* t[j] += a[j] rdx + the high half of the word before, which is in IN; this one's goes to OUT. */
#define ADD_WORD(j, in, out)             \
  "mulx 8*" #j "(%[a]), %%r8, %%" out "\n\t" \
  "adcx 8*" #j "(%[t]), %%r8\n\t"        \
  "adox %%" in ", %%r8\n\t"              \
  "movq %%r8, 8*" #j "(%[t])\n\t"

/* The same a word lower. */
#define SHIFT_WORD(j, in, out)           \
  "mulx 8*" #j "(%[a]), %%r8, %%" out "\n\t" \
  "adcx 8*" #j "(%[t]), %%r8\n\t"        \
  "adox %%" in ", %%r8\n\t"              \
  "movq %%r8, 8*" #j "-8(%[t])\n\t"

/* t += a b */
static inline void add_row(uint64_t *t, const uint64_t *a, uint64_t b) {
  __asm__ volatile(
      "xorl %%r10d, %%r10d\n\t" /* and both carries */
      ADD_WORD(0, "r10", "r9") ADD_WORD(1, "r9", "r10") ADD_WORD(2, "r10", "r9")
      ADD_WORD(3, "r9", "r10") ADD_WORD(4, "r10", "r9") ADD_WORD(5, "r9", "r10")
      ADD_WORD(6, "r10", "r9") ADD_WORD(7, "r9", "r10") ADD_WORD(8, "r10", "r9")
      ADD_WORD(9, "r9", "r10") ADD_WORD(10, "r10", "r9") ADD_WORD(11, "r9", "r10")
      ADD_WORD(12, "r10", "r9") ADD_WORD(13, "r9", "r10") ADD_WORD(14, "r10", "r9")
      ADD_WORD(15, "r9", "r10")
      "movl $0, %%r8d\n\t"
      "adcx 8*16(%[t]), %%r8\n\t"
      "adox %%r10, %%r8\n\t"
      "movq %%r8, 8*16(%[t])\n\t"
      "movl $0, %%r8d\n\t"
      "adcx %%r8, %%r8\n\t"
      "movl $0, %%r9d\n\t"
      "adox %%r9, %%r8\n\t"
      "movq %%r8, 8*17(%[t])\n\t"
      :
      : [t] "r"(t), [a] "r"(a), "d"(b)
      : "r8", "r9", "r10", "cc", "memory");
}

/* t = (t + a b) / 2^64, whose lowest word is 0 */
static inline void reduce_row(uint64_t *t, const uint64_t *a, uint64_t b) {
  __asm__ volatile(
      "xorl %%r10d, %%r10d\n\t"
      "mulx (%[a]), %%r8, %%r9\n\t"
      "adcx (%[t]), %%r8\n\t"
      SHIFT_WORD(1, "r9", "r10") SHIFT_WORD(2, "r10", "r9") SHIFT_WORD(3, "r9", "r10")
      SHIFT_WORD(4, "r10", "r9") SHIFT_WORD(5, "r9", "r10") SHIFT_WORD(6, "r10", "r9")
      SHIFT_WORD(7, "r9", "r10") SHIFT_WORD(8, "r10", "r9") SHIFT_WORD(9, "r9", "r10")
      SHIFT_WORD(10, "r10", "r9") SHIFT_WORD(11, "r9", "r10") SHIFT_WORD(12, "r10", "r9")
      SHIFT_WORD(13, "r9", "r10") SHIFT_WORD(14, "r10", "r9") SHIFT_WORD(15, "r9", "r10")
      "movl $0, %%r8d\n\t"
      "adcx 8*16(%[t]), %%r8\n\t"
      "adox %%r10, %%r8\n\t"
      "movq %%r8, 8*15(%[t])\n\t"
      "movq 8*17(%[t]), %%r8\n\t"
      "movl $0, %%r9d\n\t"
      "adcx %%r9, %%r8\n\t"
      "adox %%r9, %%r8\n\t"
      "movq %%r8, 8*16(%[t])\n\t"
      :
      : [t] "r"(t), [a] "r"(a), "d"(b)
      : "r8", "r9", "r10", "cc", "memory");
}

void multiply_adx(uint64_t *to, const uint64_t *a, const uint64_t *b, const Field *field) {
  uint64_t t[WORDS + 2] = {0};
  for (int i = 0; i < WORDS; i++) {
    add_row(t, a, b[i]);
    reduce_row(t, field->modulus, t[0] * field->negated_inverse);
  }
  reduce_once(to, t, t[WORDS], field);
}

#endif
