/*
 * Operations per second of wolfSSL's ECCSI and SAKKE: wolfssl_mikey ROUNDS MILLISECONDS.
 *
 * One line for each operation and round, "operation per-second"; CPU time of this process. Keys, hashes
 * and points that stay the same from call to call are made before, as wolfSSL's documentation has it.
 */
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/eccsi.h>
#include <wolfssl/wolfcrypt/error-crypt.h>
#include <wolfssl/wolfcrypt/random.h>
#include <wolfssl/wolfcrypt/sakke.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HASH WC_HASH_TYPE_SHA256
enum { MESSAGE = 400, SSV = 16, POINT = 257 };

static WC_RNG rng;
static byte message[MESSAGE];
static byte id[] = "2026-11\0sip:alice@example.org";
static byte ssv[SSV];

static EccsiKey kms, signer, verifier;
static mp_int ssk;
static ecc_point *pvt;
static byte signature[256];
static word32 signature_size;
static byte identity_hash[WC_MAX_DIGEST_SIZE];
static byte identity_hash_size;

static SakkeKey sakke_kms, sakke_sender, sakke_receiver;
static ecc_point *rsk;
static byte encapsulated[512];
static word16 encapsulated_size;

static void require(int result, const char *what) {
  if (result != 0) {
    fprintf(stderr, "wolfSSL refused %s: %s\n", what, wc_GetErrorString(result));
    exit(1);
  }
}

static void identify(EccsiKey *key, ecc_point *token) {
  require(wc_HashEccsiId(key, HASH, id, sizeof id, token, identity_hash, &identity_hash_size), "an identity");
  require(wc_SetEccsiHash(key, identity_hash, identity_hash_size), "an identity's hash");
}

static void prepare_eccsi(void) {
  byte public[64];
  word32 size = sizeof public;
  pvt = wc_ecc_new_point();
  mp_init(&ssk);
  require(wc_InitEccsiKey(&kms, NULL, INVALID_DEVID), "a key");
  require(wc_InitEccsiKey(&signer, NULL, INVALID_DEVID), "a key");
  require(wc_InitEccsiKey(&verifier, NULL, INVALID_DEVID), "a key");
  require(wc_MakeEccsiKey(&kms, &rng), "to make a key");
  require(wc_ExportEccsiPublicKey(&kms, public, &size, 1), "to export");
  require(wc_MakeEccsiPair(&kms, &rng, HASH, id, sizeof id, &ssk, pvt), "to issue");
  require(wc_ImportEccsiPublicKey(&signer, public, size, 0), "to import");
  require(wc_ImportEccsiPublicKey(&verifier, public, size, 0), "to import");
  identify(&signer, pvt);
  require(wc_SetEccsiPair(&signer, &ssk, pvt), "a pair");
  identify(&verifier, pvt);
}

static void prepare_sakke(void) {
  byte public[256];
  word32 size = sizeof public;
  rsk = wc_ecc_new_point();
  require(wc_InitSakkeKey(&sakke_kms, NULL, INVALID_DEVID), "a key");
  require(wc_InitSakkeKey(&sakke_sender, NULL, INVALID_DEVID), "a key");
  require(wc_InitSakkeKey(&sakke_receiver, NULL, INVALID_DEVID), "a key");
  require(wc_MakeSakkeKey(&sakke_kms, &rng), "to make a key");
  require(wc_ExportSakkePublicKey(&sakke_kms, public, &size, 1), "to export");
  require(wc_MakeSakkeRsk(&sakke_kms, id, sizeof id, rsk), "to issue");
  require(wc_ImportSakkePublicKey(&sakke_sender, public, size, 0), "to import");
  require(wc_ImportSakkePublicKey(&sakke_receiver, public, size, 0), "to import");
  require(wc_SetSakkeRsk(&sakke_receiver, rsk, NULL, 0), "an RSK");
  require(wc_MakeSakkePointI(&sakke_receiver, id, sizeof id), "a point");
  require(wc_SetSakkeIdentity(&sakke_receiver, id, sizeof id), "an identity");
  require(wc_SetSakkeIdentity(&sakke_sender, id, sizeof id), "an identity");
}

static void sign(void) {
  signature_size = sizeof signature;
  require(wc_SignEccsiHash(&signer, &rng, HASH, message, MESSAGE, signature, &signature_size), "to sign");
}

static void verify(void) {
  int verified = 0;
  require(
      wc_VerifyEccsiHash(&verifier, HASH, message, MESSAGE, signature, signature_size, &verified), "to verify");
  if (!verified) {
    require(1, "a good signature");
  }
}

static void verify_new(void) {
  ecc_point *token = wc_ecc_new_point();
  require(wc_DecodeEccsiPvtFromSig(&verifier, signature, signature_size, token), "a PVT");
  identify(&verifier, token);
  verify();
  wc_ecc_del_point(token);
}

/* Puts the hint in the place of the SSV, which is the next one's SSV. */
static void wrap(void) {
  encapsulated_size = sizeof encapsulated;
  require(
      wc_MakeSakkeEncapsulatedSSV(&sakke_sender, HASH, ssv, SSV, encapsulated, &encapsulated_size), "to wrap");
}

static void wrap_for_other(void) {
  require(wc_MakeSakkePointI(&sakke_sender, id, sizeof id), "a point");
  wrap();
}

/* What the last wrap() left; opened in place, so in a copy. */
static void unwrap(void) {
  byte opened[SSV];
  memcpy(opened, ssv, SSV);
  require(
      wc_DeriveSakkeSSV(&sakke_receiver, HASH, opened, SSV, encapsulated, encapsulated_size), "to unwrap");
}

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

static double rate(void (*operation)(void), double least) {
  double start = seconds();
  long done = 0;
  double passed;
  do {
    operation();
    done++;
    passed = seconds() - start;
  } while (passed < least);
  return done / passed;
}

int main(int argc, char **argv) {
  static const struct {
    const char *name;
    void (*run)(void);
  } operations[] = {
    {"eccsi-sign", sign},           {"eccsi-verify-known", verify}, {"eccsi-verify-new", verify_new},
    {"sakke-encapsulate", wrap_for_other}, {"sakke-encapsulate-again", wrap},
    {"sakke-decapsulate", unwrap},
  };
  if (argc != 3) {
    fprintf(stderr, "usage: wolfssl_mikey ROUNDS MILLISECONDS\n");
    return 2;
  }
  if (wolfCrypt_Init() != 0 || wc_InitRng(&rng) != 0) {
    return 1;
  }
  prepare_eccsi();
  prepare_sakke();
  sign();
  require(wc_MakeSakkePointI(&sakke_sender, id, sizeof id), "a point");
  wrap();
  for (int round = atoi(argv[1]); round > 0; round--) {
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
      double rounds = rate(operations[i].run, atoi(argv[2]) * 1e-3);
      printf("%s %.3f\n", operations[i].name, rounds);
      fflush(stdout);
    }
  }
  return 0;
}
