/* libsrtp as Debian builds it: protect and unprotect, one stream or many, replay check on.
 * Prints: operation ns_per_packet, one line per round and operation.
 *
 *   anchor_libsrtp PROFILE PAYLOAD STREAMS ROUNDS     PROFILE: gcm128 gcm256 cm
 */
#include <srtp2/srtp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCH = 32 };

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void must(srtp_err_status_t status, const char *what) {
  if (status != srtp_err_status_ok) {
    fprintf(stderr, "%s: status %d\n", what, status);
    exit(1);
  }
}

static srtp_t session(const char *profile, uint32_t ssrc, int outbound) {
  static unsigned char key[64];
  srtp_policy_t policy;
  srtp_t made;
  for (int i = 0; i < 64; i++) key[i] = (unsigned char)(i * 7 + (int)ssrc);
  memset(&policy, 0, sizeof policy);
  if (strcmp(profile, "gcm128") == 0) {
    srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
    srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
  } else if (strcmp(profile, "gcm256") == 0) {
    srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy.rtp);
    srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy.rtcp);
  } else {
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtp);
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
  }
  policy.ssrc.type = ssrc_specific;
  policy.ssrc.value = ssrc;
  policy.key = key;
  policy.window_size = 128;
  policy.allow_repeat_tx = 0;
  must(srtp_create(&made, &policy), outbound ? "sender" : "receiver");
  return made;
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  const char *profile = argv[1];
  int payload = atoi(argv[2]), streams = atoi(argv[3]), rounds = atoi(argv[4]);
  int packets = 8192, octets = 12 + payload;
  must(srtp_init(), "init");
  srtp_t *senders = calloc((size_t)streams, sizeof *senders);
  srtp_t *receivers = calloc((size_t)streams, sizeof *receivers);
  unsigned char *sealed = calloc((size_t)packets, 2048);
  int *lengths = calloc((size_t)packets, sizeof *lengths);
  unsigned char work[2048];
  int *seq = calloc((size_t)streams, sizeof *seq);
  for (int round = 0; round < rounds; round++) {
    for (int s = 0; s < streams; s++) {
      senders[s] = session(profile, (uint32_t)(0xcafe0000u | (unsigned)s), 1);
      receivers[s] = session(profile, (uint32_t)(0xcafe0000u | (unsigned)s), 0);
      seq[s] = 0;
    }
    for (int i = 0; i < packets; i++) {
      unsigned char *p = sealed + (size_t)i * 2048;
      int s = i % streams;
      unsigned ssrc = 0xcafe0000u | (unsigned)s;
      memset(p, 0x5a, (size_t)octets);
      p[0] = 0x80;
      p[1] = 0x60;
      p[2] = (unsigned char)(seq[s] >> 8);
      p[3] = (unsigned char)seq[s]++;
      for (int j = 0; j < 4; j++) p[8 + j] = (unsigned char)(ssrc >> (24 - 8 * j));
    }
    double from = now();
    for (int i = 0; i < packets; i++) {
      lengths[i] = octets;
      must(srtp_protect(senders[i % streams], sealed + (size_t)i * 2048, &lengths[i]), "protect");
    }
    double between = now();
    for (int i = 0; i < packets; i++) {
      int length = lengths[i];
      memcpy(work, sealed + (size_t)i * 2048, (size_t)length);
      must(srtp_unprotect(receivers[i % streams], work, &length), "unprotect");
    }
    double to = now();
    printf("protect %.1f\nunprotect %.1f\n", (between - from) / packets, (to - between) / packets);
    for (int s = 0; s < streams; s++) {
      srtp_dealloc(senders[s]);
      srtp_dealloc(receivers[s]);
    }
  }
  return 0;
}
