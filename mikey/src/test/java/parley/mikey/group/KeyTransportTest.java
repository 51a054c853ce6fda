package parley.mikey.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.message.CertType;
import parley.mikey.message.CsIdMap;
import parley.mikey.message.EncryptionAlgorithm;
import parley.mikey.message.HashFunction;
import parley.mikey.message.Header;
import parley.mikey.message.IdType;
import parley.mikey.message.IdrRole;
import parley.mikey.message.KeyPurpose;
import parley.mikey.message.MacAlgorithm;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.MikeyMessage;
import parley.mikey.message.MikeyReader;
import parley.mikey.message.MikeyWriter;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;
import parley.mikey.prf.MikeyPrf;

/// PCKs and CSKs of our own making, and every freedom that the reader leaves to others.
class KeyTransportTest {
  private static final KmsCertificate KMS = Fixture.HASHED_KMS;
  private static final Identity ALICE = Fixture.TALKER;
  private static final Identity BOB = Fixture.OTHER;
  private static final Identity SERVER = new Identity("sip:server.mcptt.example.org");
  private static final int PCK_ID = 0x1234_5678;
  private static final int CSK_ID = 0x2234_5678;
  private static final String KEY = "909192939495969798999a9b9c9d9e9f";
  private static final Instant START = Fixture.NOW.truncatedTo(ChronoUnit.SECONDS);
  private static final Instant END = START.plus(Duration.ofHours(1));

  private final EccsiVerifier verifier = new EccsiVerifier(8);

  private static TransportedKey key(int id) {
    return TransportedKey.of(id, Fixture.secret(KEY), Fixture.T, START, END);
  }

  static byte[] sealed(int id, Identity from, Identity to) throws Exception {
    try (TransportedKey key = key(id);
        var signer = Fixture.signer(from, KMS)) {
      return KeyTransport.seal(key, from, to, signer, KMS, Fixture.RANDOM);
    }
  }

  private static Optional<TransportedKey> opened(UnverifiedKeyTransport message, Identity who)
      throws Exception {
    try (var receiver = Fixture.receiver(who, KMS)) {
      return message.open(who, KMS, receiver);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {PCK_ID, CSK_ID})
  void bringsAKeyFromOneToAnother(int id) throws Exception {
    Identity to = id == PCK_ID ? BOB : SERVER;
    var message = UnverifiedKeyTransport.read(sealed(id, ALICE, to));
    assertThat(message.purpose()).isEqualTo(id == PCK_ID ? KeyPurpose.PCK : KeyPurpose.CSK);
    assertThat(message.csbId()).isEqualTo(id);
    assertThat(message.timestamp()).isEqualTo(Fixture.T);
    assertThat(message.initiator()).isEqualTo(ALICE.uri());
    assertThat(message.responder()).isEqualTo(to.uri());
    assertThat(message.isSigned(ALICE, KMS, verifier)).isTrue();
    assertThat(message.isSignedAsClaimed(KMS, verifier)).isTrue();
    try (TransportedKey key = opened(message, to).orElseThrow();
        TransportedKey expected = key(id)) {
      assertThat(key.id()).isEqualTo(id);
      assertThat(key.purpose()).isEqualTo(message.purpose());
      assertThat(key.key()).isEqualTo(expected.key());
      assertThat(key.issued()).isEqualTo(Fixture.T);
      assertThat(key.activation()).isEqualTo(START);
      assertThat(key.expiry()).isEqualTo(END);
      assertThat(key.isRevoked()).isFalse();
      assertThat(key.groups()).isEmpty();
      assertThat(key.toString()).doesNotContain(KEY);
    }
  }

  @Test
  void believesOnlyTheSignerThatItExpects() throws Exception {
    var message = UnverifiedKeyTransport.read(sealed(PCK_ID, ALICE, BOB));
    assertThat(message.isSigned(BOB, KMS, verifier)).isFalse();
    assertThat(message.isSigned(ALICE, Fixture.KMS, verifier)).as("format 1").isFalse();
    var elsewhere =
        KmsCertificate.of(
            "other.example.org",
            KMS.userIdFormat(),
            Fixture.PERIOD_SECONDS,
            0,
            KMS.authKey(),
            KMS.encKey());
    assertThat(message.isSigned(ALICE, elsewhere, verifier)).isFalse();
    assertThat(message.isSignedAsClaimed(elsewhere, verifier)).isFalse();
    try (TransportedKey key = key(PCK_ID);
        var bobs = Fixture.signer(BOB, KMS)) {
      byte[] forged = KeyTransport.seal(key, ALICE, BOB, bobs, KMS, Fixture.RANDOM);
      assertThat(UnverifiedKeyTransport.read(forged).isSigned(ALICE, KMS, verifier)).isFalse();
    }
  }

  @Test
  void opensForItsResponderOnly() throws Exception {
    var message = UnverifiedKeyTransport.read(sealed(PCK_ID, ALICE, BOB));
    assertThatThrownBy(() -> opened(message, ALICE))
        .isInstanceOf(MalformedMessage.class)
        .hasMessageContaining("this is for " + BOB);
    try (var receiver = Fixture.receiver(ALICE, KMS)) {
      assertThat(message.open(BOB, KMS, receiver)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x01234567, 0x32345678, 0xf2345678})
  void writesNoOtherKeys(int id) {
    try (var secret = Fixture.secret(KEY)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TransportedKey.of(id, secret, Fixture.T, START, END));
    }
  }

  @Test
  void writesOnlyWhatItCouldRead() throws Exception {
    try (TransportedKey key = key(PCK_ID);
        var signer = Fixture.signer(ALICE, Fixture.KMS);
        var small = Fixture.secret("00")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> KeyTransport.seal(key, ALICE, BOB, signer, Fixture.KMS, Fixture.RANDOM))
          .withMessageContaining("no identifiers of TS 33.180");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TransportedKey.of(PCK_ID, small, Fixture.T, START, END));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TransportedKey.of(PCK_ID, key.key(), Fixture.T, END, END));
    }
  }

  @Test
  void readsThePayloadsInAnyOrder() throws Exception {
    MikeyMessage good = MikeyReader.read(sealed(PCK_ID, ALICE, BOB));
    var order = new Random(33180);
    for (int i = 0; i < 200; i++) {
      var payloads = new ArrayList<>(good.payloads());
      Collections.shuffle(payloads.subList(0, payloads.size() - 1), order);
      var message = signed(new MikeyMessage(good.header(), payloads));
      assertThat(message.isSigned(ALICE, KMS, verifier)).isTrue();
      if (i == 0) {
        try (TransportedKey key = opened(message, BOB).orElseThrow()) {
          assertThat(key.id()).isEqualTo(PCK_ID);
        }
      }
    }
  }

  @Test
  void readsHashedIdentitiesInsteadAndBesides() throws Exception {
    MikeyMessage good = MikeyReader.read(sealed(PCK_ID, ALICE, BOB));
    Payload.Idr alice = uid(IdrRole.INITIATOR_UID, ALICE);
    Payload.Idr bob = uid(IdrRole.RESPONDER_UID, BOB);
    var besides = signed(with(good, alice, bob));
    var instead =
        signed(without(with(good, alice, bob), idr(IdrRole.INITIATOR).or(idr(IdrRole.RESPONDER))));
    for (var message : List.of(besides, instead)) {
      assertThat(message.isSigned(ALICE, KMS, verifier)).isTrue();
      assertThat(message.isSignedAsClaimed(KMS, verifier)).isTrue();
      assertThat(message.isSigned(BOB, KMS, verifier)).isFalse();
      opened(message, BOB).orElseThrow().close();
      assertThatThrownBy(() -> opened(message, ALICE)).isInstanceOf(MalformedMessage.class);
    }
    assertThat(instead.initiator()).startsWith("UID ").hasSize(68);
    assertThat(besides.initiator()).isEqualTo(ALICE.uri());
  }

  /// A UID that contradicts the URI makes neither of the two the signer.
  @Test
  void refusesIdentitiesThatContradictEachOther() throws Exception {
    MikeyMessage good = MikeyReader.read(sealed(PCK_ID, ALICE, BOB));
    var message =
        signed(with(good, uid(IdrRole.INITIATOR_UID, BOB), uid(IdrRole.RESPONDER_UID, ALICE)));
    assertThat(message.isSigned(ALICE, KMS, verifier)).isFalse();
    assertThat(message.isSigned(BOB, KMS, verifier)).isFalse();
    assertThat(message.isSignedAsClaimed(KMS, verifier)).isFalse();
    assertThatThrownBy(() -> opened(message, BOB)).isInstanceOf(MalformedMessage.class);
  }

  @Test
  void readsWhatTheStandardAllowsBesides() throws Exception {
    MikeyMessage good = MikeyReader.read(sealed(CSK_ID, ALICE, SERVER));
    var entry =
        new CsIdMap.GenericIdEntry(
            6,
            CsIdMap.GenericIdEntry.SRTP,
            false,
            List.of(),
            Octets.zeros(0),
            Octets.ofInt(CSK_ID));
    var header =
        new Header(
            good.header().dataType(),
            false,
            MikeyPrf.HMAC_SHA_256,
            CSK_ID,
            new CsIdMap.GenericId(List.of(entry)));
    var policy = new MediaPolicy(MediaSuite.AEAD_AES_128_GCM, false).payload();
    var second = new Payload.SecurityPolicy(1, policy.protocol(), policy.parameters());
    var toSelf =
        new Payload.GeneralExtension(Payload.GeneralExtension.SAKKE_TO_SELF, Octets.zeros(273));
    var message = signed(with(new MikeyMessage(header, good.payloads()), policy, second, toSelf));
    opened(message, SERVER).orElseThrow().close();
  }

  /// Such a key has no end; its sender renews it when it likes.
  @Test
  void aKeyWithoutParametersIsUnlimited() throws Exception {
    MikeyMessage good = MikeyReader.read(sealed(PCK_ID, ALICE, BOB));
    var message = signed(without(good, Payload.GeneralExtension.class::isInstance));
    try (TransportedKey key = opened(message, BOB).orElseThrow()) {
      assertThat(key.activation()).isEqualTo(Instant.EPOCH);
      assertThat(key.expiry()).isEqualTo(Instant.MAX);
      assertThat(key.isRevoked()).isFalse();
    }
  }

  static List<Payload> strangers() {
    Octets nothing = Octets.zeros(0);
    return List.of(
        new Payload.Cert(CertType.X509V3, nothing),
        new Payload.CertHash(HashFunction.SHA_256, Octets.zeros(32)),
        new Payload.Kemac(EncryptionAlgorithm.NULL, nothing, MacAlgorithm.NULL, nothing),
        new Payload.Pke(0, nothing),
        new Payload.Id(IdType.URI, Octets.of(ALICE.octets())),
        new Payload.Verification(MacAlgorithm.NULL, nothing),
        new Payload.ErrorReport(1),
        new Payload.Idr(IdrRole.APPLICATION, IdType.URI, Octets.of(ALICE.octets())),
        new Payload.Idr(IdrRole.PRE_SHARED_KEY, IdType.BYTE_STRING, Octets.zeros(4)),
        new Payload.GeneralExtension(Payload.GeneralExtension.VENDOR_ID, nothing),
        new Payload.GeneralExtension(8, nothing));
  }

  @ParameterizedTest
  @MethodSource("strangers")
  void refusesWhatHasNoPlaceInIt(Payload stranger) throws Exception {
    refused(with(MikeyReader.read(sealed(PCK_ID, ALICE, BOB)), stranger));
  }

  @Test
  void refusesWhatIsMissingRepeatedOrOfAnotherKind() throws Exception {
    MikeyMessage good = MikeyReader.read(sealed(PCK_ID, ALICE, BOB));
    List<Payload> payloads = good.payloads();
    for (Payload payload : payloads.subList(0, payloads.size() - 1)) {
      if (!(payload instanceof Payload.GeneralExtension)) {
        refused(without(good, payload::equals));
      }
      refused(with(good, payload));
    }
    refused(without(good, Payload.Sign.class::isInstance));
    Header header = good.header();
    refused(new MikeyMessage(header(header, 0x3234_5678, header.map()), payloads));
    refused(new MikeyMessage(header(header, 0xf234_5678, header.map()), payloads));
    var srtp = new CsIdMap.SrtpId(List.of(new CsIdMap.SrtpIdEntry(0, 1, 0)));
    refused(new MikeyMessage(header(header, PCK_ID, srtp), payloads));
    refused(
        with(
            without(good, Payload.Sakke.class::isInstance),
            new Payload.Sakke(1, 1, Octets.zeros(273))));
    refused(
        with(
            without(good, Payload.Sakke.class::isInstance),
            new Payload.Sakke(2, 2, Octets.zeros(273))));
    refused(
        with(without(good, Payload.Rand.class::isInstance), new Payload.Rand(Octets.zeros(15))));
    refused(with(good, new Payload.Idr(IdrRole.INITIATOR_UID, IdType.URI, Octets.zeros(31))));
  }

  /// The parameters are bound to the key, and say of what kind it is.
  @Test
  void refusesParametersOfAnotherKindOrKey() throws Exception {
    MikeyMessage good = MikeyReader.read(sealed(PCK_ID, ALICE, BOB));
    MikeyMessage bare = without(good, Payload.GeneralExtension.class::isInstance);
    var csk = KeyParameters.inForce(KeyPurpose.CSK, START, END);
    var pck = KeyParameters.inForce(KeyPurpose.PCK, START, END);
    var empty = KeyParameters.inForce(KeyPurpose.PCK, END, END);
    byte[] iv = new byte[16];
    try (var key = Fixture.secret(KEY);
        var other = Fixture.secret("00".repeat(16))) {
      for (var wrong :
          List.of(
              KeyParametersExtension.seal(csk, key, PCK_ID, Fixture.T, iv),
              KeyParametersExtension.seal(empty, key, PCK_ID, Fixture.T, iv),
              KeyParametersExtension.seal(pck, key, PCK_ID + 1, Fixture.T, iv),
              KeyParametersExtension.seal(pck, other, PCK_ID, Fixture.T, iv))) {
        var message = signed(with(bare, wrong));
        assertThatThrownBy(() -> opened(message, BOB)).isInstanceOf(MalformedMessage.class);
      }
    }
  }

  @Test
  void everyCutAndEveryBitFlipIsMalformedOrNotSigned() throws Exception {
    byte[] good = sealed(PCK_ID, ALICE, BOB);
    for (int length = 0; length <= good.length + 1; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThat(isSigned(cut)).as("cut at %s", length).isEqualTo(length == good.length);
    }
    for (int bit = 0; bit < good.length * Byte.SIZE; bit++) {
      assertThat(isSigned(AnnouncementHostileTest.flipped(good, bit))).as("bit %s", bit).isFalse();
    }
  }

  private boolean isSigned(byte[] octets) {
    try {
      return UnverifiedKeyTransport.read(octets).isSigned(ALICE, KMS, verifier);
    } catch (MalformedMessage _) {
      return false;
    }
  }

  /// A GMK of ours under hashed identifiers is a message of the standard as well.
  @Test
  void readsAGmkDistributionOfOurs() throws Exception {
    try (var gmk = Fixture.gmk();
        var signer = Fixture.signer(Fixture.GROUP, KMS)) {
      byte[] octets =
          GmkDistribution.seal(GmkOffer.of(BOB, gmk), signer, KMS, Fixture.T, Fixture.RANDOM);
      var message = UnverifiedKeyTransport.read(octets);
      assertThat(message.isSigned(Fixture.GROUP, KMS, verifier)).isTrue();
      try (TransportedKey key = opened(message, BOB).orElseThrow()) {
        assertThat(key.purpose()).isEqualTo(KeyPurpose.GMK);
        assertThat(key.id()).isEqualTo(gmk.gmkId());
        assertThat(key.key()).isEqualTo(gmk.key());
      }
    }
  }

  /// The top nibble of the CSB ID alone tells it from one, and no salt changes that nibble.
  @Test
  void isNoGmkDistribution() throws Exception {
    byte[] pck = sealed(PCK_ID, ALICE, BOB);
    assertThatThrownBy(() -> UnverifiedGmkDistribution.read(pck))
        .isInstanceOf(MalformedMessage.class)
        .hasMessageContaining("hides no GMK-ID");
  }

  private static Header header(Header as, int csbId, CsIdMap map) {
    return new Header(as.dataType(), false, as.prf(), csbId, map);
  }

  private static Payload.Idr uid(IdrRole role, Identity who) {
    return new Payload.Idr(role, IdType.URI, Octets.of(KMS.identifier(who, Fixture.T)));
  }

  private static Predicate<Payload> idr(IdrRole role) {
    return payload -> payload instanceof Payload.Idr idr && idr.role() == role;
  }

  private static MikeyMessage without(MikeyMessage message, Predicate<Payload> which) {
    return new MikeyMessage(
        message.header(), message.payloads().stream().filter(which.negate()).toList());
  }

  /// These payloads first, the signature still last.
  private static MikeyMessage with(MikeyMessage message, Payload... more) {
    var payloads = new ArrayList<>(List.of(more));
    payloads.addAll(message.payloads());
    return new MikeyMessage(message.header(), payloads);
  }

  private static UnverifiedKeyTransport signed(MikeyMessage message) throws Exception {
    byte[] octets = MikeyWriter.write(message);
    int signed = octets.length - 129;
    try (var signer = Fixture.signer(ALICE, KMS)) {
      System.arraycopy(signer.sign(octets, 0, signed, Fixture.RANDOM), 0, octets, signed, 129);
    }
    return UnverifiedKeyTransport.read(octets);
  }

  private static void refused(MikeyMessage message) {
    byte[] octets = MikeyWriter.write(message);
    assertThatThrownBy(() -> UnverifiedKeyTransport.read(octets))
        .isInstanceOf(MalformedMessage.class);
  }
}
