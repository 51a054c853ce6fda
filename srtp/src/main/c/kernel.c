/* What Java calls: keys are made and zeroed, batches sealed and opened. */
#include "kernel.h"

#include <cpuid.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

enum { BIT_AESNI = 1, BIT_VAES = 2, BIT_AVX512 = 4, BIT_SHANI = 8 };

static unsigned long long enabled_registers(void) {
  unsigned low, high;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (unsigned long long)high << 32 | low;
}

/* What processor and operating system offer together. */
static int detect(void) {
  unsigned a, b, c, d, b7 = 0, c7 = 0;
  int found = 0;
  if (!__get_cpuid(1, &a, &b, &c, &d)) {
    return 0;
  }
  if ((c & bit_AES) && (c & bit_PCLMUL) && (c & bit_SSE4_1) && (c & bit_SSSE3)) {
    found |= BIT_AESNI;
  }
  const int leaf1 = (int)c;
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
    b7 = b;
    c7 = c;
  }
  if (b7 & bit_SHA) {
    found |= BIT_SHANI;
  }
  if (!(found & BIT_AESNI) || !(leaf1 & bit_OSXSAVE) || !(leaf1 & bit_AVX)) {
    return found;
  }
  const unsigned long long registers = enabled_registers();
  const int wide = (registers & 0x06) == 0x06 && (b7 & bit_AVX2);
  if (wide && (c7 & bit_VAES) && (c7 & bit_VPCLMULQDQ)) {
    found |= BIT_VAES;
    const unsigned needed = bit_AVX512F | bit_AVX512VL | bit_AVX512BW | bit_AVX512DQ;
    if ((registers & 0xe6) == 0xe6 && (b7 & needed) == needed && (b7 & bit_BMI2)) {
      found |= BIT_AVX512;
    }
  }
  return found;
}

static int features;

__attribute__((constructor)) static void look(void) { features = detect(); }

int cpu_has_shani(void) { return features & BIT_SHANI; }

EXPORT int parley_srtp_abi(void) { return ABI_VERSION; }

EXPORT int parley_srtp_features(void) { return features; }

static const struct kernel *const kernels[] = {&kernel_aesni, &kernel_vaes, &kernel_avx512};

/* Tier 0 is aesni, 1 vaes, 2 avx512; whoever names one has asked parley_srtp_features. */
static const struct kernel *kernel(int tier) { return kernels[tier]; }

static void wipe(void *secret, size_t octets) {
  memset(secret, 0, octets);
  __asm__ volatile("" : : "r"(secret) : "memory");
}

/* The state after one block of a key xored with a pad (RFC 2104). */
static void pad_state(uint8_t octets[20], const uint8_t auth[20], uint8_t pad) {
  uint32_t state[5] = {0x67452301u, 0xefcdab89u, 0x98badcfeu, 0x10325476u, 0xc3d2e1f0u};
  uint8_t block[64];
  memset(block, pad, sizeof block);
  for (int i = 0; i < 20; i++) {
    block[i] ^= auth[i];
  }
  sha1_block(state, block);
  for (int i = 0; i < 5; i++) {
    const uint32_t word = __builtin_bswap32(state[i]);
    memcpy(octets + 4 * i, &word, 4);
  }
  wipe(block, sizeof block);
  wipe(state, sizeof state);
}

/* A key ready for use, or NULL without memory. `auth` has 20 octets for CIPHER_CM. */
EXPORT struct key *parley_srtp_key(int tier, int cipher, const uint8_t *octets, int key_octets,
                                   const uint8_t *auth) {
  struct key *key = aligned_alloc(_Alignof(struct key), sizeof(struct key));
  if (key == NULL) {
    return NULL;
  }
  memset(key, 0, sizeof *key);
  key->cipher = cipher;
  kernel(tier)->expand(key, octets, key_octets);
  if (cipher == CIPHER_GCM) {
    kernel(tier)->hash_key(key);
  } else if (cipher == CIPHER_CM) {
    pad_state(key->pads + INNER, auth, 0x36);
    pad_state(key->pads + OUTER, auth, 0x5c);
  }
  return key;
}

EXPORT void parley_srtp_key_free(struct key *key) {
  if (key != NULL) {
    wipe(key, sizeof *key);
    free(key);
  }
}

/* Padding of SHA-1 behind what is left of the message and the word (FIPS 180-4, 5.1.1). */
INLINE void make_tail(struct hmac_job *job, uint8_t tail[128], uint32_t octets) {
  const struct descriptor *d = job->descriptor;
  const uint32_t word = (uint32_t)d->word_octets;
  const uint32_t rest = octets & 63;
  const uint32_t blocks = rest + word + 9 > 64 ? 2 : 1;
  const uint64_t bits = __builtin_bswap64(((uint64_t)64 + octets + word) * 8);
  const uint8_t *from = job->message + (octets - rest);
  uint32_t at = 0;
  memset(tail, 0, 64);
  if (blocks == 2) {
    memset(tail + 64, 0, 64);
  }
  for (; at + 16 <= rest; at += 16) {
    memcpy(tail + at, from + at, 16);
  }
  copy_short(tail + at, from + at, (int)(rest - at));
  if (word == 4) {
    memcpy(tail + rest, d->word, 4);
  }
  tail[rest + word] = 0x80;
  memcpy(tail + 64 * blocks - 8, &bits, 8);
  job->tail = tail;
  job->full_blocks = octets / 64;
  job->blocks = job->full_blocks + blocks;
}

struct macs {
  struct hmac_job jobs[BATCH_MAX];
  uint8_t tails[BATCH_MAX][128];
  int count;
  int is_mixed;
};

INLINE void add_job(struct macs *macs, struct descriptor *d, const uint8_t *message) {
  struct hmac_job *job = &macs->jobs[macs->count];
  job->message = message;
  job->key = d->key;
  job->descriptor = d;
  make_tail(job, macs->tails[macs->count], (uint32_t)(d->aad_octets + d->payload_octets));
  macs->is_mixed |= job->blocks != macs->jobs[0].blocks;
  macs->count++;
}

/* The longest first: messages of one length then go side by side. */
static void compute(const struct kernel *k, struct macs *macs) {
  if (macs->is_mixed) {
    for (int i = 1; i < macs->count; i++) {
      const struct hmac_job job = macs->jobs[i];
      int at = i;
      for (; at > 0 && macs->jobs[at - 1].blocks < job.blocks; at--) {
        macs->jobs[at] = macs->jobs[at - 1];
      }
      macs->jobs[at] = job;
    }
  }
  k->hmac(macs->jobs, macs->count);
}

/* The first 16 octets of the MAC, more than a tag has, as two numbers in the machine's order. */
struct tag {
  uint64_t first, second;
};

INLINE struct tag tag_of(const struct hmac_job *job) {
  const uint32_t *mac = job->mac;
  struct tag tag = {__builtin_bswap64((uint64_t)mac[0] << 32 | mac[1]),
                    __builtin_bswap64((uint64_t)mac[2] << 32 | mac[3])};
  return tag;
}

/* Whether the first octets, 1 to 15, are the same; in time that depends on their number only. */
INLINE int is_equal(struct tag tag, const uint8_t *received, int octets) {
  const int first = octets < 8 ? octets : 8;
  const int second = octets - first;
  const uint64_t x = load_up_to_8(received, first) ^ tag.first;
  const uint64_t y = load_up_to_8(received + first, second) ^ tag.second;
  const uint64_t keep_x = first == 8 ? ~0ull : (1ull << (8 * first)) - 1;
  const uint64_t keep_y = (1ull << (8 * second)) - 1;
  return ((x & keep_x) | (y & keep_y)) == 0;
}

static void seal_some(const struct kernel *k, struct descriptor *d, int count,
                      const uint8_t *source, uint8_t *destination) {
  struct macs macs;
  macs.count = 0;
  macs.is_mixed = 0;
  for (int i = 0; i < count; i++) {
    if (d[i].key == NULL) {
      continue;
    }
    if (d[i].key->cipher == CIPHER_GCM) {
      k->gcm_seal(&d[i], source, destination);
      d[i].result = OK;
    } else if (d[i].key->cipher == CIPHER_CM) {
      k->ctr(&d[i], 0, source, destination);
      add_job(&macs, &d[i], destination + d[i].destination);
    } else {
      k->ctr(&d[i], 0, source, destination);
      d[i].result = OK;
    }
  }
  compute(k, &macs);
  for (int i = 0; i < macs.count; i++) {
    struct descriptor *done = macs.jobs[i].descriptor;
    const struct tag tag = tag_of(&macs.jobs[i]);
    copy_short(destination + done->destination + done->tag_offset, (const uint8_t *)&tag,
               done->tag_octets);
    done->result = OK;
  }
}

static void open_some(const struct kernel *k, struct descriptor *d, int count,
                      const uint8_t *source, uint8_t *destination) {
  struct macs macs;
  macs.count = 0;
  macs.is_mixed = 0;
  for (int i = 0; i < count; i++) {
    d[i].result = BAD_TAG;
    if (d[i].key == NULL) {
      continue;
    }
    if (d[i].key->cipher == CIPHER_GCM) {
      d[i].result = k->gcm_open(&d[i], source, destination) ? OK : BAD_TAG;
    } else if (d[i].key->cipher == CIPHER_CM) {
      add_job(&macs, &d[i], source + d[i].source);
    } else {
      k->ctr(&d[i], 0, source, destination);
      d[i].result = OK;
    }
  }
  compute(k, &macs);
  for (int i = 0; i < macs.count; i++) {
    struct descriptor *job = macs.jobs[i].descriptor;
    const uint8_t *received = source + job->source + job->tag_offset;
    if (is_equal(tag_of(&macs.jobs[i]), received, job->tag_octets)) {
      k->ctr(job, 0, source, destination);
      job->result = OK;
    }
  }
}

EXPORT void parley_srtp_seal(int tier, struct descriptor *d, int count, const uint8_t *source,
                             uint8_t *destination) {
  for (; count > BATCH_MAX; count -= BATCH_MAX, d += BATCH_MAX) {
    seal_some(kernel(tier), d, BATCH_MAX, source, destination);
  }
  seal_some(kernel(tier), d, count, source, destination);
}

EXPORT void parley_srtp_open(int tier, struct descriptor *d, int count, const uint8_t *source,
                             uint8_t *destination) {
  for (; count > BATCH_MAX; count -= BATCH_MAX, d += BATCH_MAX) {
    open_some(kernel(tier), d, BATCH_MAX, source, destination);
  }
  open_some(kernel(tier), d, count, source, destination);
}
