package parley.keys.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.FakeClock;
import parley.keys.TestVault;
import parley.keys.kms.MemberKeys;
import parley.mikey.eccsi.EccsiPublicKey;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.group.TransportedKey;
import parley.mikey.group.UnverifiedKeyTransport;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.UserIdFormat;
import parley.mikey.sakke.SakkePublicKey;
import parley.mikey.secret.SecretBytes;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// How far a member gets with a GMK message of another implementation of TS 33.180, whose KMS
/// issued its keys.
class InteropMemberTest {
  private static final JsonNode FILE =
      JsonMapper.shared()
          .readTree(
              Path.of("../mikey/src/test/resources/vectors/interop-mikey-sakke-ts33180.json"));
  private static final Identity ALICE = new Identity("sip:alice@streamwide.com");

  @TempDir Path directory;

  /// Its keys are installed, its signature holds, its GMK opens; but its manager
  /// (`gms@streamwide.com`) is no URI that a list of ours could hold, and no group of ours has its
  /// hash. So a member refuses it.
  @Test
  void opensButDoesNotAcceptAGmkThatNamesNoGroup() throws Exception {
    JsonNode gmk = FILE.required("cases").get(0);
    var message = UnverifiedKeyTransport.read(octets(gmk, "I_MESSAGE"));
    KmsCertificate kms = certificate();
    var clock = new FakeClock(message.timestamp().toInstant());
    try (TestVault vault = new TestVault(directory, "vault");
        MemberKeys keys = keys(kms, message)) {
      Member.install(vault.vault(), kms, keys);
      try (Member member = Member.open(vault.vault(), ALICE, clock)) {
        assertThat(message.isSignedAsClaimed(member.homeKms(), new EccsiVerifier(1))).isTrue();
        try (TransportedKey key = member.decrypt(message).orElseThrow()) {
          assertThat(key.id()).isEqualTo(HexFormat.fromHexDigits(text(gmk, "GMK-ID")));
          assertThat(key.key()).isEqualTo(secret(gmk, "key"));
          assertThat(key.groups()).isEmpty();
        }
        long before = vault.vault().counter();
        assertThat(member.accept(octets(gmk, "I_MESSAGE")))
            .isInstanceOfSatisfying(
                GmkAcceptance.Refused.class,
                refused -> assertThat(refused.reason()).isEqualTo(GmkRefusal.UNKNOWN_SENDER));
        assertThat(vault.vault().counter()).isEqualTo(before);
      }
    }
  }

  private static MemberKeys keys(KmsCertificate kms, UnverifiedKeyTransport message) {
    JsonNode alice =
        FILE.required("users")
            .valueStream()
            .filter(user -> text(user, "UserUri").equals(ALICE.uri()))
            .findFirst()
            .orElseThrow();
    return MemberKeys.of(
        ALICE,
        kms.periodAt(message.timestamp().toInstant()),
        "device",
        secret(alice, "UserDecryptKey"),
        secret(alice, "UserSigningKeySSK"),
        octets(alice, "UserPubTokenPVT"));
  }

  private static KmsCertificate certificate() throws Exception {
    JsonNode kms = FILE.required("kms");
    return KmsCertificate.of(
        text(kms, "KmsUri"),
        UserIdFormat.TS_33180,
        kms.required("UserKeyPeriod").asLong(),
        kms.required("UserKeyOffset").asLong(),
        EccsiPublicKey.of(octets(kms, "PubAuthKey")),
        SakkePublicKey.of(octets(kms, "PubEncKey")));
  }

  private static SecretBytes secret(JsonNode node, String field) {
    return SecretBytes.take(octets(node, field), field);
  }

  private static byte[] octets(JsonNode node, String field) {
    return HexFormat.of().parseHex(text(node, field));
  }

  private static String text(JsonNode node, String field) {
    return node.required(field).asString();
  }
}
