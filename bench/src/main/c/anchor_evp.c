/* The same cipher work by OpenSSL's EVP interface, as a careful C program does it: contexts kept, a
 * key set once, HMAC by EVP_MAC with the key kept. No RTP is parsed and no replay list kept.
 * Prints as anchor_libsrtp does.
 *
 *   anchor_evp PROFILE PAYLOAD STREAMS ROUNDS     PROFILE: gcm128 gcm256 cm
 */
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct stream {
  EVP_CIPHER_CTX *seal, *open;
  EVP_MAC_CTX *mac;
};

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void must(int good, const char *what) {
  if (!good) {
    fprintf(stderr, "%s failed\n", what);
    exit(1);
  }
}

static void mac(struct stream *s, const unsigned char *p, int octets, unsigned char out[20]) {
  static const unsigned char roc[4];
  size_t length;
  must(EVP_MAC_init(s->mac, NULL, 0, NULL), "mac init");
  EVP_MAC_update(s->mac, p, (size_t)octets);
  EVP_MAC_update(s->mac, roc, 4);
  must(EVP_MAC_final(s->mac, out, &length, 20), "mac");
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  int gcm = strncmp(argv[1], "gcm", 3) == 0, wide = strcmp(argv[1], "gcm256") == 0;
  int payload = atoi(argv[2]), streams = atoi(argv[3]), rounds = atoi(argv[4]);
  int packets = 8192;
  const EVP_CIPHER *cipher = gcm ? (wide ? EVP_aes_256_gcm() : EVP_aes_128_gcm()) : EVP_aes_128_ctr();
  EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
  struct stream *all = calloc((size_t)streams, sizeof *all);
  unsigned char key[32], iv[16] = {0}, plain[2048], out[2048], tag[20];
  unsigned char *sealed = calloc((size_t)packets, 2048);
  OSSL_PARAM sha1[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, "SHA1", 0),
                       OSSL_PARAM_construct_end()};
  memset(plain, 0x5a, sizeof plain);
  for (int s = 0; s < streams; s++) {
    for (int i = 0; i < 32; i++) key[i] = (unsigned char)(i * 7 + s);
    all[s].seal = EVP_CIPHER_CTX_new();
    all[s].open = EVP_CIPHER_CTX_new();
    must(EVP_EncryptInit_ex(all[s].seal, cipher, NULL, key, NULL), "key");
    must(EVP_DecryptInit_ex(all[s].open, cipher, NULL, key, NULL), "key");
    all[s].mac = EVP_MAC_CTX_new(hmac);
    must(EVP_MAC_init(all[s].mac, key, 20, sha1), "mac key");
  }
  for (int round = 0; round < rounds; round++) {
    int n;
    double from = now();
    for (int i = 0; i < packets; i++) {
      struct stream *s = &all[i % streams];
      unsigned char *p = sealed + (size_t)i * 2048;
      iv[10] = (unsigned char)(i >> 8);
      iv[11] = (unsigned char)i;
      memcpy(p, plain, 12);
      must(EVP_EncryptInit_ex(s->seal, NULL, NULL, NULL, iv), "iv");
      if (gcm) EVP_EncryptUpdate(s->seal, NULL, &n, p, 12);
      EVP_EncryptUpdate(s->seal, p + 12, &n, plain + 12, payload);
      if (gcm) {
        EVP_EncryptFinal_ex(s->seal, p + 12 + n, &n);
        EVP_CIPHER_CTX_ctrl(s->seal, EVP_CTRL_AEAD_GET_TAG, 16, p + 12 + payload);
      } else {
        mac(s, p, 12 + payload, tag);
        memcpy(p + 12 + payload, tag, 10);
      }
    }
    double between = now();
    for (int i = 0; i < packets; i++) {
      struct stream *s = &all[i % streams];
      unsigned char *p = sealed + (size_t)i * 2048;
      iv[10] = (unsigned char)(i >> 8);
      iv[11] = (unsigned char)i;
      if (!gcm) {
        mac(s, p, 12 + payload, tag);
        must(CRYPTO_memcmp(tag, p + 12 + payload, 10) == 0, "tag");
      }
      must(EVP_DecryptInit_ex(s->open, NULL, NULL, NULL, iv), "iv");
      if (gcm) EVP_DecryptUpdate(s->open, NULL, &n, p, 12);
      EVP_DecryptUpdate(s->open, out + 12, &n, p + 12, payload);
      if (gcm) {
        EVP_CIPHER_CTX_ctrl(s->open, EVP_CTRL_AEAD_SET_TAG, 16, p + 12 + payload);
        must(EVP_DecryptFinal_ex(s->open, out + 12 + n, &n) > 0, "tag");
      }
    }
    double to = now();
    printf("protect %.1f\nunprotect %.1f\n", (between - from) / packets, (to - between) / packets);
  }
  return 0;
}
