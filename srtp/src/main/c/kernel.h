/* The cipher kernel behind the engine "native": AES-GCM (RFC 7714) and AES-CM with HMAC-SHA1
 * (RFC 3711, 6188) over batches of descriptors, which parley.srtp.CipherBatch documents.
 *
 * Nothing is read or written outside a packet and its tag: there is no slack. No function keeps
 * state, allocates (but for keys) or branches on secrets.
 */
#ifndef PARLEY_SRTP_KERNEL_H
#define PARLEY_SRTP_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#define ABI_VERSION 1

#define INLINE static inline __attribute__((always_inline))

/* Small pieces of memory go through registers: what is put together by narrow stores and read back
 * by a wider load waits until the stores have left the processor's pipeline, and with them every
 * packet before. */
INLINE uint64_t load64(const uint8_t *from) {
  uint64_t x;
  __builtin_memcpy(&x, from, 8);
  return x;
}

INLINE uint32_t load32(const uint8_t *from) {
  uint32_t x;
  __builtin_memcpy(&x, from, 4);
  return x;
}

/* The first octets, 0 to 8 of them, of a number in the machine's order; zeros behind. */
INLINE uint64_t load_up_to_8(const uint8_t *from, int octets) {
  if (octets >= 8) {
    return load64(from);
  }
  if (octets >= 4) {
    return load32(from) | (uint64_t)load32(from + octets - 4) << (8 * (octets - 4));
  }
  uint64_t x = 0;
  if (octets > 0) {
    x = from[0] | (uint64_t)from[octets / 2] << (8 * (octets / 2)) |
        (uint64_t)from[octets - 1] << (8 * (octets - 1));
  }
  return x;
}

/* Up to 15 octets, without a call. */
INLINE void copy_short(uint8_t *to, const uint8_t *from, int octets) {
  if (octets & 8) {
    __builtin_memcpy(to, from, 8);
    to += 8;
    from += 8;
  }
  if (octets & 4) {
    __builtin_memcpy(to, from, 4);
    to += 4;
    from += 4;
  }
  if (octets & 2) {
    __builtin_memcpy(to, from, 2);
    to += 2;
    from += 2;
  }
  if (octets & 1) {
    *to = *from;
  }
}

enum { PENDING = 0, OK = 1, BAD_TAG = 2 };
/* CIPHER_STREAM is AES-CM without a MAC, as RFC 6904 has it for header extensions. */
enum { CIPHER_GCM = 0, CIPHER_CM = 1, CIPHER_STREAM = 2 };

/* As in CipherBatch: 64 octets, integers in the machine's order. */
struct descriptor {
  int64_t source;
  int64_t destination;
  const struct key *key;
  uint8_t iv[16];
  int32_t aad_octets;
  int32_t payload_octets;
  int32_t tag_offset;
  int32_t tag_octets;
  uint8_t word[4];
  int16_t word_octets;
  int16_t result;
};
_Static_assert(sizeof(struct descriptor) == 64, "CipherBatch.DESCRIPTOR_OCTETS");

/* How many powers of the GHASH key a key holds: what one reduction may span. */
enum { POWERS = 24, POWERS_PAD = 3 };

/* What a profile needs lies together, from a cache line's start. `pads` are the SHA-1 states behind
 * the inner and the outer pad (RFC 2104), twenty octets each as SHA-1 writes them, then zeros: a
 * block, as it were, so that lanes take up states the way they take up messages. `powers[i]` is
 * H^(24 - i), shifted left by one for the reduction and byte-reflected; three blocks of zeros follow
 * for loads of four. */
struct key {
  uint8_t round_keys[15][16];
  int32_t rounds;
  int32_t cipher;
  uint8_t pads[64] __attribute__((aligned(64)));
  uint8_t powers[POWERS + POWERS_PAD][16];
} __attribute__((aligned(64)));

enum { INNER = 0, OUTER = 20 };

/* One HMAC-SHA1 to compute: `octets` of message at `message`, then the word. */
struct hmac_job {
  const uint8_t *message;
  const struct key *key;
  struct descriptor *descriptor;
  uint8_t *tail;            /* the last one or two blocks, padded; filled in by the caller */
  uint32_t full_blocks;
  uint32_t blocks;          /* with the tail */
  uint32_t mac[4];          /* the result as far as a tag may need it, as words */
};

enum { BATCH_MAX = 64 };

/* What one kind of processor does best. */
struct kernel {
  const char *name;
  void (*expand)(struct key *key, const uint8_t *octets, int key_octets);
  void (*hash_key)(struct key *key);
  void (*gcm_seal)(struct descriptor *d, const uint8_t *source, uint8_t *destination);
  /* Whether the tag is right; the destination is untouched where it is not. */
  int (*gcm_open)(const struct descriptor *d, const uint8_t *source, uint8_t *destination);
  /* Counter mode alone; `first` is the counter of the first block: 0 for AES-CM. */
  void (*ctr)(const struct descriptor *d, uint32_t first, const uint8_t *source,
              uint8_t *destination);
  void (*hmac)(struct hmac_job *jobs, int count);
};

extern const struct kernel kernel_aesni, kernel_vaes, kernel_avx512;

/* SHA-1 by the processor's own instructions, two messages at a time; by eight or sixteen lanes of
 * vector registers; and by C alone. Each finishes all jobs: inner hash, outer hash, `mac`. */
void hmac_portable(struct hmac_job *jobs, int count);
void hmac_shani(struct hmac_job *jobs, int count);
void hmac_avx2(struct hmac_job *jobs, int count);
void hmac_avx512(struct hmac_job *jobs, int count);

/* One block into a state, for the keys' pads. */
void sha1_block(uint32_t state[5], const uint8_t block[64]);

int cpu_has_shani(void);

#endif
