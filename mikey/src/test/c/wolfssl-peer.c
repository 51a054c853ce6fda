/*
 * ECCSI and SAKKE by wolfSSL, for WolfSslPeerTest: one request per line on standard input, one
 * answer per line on standard output. All values are hexadecimal, an empty one is "-".
 *
 *   eccsi-kms                          KSAK || KPAK without its prefix, both fresh
 *   eccsi-issue  KSAK KPAK ID          SSK || PVT without its prefix
 *   eccsi-check  KPAK ID SSK PVT       yes or no
 *   eccsi-sign   KPAK ID SSK PVT MSG   r || s || PVT
 *   eccsi-verify KPAK ID MSG SIGN      yes or no
 *   sakke-z      z                     Z
 *   sakke-issue  z ID                  RSK
 *   sakke-check  Z ID RSK              yes or no
 *   sakke-wrap   Z ID SSV              R || H
 *   sakke-open   Z ID RSK DATA         SSV
 *
 * "error N" is wolfSSL's refusal. Points begin with 04 where RFC 6507 and 6508 have them so.
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

#define MOST 4096
#define ARGS 6
#define HASH WC_HASH_TYPE_SHA256

typedef struct {
  byte at[MOST];
  word32 size;
} Octets;

static Octets arg[ARGS];
static WC_RNG rng;

static void answer(const byte *octets, word32 size) {
  for (word32 i = 0; i < size; i++) {
    printf("%02x", octets[i]);
  }
  printf("\n");
}

static void verdict(int result, int yes) {
  if (result != 0) {
    printf("error %d\n", result);
  } else {
    printf("%s\n", yes ? "yes" : "no");
  }
}

static void outcome(int result, const byte *octets, word32 size) {
  if (result != 0) {
    printf("error %d\n", result);
  } else {
    answer(octets, size);
  }
}

static int parse(const char *hex, Octets *to) {
  size_t digits = strcmp(hex, "-") == 0 ? 0 : strlen(hex);
  if (digits % 2 != 0 || digits / 2 > MOST) {
    return -1;
  }
  to->size = digits / 2;
  for (word32 i = 0; i < to->size; i++) {
    unsigned value;
    if (sscanf(hex + 2 * i, "%2x", &value) != 1) {
      return -1;
    }
    to->at[i] = (byte) value;
  }
  return 0;
}

/* ---- ECCSI ---- */

static int eccsi_public(EccsiKey *key, const Octets *kpak) {
  int result = wc_InitEccsiKey(key, NULL, INVALID_DEVID);
  if (result == 0) {
    result = wc_ImportEccsiPublicKey(key, kpak->at + 1, kpak->size - 1, 0);
  }
  return result;
}

static int eccsi_private(EccsiKey *key, const Octets *ksak, const Octets *kpak) {
  byte both[96];
  int result = wc_InitEccsiKey(key, NULL, INVALID_DEVID);
  if (ksak->size != 32 || kpak->size != 65) {
    return BAD_FUNC_ARG;
  }
  memcpy(both, ksak->at, 32);
  memcpy(both + 32, kpak->at + 1, 64);
  if (result == 0) {
    result = wc_ImportEccsiKey(key, both, sizeof both);
  }
  return result;
}

static void eccsi_kms(void) {
  EccsiKey key;
  byte out[96];
  word32 size = sizeof out;
  int result = wc_InitEccsiKey(&key, NULL, INVALID_DEVID);
  if (result == 0) {
    result = wc_MakeEccsiKey(&key, &rng);
  }
  if (result == 0) {
    result = wc_ExportEccsiKey(&key, out, &size);
  }
  outcome(result, out, size);
  wc_FreeEccsiKey(&key);
}

static void eccsi_issue(void) {
  EccsiKey key;
  mp_int ssk;
  ecc_point *pvt = wc_ecc_new_point();
  byte out[96];
  word32 size = sizeof out;
  int result = eccsi_private(&key, &arg[0], &arg[1]);
  mp_init(&ssk);
  if (result == 0) {
    result = wc_MakeEccsiPair(&key, &rng, HASH, arg[2].at, arg[2].size, &ssk, pvt);
  }
  if (result == 0) {
    result = wc_EncodeEccsiPair(&key, &ssk, pvt, out, &size);
  }
  outcome(result, out, size);
  mp_free(&ssk);
  wc_ecc_del_point(pvt);
  wc_FreeEccsiKey(&key);
}

static int eccsi_pair(EccsiKey *key, const Octets *ssk, const Octets *pvt, mp_int *k, ecc_point *v) {
  int result = wc_DecodeEccsiSsk(key, ssk->at, ssk->size, k);
  if (result == 0) {
    result = wc_DecodeEccsiPvt(key, pvt->at + 1, pvt->size - 1, v);
  }
  return result;
}

static void eccsi_check(void) {
  EccsiKey key;
  mp_int ssk;
  ecc_point *pvt = wc_ecc_new_point();
  int valid = 0;
  int result = eccsi_public(&key, &arg[0]);
  mp_init(&ssk);
  if (result == 0) {
    result = eccsi_pair(&key, &arg[2], &arg[3], &ssk, pvt);
  }
  if (result == 0) {
    result = wc_ValidateEccsiPair(&key, HASH, arg[1].at, arg[1].size, &ssk, pvt, &valid);
  }
  verdict(result, valid);
  mp_free(&ssk);
  wc_ecc_del_point(pvt);
  wc_FreeEccsiKey(&key);
}

static int eccsi_identity(EccsiKey *key, const Octets *id, ecc_point *pvt) {
  byte hash[WC_MAX_DIGEST_SIZE];
  byte size = 0;
  int result = wc_HashEccsiId(key, HASH, id->at, id->size, pvt, hash, &size);
  if (result == 0) {
    result = wc_SetEccsiHash(key, hash, size);
  }
  return result;
}

static void eccsi_sign(void) {
  EccsiKey key;
  mp_int ssk;
  ecc_point *pvt = wc_ecc_new_point();
  byte out[256];
  word32 size = sizeof out;
  int result = eccsi_public(&key, &arg[0]);
  mp_init(&ssk);
  if (result == 0) {
    result = eccsi_pair(&key, &arg[2], &arg[3], &ssk, pvt);
  }
  if (result == 0) {
    result = eccsi_identity(&key, &arg[1], pvt);
  }
  if (result == 0) {
    result = wc_SetEccsiPair(&key, &ssk, pvt);
  }
  if (result == 0) {
    result = wc_SignEccsiHash(&key, &rng, HASH, arg[4].at, arg[4].size, out, &size);
  }
  outcome(result, out, size);
  mp_free(&ssk);
  wc_ecc_del_point(pvt);
  wc_FreeEccsiKey(&key);
}

static void eccsi_verify(void) {
  EccsiKey key;
  ecc_point *pvt = wc_ecc_new_point();
  int verified = 0;
  int result = eccsi_public(&key, &arg[0]);
  if (result == 0) {
    result = wc_DecodeEccsiPvtFromSig(&key, arg[3].at, arg[3].size, pvt);
  }
  if (result == 0) {
    result = eccsi_identity(&key, &arg[1], pvt);
  }
  if (result == 0) {
    result =
        wc_VerifyEccsiHash(
            &key, HASH, arg[2].at, arg[2].size, arg[3].at, arg[3].size, &verified);
  }
  verdict(result, verified);
  wc_ecc_del_point(pvt);
  wc_FreeEccsiKey(&key);
}

/* ---- SAKKE ---- */

static int sakke_private(SakkeKey *key, const Octets *z) {
  int result = wc_InitSakkeKey(key, NULL, INVALID_DEVID);
  if (result == 0) {
    result = wc_ImportSakkePrivateKey(key, z->at, z->size);
  }
  if (result == 0) {
    result = wc_MakeSakkePublicKey(key, &key->ecc.pubkey);
  }
  return result;
}

static int sakke_public(SakkeKey *key, const Octets *z) {
  int result = wc_InitSakkeKey(key, NULL, INVALID_DEVID);
  if (result == 0) {
    result = wc_ImportSakkePublicKey(key, z->at + 1, z->size - 1, 0);
  }
  return result;
}

/* wolfSSL's raw form of a point has no prefix. */
static void sakke_point(int result, byte *out, word32 size) {
  out[0] = 4;
  outcome(result, out, size + 1);
}

static void sakke_z(void) {
  SakkeKey key;
  byte out[257];
  word32 size = sizeof out - 1;
  int result = sakke_private(&key, &arg[0]);
  if (result == 0) {
    result = wc_ExportSakkePublicKey(&key, out + 1, &size, 1);
  }
  sakke_point(result, out, size);
  wc_FreeSakkeKey(&key);
}

static void sakke_issue(void) {
  SakkeKey key;
  ecc_point *rsk = wc_ecc_new_point();
  byte out[257];
  word32 size = sizeof out - 1;
  int result = sakke_private(&key, &arg[0]);
  if (result == 0) {
    result = wc_MakeSakkeRsk(&key, arg[1].at, arg[1].size, rsk);
  }
  if (result == 0) {
    result = wc_EncodeSakkeRsk(&key, rsk, out + 1, &size, 1);
  }
  sakke_point(result, out, size);
  wc_ecc_del_point(rsk);
  wc_FreeSakkeKey(&key);
}

static void sakke_check(void) {
  SakkeKey key;
  ecc_point *rsk = wc_ecc_new_point();
  int valid = 0;
  int result = sakke_public(&key, &arg[0]);
  if (result == 0) {
    result = wc_DecodeSakkeRsk(&key, arg[2].at + 1, arg[2].size - 1, rsk);
  }
  if (result == 0) {
    result = wc_ValidateSakkeRsk(&key, arg[1].at, arg[1].size, rsk, &valid);
  }
  verdict(result, valid);
  wc_ecc_del_point(rsk);
  wc_FreeSakkeKey(&key);
}

static void sakke_wrap(void) {
  SakkeKey key;
  byte out[512];
  word16 size = 0;
  int result = sakke_public(&key, &arg[0]);
  if (result == 0) {
    result = wc_MakeSakkePointI(&key, arg[1].at, arg[1].size);
  }
  if (result == 0) {
    result = wc_SetSakkeIdentity(&key, arg[1].at, arg[1].size);
  }
  if (result == 0) {
    result = wc_GetSakkeAuthSize(&key, &size);
  }
  if (result == 0) {
    result = wc_MakeSakkeEncapsulatedSSV(&key, HASH, arg[2].at, arg[2].size, out, &size);
  }
  if (result == 0) {
    memcpy(out + size, arg[2].at, arg[2].size);
  }
  outcome(result, out, size + arg[2].size);
  wc_FreeSakkeKey(&key);
}

static void sakke_open(void) {
  SakkeKey key;
  ecc_point *rsk = wc_ecc_new_point();
  byte *hint = arg[3].at + 257;
  word16 size = arg[3].size - 257;
  int result = sakke_public(&key, &arg[0]);
  if (result == 0) {
    result = wc_DecodeSakkeRsk(&key, arg[2].at + 1, arg[2].size - 1, rsk);
  }
  if (result == 0) {
    result = wc_SetSakkeRsk(&key, rsk, NULL, 0);
  }
  if (result == 0) {
    result = wc_MakeSakkePointI(&key, arg[1].at, arg[1].size);
  }
  if (result == 0) {
    result = wc_SetSakkeIdentity(&key, arg[1].at, arg[1].size);
  }
  if (result == 0) {
    result = wc_DeriveSakkeSSV(&key, HASH, hint, size, arg[3].at, 257);
  }
  outcome(result, hint, size);
  wc_ecc_del_point(rsk);
  wc_FreeSakkeKey(&key);
}

/* ---- the requests ---- */

static const struct {
  const char *verb;
  int args;
  void (*run)(void);
} requests[] = {
  {"eccsi-kms", 0, eccsi_kms},      {"eccsi-issue", 3, eccsi_issue},
  {"eccsi-check", 4, eccsi_check},  {"eccsi-sign", 5, eccsi_sign},
  {"eccsi-verify", 4, eccsi_verify}, {"sakke-z", 1, sakke_z},
  {"sakke-issue", 2, sakke_issue},  {"sakke-check", 3, sakke_check},
  {"sakke-wrap", 3, sakke_wrap},    {"sakke-open", 4, sakke_open},
};

static void serve(char *line) {
  char *verb = strtok(line, " \n");
  for (size_t i = 0; verb != NULL && i < sizeof requests / sizeof *requests; i++) {
    if (strcmp(verb, requests[i].verb) != 0) {
      continue;
    }
    for (int n = 0; n < requests[i].args; n++) {
      char *hex = strtok(NULL, " \n");
      if (hex == NULL || parse(hex, &arg[n]) != 0) {
        printf("error in argument %d\n", n + 1);
        return;
      }
    }
    requests[i].run();
    return;
  }
  printf("error: no such request\n");
}

int main(void) {
  static char line[8 * MOST];
  if (wolfCrypt_Init() != 0 || wc_InitRng(&rng) != 0) {
    return 1;
  }
  while (fgets(line, sizeof line, stdin) != NULL) {
    serve(line);
    fflush(stdout);
  }
  wc_FreeRng(&rng);
  return 0;
}
