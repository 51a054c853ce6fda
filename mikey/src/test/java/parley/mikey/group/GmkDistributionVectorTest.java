package parley.mikey.group;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.mikey.Vectors.octets;
import static parley.mikey.Vectors.text;
import static parley.mikey.Vectors.word;

import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import parley.mikey.FixedRandom;
import parley.mikey.Vectors;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.MikeyReader;
import parley.mikey.message.Payload;
import parley.mikey.sakke.SakkeReceiver;
import parley.mikey.secret.SecretBytes;
import tools.jackson.databind.JsonNode;

/// The I_MESSAGE of `profile-gmk-imessage.json`, written and read octet for octet.
class GmkDistributionVectorTest {
  static final JsonNode VECTOR = Vectors.load("profile-gmk-imessage.json").required("cases").get(0);
  static final Identity GROUP = new Identity(text(VECTOR, "group_identity"));
  static final Identity UE = new Identity(text(VECTOR, "UE_identity"));
  static final NtpTimestamp T = new NtpTimestamp(HexFormat.fromHexDigitsToLong(text(VECTOR, "T")));
  private static final byte[] MESSAGE = octets(VECTOR, "message");

  static GroupMasterKey gmk() {
    return GroupMasterKey.of(
        GROUP,
        word(VECTOR, "GMK-ID"),
        SecretBytes.take(octets(VECTOR, "GMK"), "GMK"),
        T,
        Instant.ofEpochSecond(VECTOR.required("activation_unix").asLong()),
        Instant.ofEpochSecond(VECTOR.required("expiry_unix").asLong()),
        false);
  }

  @Test
  void isWrittenOctetForOctet() throws Exception {
    var random = new FixedRandom(octets(VECTOR, "RAND"), octets(VECTOR, "IV"), octets(VECTOR, "j"));
    try (var gmk = gmk();
        EccsiSigner signer = vectorSigner()) {
      byte[] sealed = GmkDistribution.seal(GmkOffer.of(UE, gmk), signer, Fixture.KMS, T, random);
      assertThat(sealed).isEqualTo(MESSAGE);
    }
  }

  /// The PVT of RFC 6507, which the signature of the vector ends with.
  private static EccsiSigner vectorSigner() throws Exception {
    JsonNode keys = Fixture.ANNOUNCEMENTS.get(0);
    try (var ssk = SecretBytes.take(octets(keys, "SSK"), "SSK")) {
      return EccsiSigner.of(
          Fixture.KMS.authKey(), octets(VECTOR, "signing_identifier"), ssk, octets(keys, "PVT"));
    }
  }

  @Test
  void isReadVerifiedAndOpened() throws Exception {
    var read = UnverifiedGmkDistribution.read(MESSAGE);
    assertThat(read.csbId()).isEqualTo(word(VECTOR, "CSB_ID"));
    assertThat(read.timestamp()).isEqualTo(T);
    assertThat(read.initiator()).isEqualTo(GROUP);
    assertThat(read.responder()).isEqualTo(UE);
    assertThat(read.initiatorKmsUri()).isEqualTo(text(VECTOR, "KMS"));
    assertThat(read.responderKmsUri()).isEqualTo(text(VECTOR, "KMS"));
    assertThat(read.idScheme()).isEqualTo(1);
    assertThat(read.signedDigest())
        .isEqualTo(Sha256.of(MESSAGE, VECTOR.required("signed_octets").asInt()));
    assertThat(read.isSigned(GROUP, Fixture.KMS, new EccsiVerifier(4))).isTrue();
    try (SakkeReceiver receiver = receiver();
        GroupMasterKey gmk = read.open(GROUP, UE, receiver).orElseThrow();
        GroupMasterKey expected = gmk()) {
      assertThat(gmk.gmkId()).isEqualTo(expected.gmkId());
      assertThat(gmk.key()).isEqualTo(expected.key());
      assertThat(gmk.issued()).isEqualTo(T);
      assertThat(gmk.activation()).isEqualTo(expected.activation());
      assertThat(gmk.expiry()).isEqualTo(expected.expiry());
      assertThat(gmk.isRevoked()).isFalse();
    }
  }

  static SakkeReceiver receiver() throws Exception {
    try (var rsk = SecretBytes.take(octets(VECTOR, "UE_RSK"), "RSK")) {
      return SakkeReceiver.of(Fixture.KMS.encKey(), octets(VECTOR, "UE_identifier"), rsk);
    }
  }

  @Test
  void everyValueInBetweenIsThePublishedOne() throws Exception {
    try (var gmk = gmk()) {
      int csbId = word(VECTOR, "CSB_ID");
      assertThat(gmk.userSalt(UE)).isEqualTo(word(VECTOR, "user_salt"));
      assertThat(gmk.csbIdFor(UE)).isEqualTo(csbId);
      assertThat(KeyParametersExtension.dpck(gmk.key(), csbId)).isEqualTo(octets(VECTOR, "DPCK"));
      byte[] plaintext = octets(VECTOR, "key_parameters_plaintext");
      KeyParameters parameters = KeyParameters.of(gmk, List.of());
      assertThat(parameters.write()).isEqualTo(plaintext);
      assertThat(KeyParameters.read(plaintext)).isEqualTo(parameters);
      Payload.GeneralExtension sealed =
          KeyParametersExtension.seal(parameters, gmk.key(), csbId, T, octets(VECTOR, "IV"));
      assertThat(sealed.data().bytes()).isEqualTo(octets(VECTOR, "key_parameters_extension"));
      assertThat(Arrays.copyOf(sealed.data().bytes(), 32)).isEqualTo(octets(VECTOR, "AAD"));
      assertThat(KeyParametersExtension.open(sealed, gmk.key(), csbId)).isEqualTo(parameters);
    }
  }

  @Test
  void sakkeDataIsThePublishedOne() throws Exception {
    var sakke = (Payload.Sakke) MikeyReader.read(MESSAGE).payloads().get(6);
    try (var gmk = gmk()) {
      assertThat(sakke.data().bytes())
          .isEqualTo(octets(VECTOR, "SAKKE_data"))
          .isEqualTo(Fixture.KMS.encKey().encapsulate(octets(VECTOR, "UE_identifier"), gmk.key()));
    }
  }
}
