package parley.mikey.prf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static parley.mikey.Vectors.octets;
import static parley.mikey.Vectors.word;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import parley.mikey.Vectors;
import tools.jackson.databind.JsonNode;

class MikeyKeysTest {
  private static final byte[] LABEL = {1, 2, 3, 4, 5};

  static Stream<JsonNode> interop() {
    return Vectors.load("interop-ts33180-key-derivation.json")
        .required("cases")
        .valueStream()
        .filter(test -> test.has("SRTP_master_key"));
  }

  @ParameterizedTest
  @MethodSource("interop")
  void derivesTheSrtpKeysOfOtherVendors(JsonNode test) {
    byte[] tgk = octets(test, "TGK");
    byte[] rand = octets(test, "RAND");
    int csId = test.required("CS_ID").asInt();
    int csbId = word(test, "CSB_ID");
    assertThat(MikeyKeys.tek(MikeyPrf.HMAC_SHA_256, tgk, csId, csbId, rand, 16))
        .isEqualTo(octets(test, "SRTP_master_key"));
    assertThat(MikeyKeys.salt(MikeyPrf.HMAC_SHA_256, tgk, csId, csbId, rand, 12))
        .isEqualTo(octets(test, "SRTP_master_salt"));
  }

  @ParameterizedTest
  @EnumSource
  void shorterKeyIsTheBeginningOfALongerOne(MikeyPrf prf) {
    qt().forAll(integers().between(1, 70), integers().between(1, 100))
        .checkAssert((keyOctets, octets) ->
            assertThat(prf.derive(key(keyOctets), LABEL, octets))
                .isEqualTo(Arrays.copyOf(prf.derive(key(keyOctets), LABEL, 100), octets)));
  }

  /// RFC 3830, 4.1.2: the blocks are of 256 bits with either hash, the last may be shorter.
  @ParameterizedTest
  @EnumSource
  void longKeyIsTheXorOfItsBlocks(MikeyPrf prf) {
    byte[] key = key(75);
    byte[] expected = new byte[50];
    for (byte[] block :
        new byte[][] {
          Arrays.copyOf(key, 32), Arrays.copyOfRange(key, 32, 64), Arrays.copyOfRange(key, 64, 75)
        }) {
      byte[] part = prf.derive(block, LABEL, 50);
      for (int i = 0; i < 50; i++) {
        expected[i] ^= part[i];
      }
    }
    assertThat(prf.derive(key, LABEL, 50)).isEqualTo(expected);
  }

  @Test
  void eachPurposeAndSessionHasItsOwnKey() {
    byte[] key = key(16);
    byte[] rand = key(32);
    var prf = MikeyPrf.HMAC_SHA_256;
    assertThat(
            Stream.of(
                    MikeyKeys.tek(prf, key, 4, 7, rand, 16),
                    MikeyKeys.tek(prf, key, 5, 7, rand, 16),
                    MikeyKeys.tek(prf, key, 4, 8, rand, 16),
                    MikeyKeys.salt(prf, key, 4, 7, rand, 16),
                    MikeyKeys.encryptionKey(prf, key, 7, rand, 16),
                    MikeyKeys.authenticationKey(prf, key, 7, rand, 16),
                    MikeyKeys.saltKey(prf, key, 7, rand, 16))
                .map(java.util.HexFormat.of()::formatHex))
        .doesNotHaveDuplicates();
  }

  @Test
  void refusesAnEmptyKeyAndASessionBeyondOneOctet() {
    assertThatThrownBy(() -> MikeyPrf.MIKEY_1.derive(new byte[0], LABEL, 16))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MikeyKeys.tek(MikeyPrf.MIKEY_1, key(16), 256, 1, LABEL, 16))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void knowsItsCodes() {
    assertThat(MikeyPrf.withCode(0)).contains(MikeyPrf.MIKEY_1);
    assertThat(MikeyPrf.withCode(1)).contains(MikeyPrf.HMAC_SHA_256);
    assertThat(MikeyPrf.withCode(2)).isEmpty();
  }

  private static byte[] key(int octets) {
    var key = new byte[octets];
    for (int i = 0; i < octets; i++) {
      key[i] = (byte) (37 * i + 11);
    }
    return key;
  }
}
