package parley.mikey.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static parley.mikey.group.Fixture.GROUP;
import static parley.mikey.group.Fixture.T;
import static parley.mikey.group.Fixture.TALKER;

import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import parley.mikey.FixedRandom;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// What is made ahead gives the same octets as what is made when it is needed, and vanishes.
class PreparedAnnouncementTest {
  private static final AnnouncementFields FIELDS = Fixture.fields();
  private static final CryptoSession STREAM = FIELDS.sessions().getFirst();
  private static final CryptoSession SOMEWHERE =
      new CryptoSession(STREAM.csId(), STREAM.ssrc(), false, 0, 0);
  private static final FixedRandom NOTHING = new FixedRandom();

  private final GroupMasterKey gmk = Fixture.gmk();
  private final EccsiSigner signer;

  PreparedAnnouncementTest() throws Exception {
    signer = Fixture.signer(TALKER);
  }

  @AfterEach
  void close() {
    signer.close();
    gmk.close();
  }

  private static byte[] octets(int length, int first) {
    var octets = new byte[length];
    Arrays.fill(octets, (byte) first);
    return octets;
  }

  /// CSB ID, N of RAND, j.
  private static FixedRandom drawn() {
    return new FixedRandom(octets(4, 1), octets(16, 2), octets(32, 3));
  }

  private GskAnnouncement prepare(FixedRandom random) {
    return GskAnnouncement.prepare(
        TALKER,
        GROUP,
        Fixture.KMS_URI,
        new MediaPolicy(MediaSuite.AEAD_AES_128_GCM, false),
        List.of(STREAM),
        null,
        gmk,
        Fixture.gsk(),
        random);
  }

  private GskAnnouncement announcement() {
    return new GskAnnouncement(AnnouncementProfile.GROUP_CALL, FIELDS, gmk, Fixture.gsk());
  }

  @Test
  void sealedFromPreparedItIsTheSameOctetForOctet() {
    FixedRandom now = drawn();
    FixedRandom before = drawn();
    try (var adHoc = prepare(now);
        var prepared = prepare(before)) {
      prepared.drawNonceAhead(before);
      assertThat(prepared.seal(T, List.of(STREAM), signer, NOTHING))
          .isEqualTo(adHoc.seal(T, List.of(STREAM), signer, now));
    }
  }

  /// Of a message that was written as a whole, by way of the writer.
  @Test
  void everyRepeatIsWhatAWholeNewMessageWouldBe() throws Exception {
    List<CryptoSession> states =
        List.of(STREAM, STREAM.at(0), SOMEWHERE, SOMEWHERE, STREAM.at(0xffff_ffff_ffffL), STREAM);
    try (var announcement = announcement()) {
      for (int i = 0; i < states.size(); i++) {
        NtpTimestamp t = Fixture.after(Duration.ofMillis(500L * i));
        List<CryptoSession> now = List.of(states.get(i));
        if (i % 2 == 0) {
          announcement.drawNonceAhead(Fixture.RANDOM);
        }
        byte[] sealed = announcement.seal(t, now, signer, Fixture.RANDOM);
        byte[] whole = Fixture.seal(FIELDS.with(now), t, TALKER);
        assertThat(unsigned(sealed)).isEqualTo(unsigned(whole));
        var read = UnverifiedAnnouncement.read(sealed);
        assertThat(read.isMacValid(gmk)).isTrue();
        assertThat(read.isSigned(Fixture.KMS, new EccsiVerifier(1))).isTrue();
      }
    }
  }

  private static byte[] unsigned(byte[] message) {
    return Arrays.copyOf(message, message.length - EccsiSigner.SIGNATURE_OCTETS);
  }

  @Test
  void aNonceDrawnAheadServesOneMessage() {
    try (var announcement = announcement()) {
      announcement.drawNonceAhead(new FixedRandom(octets(32, 3)));
      announcement.drawNonceAhead(NOTHING);
      byte[] first = announcement.seal(T, List.of(STREAM), signer, NOTHING);
      byte[] second =
          announcement.seal(T.after(T), List.of(STREAM), signer, new FixedRandom(octets(32, 4)));
      assertThat(rOf(second)).isNotEqualTo(rOf(first));
    }
  }

  private static byte[] rOf(byte[] message) {
    int start = message.length - EccsiSigner.SIGNATURE_OCTETS;
    return Arrays.copyOfRange(message, start, start + 32);
  }

  @Test
  void whatIsRefusedCostsNoNonce() {
    try (var announcement = announcement()) {
      announcement.drawNonceAhead(new FixedRandom(octets(32, 3)));
      assertThatThrownBy(() -> announcement.seal(T, List.of(), signer, NOTHING))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(announcement.seal(T, List.of(STREAM), signer, NOTHING)).isNotEmpty();
    }
  }

  @Test
  void nothingIsSealedUnderAKeyThatItsBookHasClosed() {
    try (var announcement = announcement()) {
      gmk.close();
      assertThatThrownBy(() -> announcement.seal(T, List.of(STREAM), signer, Fixture.RANDOM))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
    }
  }

  @Test
  void closedItHoldsNoSecretAndSealsNothing() {
    var announcement = announcement();
    announcement.drawNonceAhead(Fixture.RANDOM);
    assertThat(announcement.isZeroed()).isFalse();
    announcement.close();
    assertThat(announcement.isZeroed()).isTrue();
    assertThatThrownBy(() -> announcement.seal(T, List.of(STREAM), signer, Fixture.RANDOM))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void nothingPrintsItsKeys() {
    String secrets = hex(Fixture.gsk().key()) + hex(gmk.key());
    try (var announcement = announcement();
        var keys =
            new PreSharedKeys(gmk, AnnouncementProfile.GROUP_CALL.prf(), 1, FIELDS.rand())
                .derived(AnnouncementProfile.GROUP_CALL.mac())) {
      String printed = announcement + " " + keys;
      for (int i = 0; i + 12 <= secrets.length(); i++) {
        assertThat(printed).doesNotContainIgnoringCase(secrets.substring(i, i + 12));
      }
    }
  }

  private static String hex(SecretBytes secret) {
    return secret.lend(SecretAccess.token(), HexFormat.of()::formatHex);
  }
}
