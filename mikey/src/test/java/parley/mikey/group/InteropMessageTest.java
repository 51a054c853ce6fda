package parley.mikey.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static parley.mikey.Vectors.octets;
import static parley.mikey.Vectors.text;
import static parley.mikey.Vectors.word;

import java.time.Instant;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import parley.mikey.Vectors;
import parley.mikey.eccsi.EccsiPublicKey;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.UserIdFormat;
import parley.mikey.message.IdrRole;
import parley.mikey.message.KeyPurpose;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.MikeyMessage;
import parley.mikey.message.MikeyReader;
import parley.mikey.message.Payload;
import parley.mikey.sakke.SakkePublicKey;
import parley.mikey.sakke.SakkeReceiver;
import parley.mikey.secret.SecretBytes;
import tools.jackson.databind.JsonNode;

/// Messages that another implementation of TS 33.180 made: read, verified, decrypted.
class InteropMessageTest {
  private static final JsonNode FILE = Vectors.load("interop-mikey-sakke-ts33180.json");

  static Stream<JsonNode> messages() {
    return FILE.required("cases").valueStream();
  }

  @ParameterizedTest
  @MethodSource("messages")
  void signatureHolds(JsonNode vector) throws Exception {
    byte[] octets = octets(vector, "I_MESSAGE");
    var sign = (Payload.Sign) MikeyReader.read(octets).payloads().getLast();
    var kpak = EccsiPublicKey.of(octets(FILE.required("kms"), "PubAuthKey"));
    byte[] uid = octets(user(vector, "initiator"), "UserID");
    int signed = vector.required("signed_octets").asInt();
    byte[] signature = sign.signature().bytes();
    var verifier = new EccsiVerifier(4);
    assertThat(octets.length - signature.length).isEqualTo(signed);
    assertThat(verifier.verify(kpak, uid, octets, 0, signed, signature)).isTrue();
    octets[signed / 2] ^= 1;
    assertThat(verifier.verify(kpak, uid, octets, 0, signed, signature)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("messages")
  void keyAndItsParametersDecrypt(JsonNode vector) throws Exception {
    MikeyMessage message = MikeyReader.read(octets(vector, "I_MESSAGE"));
    var sakke = only(message, Payload.Sakke.class);
    var extension = only(message, Payload.GeneralExtension.class);
    int csbId = message.header().csbId();
    assertThat(sakke.idScheme()).isEqualTo(2);
    try (SakkeReceiver receiver = receiver(user(vector, "responder"));
        SecretBytes key = receiver.decapsulate(sakke.data().bytes()).orElseThrow()) {
      assertThat(key).isEqualTo(SecretBytes.take(octets(vector, "key"), "expected"));
      assertThat(KeyParametersExtension.dpck(key, csbId)).isEqualTo(octets(vector, "DPCK"));
      KeyParameters parameters = KeyParametersExtension.open(extension, key, csbId);
      assertThat(parameters)
          .isEqualTo(KeyParameters.read(octets(vector, "key_parameters_plaintext")));
      assertThat(parameters.isRevoked()).isFalse();
      assertThat(parameters.expiry()).isEqualTo(Instant.MAX);
    }
  }

  @ParameterizedTest
  @MethodSource("messages")
  void identitiesAreTheHashedOnes(JsonNode vector) throws Exception {
    MikeyMessage message = MikeyReader.read(octets(vector, "I_MESSAGE"));
    for (Payload payload : message.payloads()) {
      if (payload instanceof Payload.Idr idr && idr.role() == IdrRole.INITIATOR_UID) {
        assertThat(idr.value().bytes()).isEqualTo(octets(user(vector, "initiator"), "UserID"));
      }
      if (payload instanceof Payload.Idr idr && idr.role() == IdrRole.RESPONDER_UID) {
        assertThat(idr.value().bytes()).isEqualTo(octets(user(vector, "responder"), "UserID"));
      }
    }
  }

  /// The whole way of a message that another wrote, through the reader of the standard's grammar.
  @ParameterizedTest
  @MethodSource("messages")
  void opensAsAKeyOfTheStandard(JsonNode vector) throws Exception {
    var message = UnverifiedKeyTransport.read(octets(vector, "I_MESSAGE"));
    var verifier = new EccsiVerifier(4);
    assertThat(message.csbId()).isEqualTo(word(vector, "CSB_ID"));
    assertThat(message.initiator()).isEqualTo("UID " + text(user(vector, "initiator"), "UserID"));
    assertThat(message.isSignedAsClaimed(certificate(), verifier)).isTrue();
    boolean isGmk = message.purpose() == KeyPurpose.GMK;
    Identity alice = new Identity("sip:alice@streamwide.com");
    assertThat(message.isSigned(alice, certificate(), verifier)).isEqualTo(!isGmk);
    assertThat(message.isSigned(new Identity("sip:bob@streamwide.com"), certificate(), verifier))
        .isFalse();
    if (!isGmk) {
      // its responder, gms@streamwide.com, is no URI; whoever is none gets nothing here
      assertThatThrownBy(
              () -> message.open(alice, certificate(), receiver(user(vector, "initiator"))))
          .isInstanceOf(MalformedMessage.class);
      return;
    }
    try (SakkeReceiver receiver = receiver(user(vector, "responder"));
        TransportedKey key = message.open(alice, certificate(), receiver).orElseThrow()) {
      assertThat(key.id()).isEqualTo(word(vector, "GMK-ID"));
      assertThat(key.key()).isEqualTo(SecretBytes.take(octets(vector, "key"), "expected"));
      assertThat(key.expiry()).isEqualTo(Instant.MAX);
    }
  }

  /// Our own profile is stricter than the standard: such a GMK is for no group that it names.
  @ParameterizedTest
  @MethodSource("messages")
  void isNoGmkDistributionOfOurs(JsonNode vector) {
    assertThatThrownBy(() -> UnverifiedGmkDistribution.read(octets(vector, "I_MESSAGE")))
        .isInstanceOf(MalformedMessage.class);
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

  @Test
  void csbIdHidesTheGmkId() {
    JsonNode vector = FILE.required("cases").get(0);
    var ue = new Identity(text(vector, "responder"));
    try (var key = SecretBytes.take(octets(vector, "key"), "GMK")) {
      int salt = GroupMasterKey.userSalt(key, ue);
      assertThat(salt).isEqualTo(word(vector, "user_salt"));
      assertThat(word(vector, "GMK-ID") ^ salt).isEqualTo(word(vector, "GUK-ID"));
    }
  }

  @Test
  void userSaltsOfTheOtherVectorsAgree() {
    int seen = 0;
    for (JsonNode vector :
        Vectors.load("interop-ts33180-key-derivation.json").required("cases").values()) {
      if (vector.has("user_salt")) {
        seen++;
        var uri = new Identity(text(vector, "uri"));
        try (var key = SecretBytes.take(octets(vector, "TGK"), "GMK")) {
          int salt = GroupMasterKey.userSalt(key, uri);
          assertThat(HexFormat.of().toHexDigits(salt)).isEqualTo(text(vector, "user_salt"));
          assertThat(word(vector, "K-ID") ^ salt).isEqualTo(word(vector, "CSB_ID"));
        }
      }
    }
    assertThat(seen).isEqualTo(4);
  }

  private static <P extends Payload> P only(MikeyMessage message, Class<P> type) {
    return message.payloads().stream()
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode user(JsonNode vector, String role) {
    return FILE.required("users")
        .valueStream()
        .filter(user -> text(user, "UserUri").equals(text(vector, role)))
        .findFirst()
        .orElseThrow();
  }

  private static SakkeReceiver receiver(JsonNode user) throws Exception {
    var z = SakkePublicKey.of(octets(FILE.required("kms"), "PubEncKey"));
    try (var rsk = SecretBytes.take(octets(user, "UserDecryptKey"), "RSK")) {
      return SakkeReceiver.of(z, octets(user, "UserID"), rsk);
    }
  }
}
