/* The kernel on its own: packets that end where the next page is forbidden, every tier against the
 * others, every tag changed, and the time of a comparison. Meant for AddressSanitizer, for
 * UndefinedBehaviorSanitizer and for valgrind; says in one line what went wrong, and ends with 1.
 *
 *   kernel_test ROUNDS [time]
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <x86intrin.h>

#include "../../main/c/kernel.h"

struct key *parley_srtp_key(int tier, int cipher, const uint8_t *octets, int key_octets,
                            const uint8_t *auth);
void parley_srtp_key_free(struct key *key);
void parley_srtp_seal(int tier, struct descriptor *d, int count, const uint8_t *source,
                      uint8_t *destination);
void parley_srtp_open(int tier, struct descriptor *d, int count, const uint8_t *source,
                      uint8_t *destination);
int parley_srtp_features(void);

enum { SLOTS = 40, SPAN = 4096 * 2, TIERS = 3 };

static uint64_t seed = 0x9e3779b97f4a7c15ull;

static uint32_t draw(uint32_t bound) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return bound == 0 ? 0 : (uint32_t)(seed >> 32) % bound;
}

static void fill(uint8_t *at, size_t octets) {
  for (size_t i = 0; i < octets; i++) {
    at[i] = (uint8_t)draw(256);
  }
}

static void fail(const char *what, int round, int slot) {
  printf("FAILED: %s, round %d, slot %d\n", what, round, slot);
  exit(1);
}

/* SLOTS spans, between each two of them a page that nobody may touch. */
static uint8_t *guarded(void) {
  size_t all = (size_t)(SPAN + 4096) * SLOTS + 4096;
  uint8_t *memory = mmap(NULL, all, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    perror("mmap");
    exit(2);
  }
  for (int i = 0; i < SLOTS; i++) {
    if (mprotect(memory + 4096 + (size_t)i * (SPAN + 4096), SPAN, PROT_READ | PROT_WRITE) != 0) {
      perror("mprotect");
      exit(2);
    }
  }
  return memory + 4096;
}

/* Where a packet of that length must start so that it ends at the guard. */
static int64_t place(int slot, int octets) {
  return (int64_t)slot * (SPAN + 4096) + SPAN - octets;
}

static void random_batch(struct descriptor *d, struct key *keys[TIERS][SLOTS], int *lengths,
                         int count) {
  for (int i = 0; i < count; i++) {
    uint8_t key[32], auth[20];
    int cipher = (int)draw(3);
    int key_octets = 16 + 8 * (int)draw(3);
    fill(key, sizeof key);
    fill(auth, sizeof auth);
    for (int t = 0; t < TIERS; t++) {
      keys[t][i] = parley_srtp_features() & 1 << t
                       ? parley_srtp_key(t, cipher, key, key_octets, auth)
                       : NULL;
    }
    memset(&d[i], 0, sizeof d[i]);
    fill(d[i].iv, 16);
    if (cipher == CIPHER_GCM) {
      memset(d[i].iv + 12, 0, 4);
    } else {
      memset(d[i].iv + 14, 0, 2);
    }
    fill(d[i].word, 4);
    d[i].word_octets = draw(2) ? 4 : 0;
    d[i].aad_octets = (int32_t)(draw(8) ? 12 + 4 * draw(6) : draw(700));
    d[i].payload_octets = (int32_t)(draw(2) ? draw(100) : draw(1500));
    d[i].tag_octets = cipher == CIPHER_GCM ? 16 : cipher == CIPHER_CM ? (draw(2) ? 10 : 4) : 0;
    d[i].tag_offset = d[i].aad_octets + d[i].payload_octets;
    lengths[i] = d[i].tag_offset + d[i].tag_octets;
    d[i].source = d[i].destination = place(i, lengths[i]);
  }
}

static void use_keys(struct descriptor *d, struct key *keys[SLOTS], int count) {
  for (int i = 0; i < count; i++) {
    d[i].key = keys[i];
    d[i].result = PENDING;
  }
}

static void round_of(int round, uint8_t *plain, uint8_t *sealed[TIERS], uint8_t *opened) {
  struct descriptor d[SLOTS];
  struct key *keys[TIERS][SLOTS];
  int lengths[SLOTS];
  int count = 1 + (int)draw(SLOTS);
  int first = -1;
  random_batch(d, keys, lengths, count);
  for (int i = 0; i < count; i++) {
    fill(plain + d[i].source, (size_t)lengths[i]);
  }
  for (int t = 0; t < TIERS; t++) {
    if (!(parley_srtp_features() & 1 << t)) {
      continue;
    }
    use_keys(d, keys[t], count);
    for (int i = 0; i < count; i++) {
      memcpy(sealed[t] + d[i].source, plain + d[i].source, (size_t)lengths[i]);
    }
    parley_srtp_seal(t, d, count, t == 1 ? sealed[t] : plain, sealed[t]);
    for (int i = 0; i < count; i++) {
      if (d[i].result != OK) fail("not sealed", round, i);
      if (first >= 0 && memcmp(sealed[t] + d[i].source, sealed[first] + d[i].source,
                               (size_t)lengths[i]) != 0) {
        fail("two tiers seal differently", round, i);
      }
    }
    first = first < 0 ? t : first;
    int bad[SLOTS], at[SLOTS];
    for (int i = 0; i < count; i++) {
      bad[i] = d[i].tag_octets > 0 && draw(3) == 0;
      if (bad[i]) {
        at[i] = (int)draw((uint32_t)lengths[i]);
        sealed[t][d[i].source + at[i]] ^= 0x10;
      }
      memset(opened + d[i].source, 0xa5, (size_t)lengths[i]);
    }
    use_keys(d, keys[t], count);
    parley_srtp_open(t, d, count, sealed[t], opened);
    for (int i = 0; i < count; i++) {
      const uint8_t *got = opened + d[i].source;
      if (d[i].result != (bad[i] ? BAD_TAG : OK)) fail("wrong verdict", round, i);
      if (!bad[i] && memcmp(got + d[i].aad_octets, plain + d[i].source + d[i].aad_octets,
                            (size_t)d[i].payload_octets) != 0) {
        fail("opened to something else", round, i);
      }
      for (int j = 0; bad[i] && j < lengths[i]; j++) {
        if (got[j] != 0xa5) fail("a refused packet was written to", round, i);
      }
    }
    for (int i = 0; i < count; i++) {
      if (bad[i]) {
        sealed[t][d[i].source + at[i]] ^= 0x10;
      }
      parley_srtp_key_free(keys[t][i]);
    }
  }
}

/* Many at a time: some processors count cycles in steps of dozens. */
enum { REFUSALS = 32 };

/* The cycles that so many refusals take when octet `wrong` of the tag is wrong. */
static uint64_t cycles(int tier, struct descriptor *d, uint8_t *packet, int wrong) {
  uint8_t out[512];
  unsigned id;
  packet[d->tag_offset + wrong] ^= 1;
  uint64_t from = __rdtscp(&id);
  for (int i = 0; i < REFUSALS; i++) {
    parley_srtp_open(tier, d, 1, packet, out);
  }
  uint64_t took = __rdtscp(&id) - from;
  packet[d->tag_offset + wrong] ^= 1;
  return took;
}

static uint64_t least(uint64_t a, uint64_t b) {
  return a < b ? a : b;
}

/*
 * Noise only adds, so the least of many runs tells how long the comparison itself takes. They take turns: a
 * machine that becomes slower becomes so for both.
 */
static void compare_times(void) {
  for (int t = 0; t < TIERS; t++) {
    for (int cipher = CIPHER_GCM; cipher <= CIPHER_CM; cipher++) {
      uint8_t octets[32] = {1}, packet[512] = {0};
      struct descriptor d = {.aad_octets = 12, .payload_octets = 160, .tag_offset = 172};
      if (!(parley_srtp_features() & 1 << t)) {
        continue;
      }
      d.tag_octets = cipher == CIPHER_GCM ? 16 : 10;
      d.word_octets = cipher == CIPHER_GCM ? 0 : 4;
      struct key *key = parley_srtp_key(t, cipher, octets, 16, octets);
      d.key = key;
      parley_srtp_seal(t, &d, 1, packet, packet);
      uint64_t begin = ~0ull, end = ~0ull, again = ~0ull;
      for (int i = 0; i < 5000; i++) {
        begin = least(begin, cycles(t, &d, packet, 0));
        end = least(end, cycles(t, &d, packet, d.tag_octets - 1));
        again = least(again, cycles(t, &d, packet, 0));
      }
      uint64_t noise = begin > again ? begin - again : again - begin;
      uint64_t difference = begin > end ? begin - end : end - begin;
      printf("tier %d cipher %d: first octet wrong %llu cycles for 32, last %llu\n", t, cipher,
             (unsigned long long)begin, (unsigned long long)end);
      if (difference > noise + begin / 20) fail("a comparison tells where a tag is wrong", t, cipher);
      parley_srtp_key_free(key);
    }
  }
}

int main(int argc, char **argv) {
  int rounds = argc > 1 ? atoi(argv[1]) : 1000;
  uint8_t *plain = guarded(), *opened = guarded();
  uint8_t *sealed[TIERS] = {guarded(), guarded(), guarded()};
  for (int i = 0; i < rounds; i++) {
    round_of(i, plain, sealed, opened);
  }
  if (argc > 2 && strcmp(argv[2], "time") == 0) {
    compare_times();
  }
  printf("%d rounds, features %d\n", rounds, parley_srtp_features());
  return 0;
}
