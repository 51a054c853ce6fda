/* The field of P-256 with MULX and two chains of carries side by side (ADCX, ADOX). */
#include "p256.h"

#include <stddef.h>

#if defined(__x86_64__)

static const uint64_t MIDDLE = P1;
static const uint64_t TOP = P3;

/* t[j] and t[j + 1] += a[i] rdx, with a chain of carries for the low and one for the high halves. */
#define ADD_PRODUCT(i, t0, t1)            \
  "mulx 8*" #i "(%[a]), %%rax, %%rcx\n\t" \
  "adcx %%rax, %%" t0 "\n\t"              \
  "adox %%rcx, %%" t1 "\n\t"

/* t += a b[i], whose highest word begins here. */
#define ADD_ROW(i, t0, t1, t2, t3, t4)       \
  "xorq %%" t4 ", %%" t4 "\n\t" /* and both carries */ \
  "movq 8*" #i "(%[b]), %%rdx\n\t"           \
  ADD_PRODUCT(0, t0, t1)                     \
  ADD_PRODUCT(1, t1, t2)                     \
  ADD_PRODUCT(2, t2, t3)                     \
  ADD_PRODUCT(3, t3, t4)                     \
  "adcq $0, %%" t4 "\n\t"

/*
 * Adds m p and drops the lowest word m, which becomes the highest of the four that are left: as -1/p is 1
 * modulo 2^64 and m p is m 2^256 - m 2^224 + m 2^192 + m 2^96 - m, that takes a single product.
 */
#define REDUCE_WORD(m, t1, t2, t3)  \
  "movq %%" m ", %%rdx\n\t"         \
  "movq %%" m ", %%rax\n\t"         \
  "movq %%" m ", %%rcx\n\t"         \
  "shlq $32, %%rax\n\t"             \
  "shrq $32, %%rcx\n\t"             \
  "addq %%rax, %%" t1 "\n\t"        \
  "adcq %%rcx, %%" t2 "\n\t"        \
  "mulx %[top], %%rax, %%" m "\n\t" \
  "adcq %%rax, %%" t3 "\n\t"        \
  "adcq $0, %%" m "\n\t"

/* r8 to r15, a product, to r12 to r15 modulo p. */
#define REDUCE                              \
  REDUCE_WORD("r8", "r9", "r10", "r11")     \
  REDUCE_WORD("r9", "r10", "r11", "r8")     \
  REDUCE_WORD("r10", "r11", "r8", "r9")     \
  REDUCE_WORD("r11", "r8", "r9", "r10")     \
  "xorl %%edx, %%edx\n\t"                   \
  "addq %%r8, %%r12\n\t"                    \
  "adcq %%r9, %%r13\n\t"                    \
  "adcq %%r10, %%r14\n\t"                   \
  "adcq %%r11, %%r15\n\t"                   \
  "adcq $0, %%rdx\n\t"                      \
  SUBTRACT_P("r12", "r13", "r14", "r15", "r8", "r9", "r10", "r11")

/* Unless rdx:t would be negative. */
#define SUBTRACT_P(t0, t1, t2, t3, u0, u1, u2, u3) \
  "movq %%" t0 ", %%" u0 "\n\t"                    \
  "movq %%" t1 ", %%" u1 "\n\t"                    \
  "movq %%" t2 ", %%" u2 "\n\t"                    \
  "movq %%" t3 ", %%" u3 "\n\t"                    \
  "subq $-1, %%" u0 "\n\t"                         \
  "sbbq %[middle], %%" u1 "\n\t"                   \
  "sbbq $0, %%" u2 "\n\t"                          \
  "sbbq %[top], %%" u3 "\n\t"                      \
  "sbbq $0, %%rdx\n\t"                             \
  "cmovncq %%" u0 ", %%" t0 "\n\t"                 \
  "cmovncq %%" u1 ", %%" t1 "\n\t"                 \
  "cmovncq %%" u2 ", %%" t2 "\n\t"                 \
  "cmovncq %%" u3 ", %%" t3 "\n\t"

#define STORE(t0, t1, t2, t3)         \
  "movq %%" t0 ", (%[to])\n\t"        \
  "movq %%" t1 ", 8(%[to])\n\t"       \
  "movq %%" t2 ", 16(%[to])\n\t"      \
  "movq %%" t3 ", 24(%[to])\n\t"

static inline void multiply(Element *to, const Element *a, const Element *b) {
  __asm__(
      "movq (%[b]), %%rdx\n\t"
      "mulx (%[a]), %%r8, %%r9\n\t"
      "mulx 8(%[a]), %%rax, %%r10\n\t"
      "addq %%rax, %%r9\n\t"
      "mulx 16(%[a]), %%rax, %%r11\n\t"
      "adcq %%rax, %%r10\n\t"
      "mulx 24(%[a]), %%rax, %%r12\n\t"
      "adcq %%rax, %%r11\n\t"
      "adcq $0, %%r12\n\t"
      ADD_ROW(1, "r9", "r10", "r11", "r12", "r13")
      ADD_ROW(2, "r10", "r11", "r12", "r13", "r14")
      ADD_ROW(3, "r11", "r12", "r13", "r14", "r15")
      REDUCE
      STORE("r12", "r13", "r14", "r15")
      : "=m"(*to)
      : [to] "r"(to), [a] "r"(a), [b] "r"(b), [middle] "m"(MIDDLE), [top] "m"(TOP), "m"(*a), "m"(*b)
      : "rax", "rcx", "rdx", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "cc");
}

static inline void square(Element *to, const Element *a) {
  __asm__(
      /* what stands beside the diagonal, once */
      "movq (%[a]), %%rdx\n\t"
      "mulx 8(%[a]), %%r9, %%r10\n\t"
      "mulx 16(%[a]), %%rax, %%r11\n\t"
      "addq %%rax, %%r10\n\t"
      "mulx 24(%[a]), %%rax, %%r12\n\t"
      "adcq %%rax, %%r11\n\t"
      "adcq $0, %%r12\n\t"
      "movq 8(%[a]), %%rdx\n\t"
      "xorl %%r13d, %%r13d\n\t"
      ADD_PRODUCT(2, "r11", "r12")
      ADD_PRODUCT(3, "r12", "r13")
      "adcq $0, %%r13\n\t"
      "movq 16(%[a]), %%rdx\n\t"
      "mulx 24(%[a]), %%rax, %%r14\n\t"
      "addq %%rax, %%r13\n\t"
      "adcq $0, %%r14\n\t"
      /* twice that by one chain, and the diagonal by the other */
      "xorl %%r15d, %%r15d\n\t"
      "movq (%[a]), %%rdx\n\t"
      "mulx %%rdx, %%r8, %%rax\n\t"
      "adcx %%r9, %%r9\n\t"
      "adox %%rax, %%r9\n\t"
      "movq 8(%[a]), %%rdx\n\t"
      "mulx %%rdx, %%rax, %%rcx\n\t"
      "adcx %%r10, %%r10\n\t"
      "adox %%rax, %%r10\n\t"
      "adcx %%r11, %%r11\n\t"
      "adox %%rcx, %%r11\n\t"
      "movq 16(%[a]), %%rdx\n\t"
      "mulx %%rdx, %%rax, %%rcx\n\t"
      "adcx %%r12, %%r12\n\t"
      "adox %%rax, %%r12\n\t"
      "adcx %%r13, %%r13\n\t"
      "adox %%rcx, %%r13\n\t"
      "movq 24(%[a]), %%rdx\n\t"
      "mulx %%rdx, %%rax, %%rcx\n\t"
      "adcx %%r14, %%r14\n\t"
      "adox %%rax, %%r14\n\t"
      "adcx %%r15, %%r15\n\t"
      "adox %%rcx, %%r15\n\t"
      REDUCE
      STORE("r12", "r13", "r14", "r15")
      : "=m"(*to)
      : [to] "r"(to), [a] "r"(a), [middle] "m"(MIDDLE), [top] "m"(TOP), "m"(*a)
      : "rax", "rcx", "rdx", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "cc");
}

static inline void add(Element *to, const Element *a, const Element *b) {
  __asm__(
      "movq (%[a]), %%r8\n\t"
      "movq 8(%[a]), %%r9\n\t"
      "movq 16(%[a]), %%r10\n\t"
      "movq 24(%[a]), %%r11\n\t"
      "xorl %%edx, %%edx\n\t"
      "addq (%[b]), %%r8\n\t"
      "adcq 8(%[b]), %%r9\n\t"
      "adcq 16(%[b]), %%r10\n\t"
      "adcq 24(%[b]), %%r11\n\t"
      "adcq $0, %%rdx\n\t"
      SUBTRACT_P("r8", "r9", "r10", "r11", "rax", "rcx", "r12", "r13")
      STORE("r8", "r9", "r10", "r11")
      : "=m"(*to)
      : [to] "r"(to), [a] "r"(a), [b] "r"(b), [middle] "m"(MIDDLE), [top] "m"(TOP), "m"(*a), "m"(*b)
      : "rax", "rcx", "rdx", "r8", "r9", "r10", "r11", "r12", "r13", "cc");
}

static inline void subtract(Element *to, const Element *a, const Element *b) {
  __asm__(
      "movq (%[a]), %%r8\n\t"
      "movq 8(%[a]), %%r9\n\t"
      "movq 16(%[a]), %%r10\n\t"
      "movq 24(%[a]), %%r11\n\t"
      "subq (%[b]), %%r8\n\t"
      "sbbq 8(%[b]), %%r9\n\t"
      "sbbq 16(%[b]), %%r10\n\t"
      "sbbq 24(%[b]), %%r11\n\t"
      "sbbq %%rax, %%rax\n\t" /* all ones where p is to be added */
      "movl %%eax, %%ecx\n\t" /* p's second word then */
      "movq %%rax, %%rdx\n\t"
      "andq %[top], %%rdx\n\t"
      "addq %%rax, %%r8\n\t"
      "adcq %%rcx, %%r9\n\t"
      "adcq $0, %%r10\n\t"
      "adcq %%rdx, %%r11\n\t"
      STORE("r8", "r9", "r10", "r11")
      : "=m"(*to)
      : [to] "r"(to), [a] "r"(a), [b] "r"(b), [top] "m"(TOP), "m"(*a), "m"(*b)
      : "rax", "rcx", "rdx", "r8", "r9", "r10", "r11", "cc");
}

#define TIER(name) name##_adx
#include "p256_formulas.inc"

#endif
