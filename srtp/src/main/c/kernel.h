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

/* Round keys first, so that they start on a cache line. `powers[i]` is H^(24 - i), shifted left by
 * one for the reduction and byte-reflected; three blocks of zeros follow for loads of four. */
struct key {
  uint8_t round_keys[15][16];
  uint8_t powers[POWERS + POWERS_PAD][16];
  uint32_t inner[5];
  uint32_t outer[5];
  int32_t rounds;
  int32_t cipher;
} __attribute__((aligned(64)));

/* One HMAC-SHA1 to compute: `octets` of message at `message`, then the word. */
struct hmac_job {
  const uint8_t *message;
  const struct key *key;
  struct descriptor *descriptor;
  uint8_t *tail;            /* the last one or two blocks, padded; filled in by the caller */
  uint32_t full_blocks;
  uint32_t blocks;          /* with the tail */
  uint32_t mac[5];          /* the result, as words */
};

enum { BATCH_MAX = 64 };

/* What one kind of processor does best. */
struct kernel {
  const char *name;
  void (*expand)(struct key *key, const uint8_t *octets, int key_octets);
  void (*hash_key)(struct key *key);
  void (*gcm_seal)(struct descriptor *d, const uint8_t *source, uint8_t *destination);
  int (*gcm_verify)(const struct descriptor *d, const uint8_t *source);
  /* `first` is the counter of the first block: 0 for AES-CM, 2 for GCM. */
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
