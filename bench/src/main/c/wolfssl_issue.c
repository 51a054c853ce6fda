/*
 * Key sets per second that wolfSSL issues: wolfssl_issue ROUNDS MILLISECONDS.
 *
 * One line for each round; CPU time of this process. A key set is the RSK of SAKKE with the SSK and PVT of ECCSI
 * for one identity, which is another each time. The keys of the KMS are made before.
 */
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/eccsi.h>
#include <wolfssl/wolfcrypt/error-crypt.h>
#include <wolfssl/wolfcrypt/random.h>
#include <wolfssl/wolfcrypt/sakke.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void require(int result, const char *what) {
  if (result != 0) {
    fprintf(stderr, "wolfSSL refused %s: %s\n", what, wc_GetErrorString(result));
    exit(1);
  }
}

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

int main(int argc, char **argv) {
  WC_RNG rng;
  EccsiKey eccsi;
  SakkeKey sakke;
  mp_int ssk;
  byte id[64];
  long issued = 0;
  if (argc != 3) {
    fprintf(stderr, "usage: wolfssl_issue ROUNDS MILLISECONDS\n");
    return 2;
  }
  if (wolfCrypt_Init() != 0 || wc_InitRng(&rng) != 0) {
    return 1;
  }
  ecc_point *pvt = wc_ecc_new_point();
  ecc_point *rsk = wc_ecc_new_point();
  mp_init(&ssk);
  require(wc_InitEccsiKey(&eccsi, NULL, INVALID_DEVID), "a key");
  require(wc_InitSakkeKey(&sakke, NULL, INVALID_DEVID), "a key");
  require(wc_MakeEccsiKey(&eccsi, &rng), "to make a key");
  require(wc_MakeSakkeKey(&sakke, &rng), "to make a key");
  for (int round = atoi(argv[1]); round > 0; round--) {
    double start = seconds(), passed;
    long done = 0;
    do {
      int length = snprintf((char *)id, sizeof id, "2026-11%csip:ue%ld@example.org", 0, issued++) + 1;
      require(wc_MakeSakkeRsk(&sakke, id, (word16)length, rsk), "to issue an RSK");
      require(wc_MakeEccsiPair(&eccsi, &rng, WC_HASH_TYPE_SHA256, id, (word32)length, &ssk, pvt), "to issue a pair");
      done++;
      passed = seconds() - start;
    } while (passed < atoi(argv[2]) * 1e-3);
    printf("%.3f\n", done / passed);
    fflush(stdout);
  }
  return 0;
}
