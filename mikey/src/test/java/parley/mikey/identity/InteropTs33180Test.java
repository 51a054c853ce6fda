package parley.mikey.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static parley.mikey.Vectors.octets;
import static parley.mikey.Vectors.text;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import parley.mikey.InvalidKey;
import parley.mikey.Vectors;
import parley.mikey.eccsi.EccsiPublicKey;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.sakke.SakkePublicKey;
import parley.mikey.sakke.SakkeReceiver;
import parley.mikey.secret.SecretBytes;
import tools.jackson.databind.JsonNode;

/// Keys that another implementation's KMS issued install here: identifier, RSK, SSK and PVT.
class InteropTs33180Test {
  private static final JsonNode FILE = Vectors.load("interop-mikey-sakke-ts33180.json");
  private static final JsonNode KMS = FILE.required("kms");

  static Stream<JsonNode> uids() {
    return FILE.required("uid_cases").valueStream();
  }

  static Stream<JsonNode> users() {
    return FILE.required("users").valueStream();
  }

  @ParameterizedTest
  @MethodSource("uids")
  void hashesTheUid(JsonNode test) {
    assertThat(
            Identifiers.ts33180(
                text(test, "uri"),
                text(test, "kms_uri"),
                test.required("key_period").asLong(),
                test.required("key_period_offset").asLong(),
                test.required("key_period_no").asLong()))
        .isEqualTo(octets(test, "UID"));
  }

  @ParameterizedTest
  @MethodSource("users")
  void installsTheKeysOfAUser(JsonNode user) throws Exception {
    byte[] uid =
        Identifiers.ts33180(
            text(user, "UserUri"),
            text(KMS, "KmsUri"),
            KMS.required("UserKeyPeriod").asLong(),
            KMS.required("UserKeyOffset").asLong(),
            user.required("KeyPeriodNo").asLong());
    assertThat(uid).isEqualTo(octets(user, "UserID"));
    var z = SakkePublicKey.of(octets(KMS, "PubEncKey"));
    var kpak = EccsiPublicKey.of(octets(KMS, "PubAuthKey"));
    byte[] pvt = octets(user, "UserPubTokenPVT");
    try (var rsk = SecretBytes.take(octets(user, "UserDecryptKey"), "RSK");
        var ssk = SecretBytes.take(octets(user, "UserSigningKeySSK"), "SSK");
        var receiver = SakkeReceiver.of(z, uid, rsk);
        var signer = EccsiSigner.of(kpak, uid, ssk, pvt)) {
      assertThat(receiver).isNotNull();
      assertThat(signer).isNotNull();
      uid[31] ^= 1;
      assertThatThrownBy(() -> SakkeReceiver.of(z, uid, rsk)).isInstanceOf(InvalidKey.class);
      assertThatThrownBy(() -> EccsiSigner.of(kpak, uid, ssk, pvt)).isInstanceOf(InvalidKey.class);
    }
  }
}
