package parley.mikey.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.identity.UserIdFormat;
import parley.mikey.message.Octets;

/// Every message of the profile from its maker to its receiver, with identifiers of RFC 6509 and
/// with the hashed ones of TS 33.180.
@ParameterizedClass
@EnumSource
class BothFormatsTest {
  private static final Identity GATEWAY = new Identity("sip:gateway@example.org");
  private static final MediaPolicy POLICY = new MediaPolicy(MediaSuite.AEAD_AES_128_GCM, false);
  private static final CryptoSession AUDIO = CryptoSession.of(4, 0xcafe, 17);

  @Parameter UserIdFormat format = UserIdFormat.RFC_6509;

  private final EccsiVerifier verifier = new EccsiVerifier(8);
  private final GmkBook book = new GmkBook();

  private KmsCertificate kms() {
    return kms(format);
  }

  private static KmsCertificate kms(UserIdFormat format) {
    return switch (format) {
      case RFC_6509 -> Fixture.KMS;
      case TS_33180 -> Fixture.HASHED_KMS;
    };
  }

  private KmsCertificate other() {
    return kms(format == UserIdFormat.RFC_6509 ? UserIdFormat.TS_33180 : UserIdFormat.RFC_6509);
  }

  @Test
  void aGmkReachesItsMemberAndTheReceiptItsManager() throws Exception {
    try (var gmk = Fixture.gmk();
        var signer = Fixture.signer(Fixture.GROUP, kms());
        var receiver = Fixture.receiver(Fixture.OTHER, kms());
        var stranger = Fixture.receiver(Fixture.OTHER, other())) {
      var message =
          UnverifiedGmkDistribution.read(
              GmkDistribution.seal(
                  GmkOffer.of(Fixture.OTHER, gmk), signer, kms(), Fixture.T, Fixture.RANDOM));
      assertThat(message.idScheme()).isEqualTo(format.code());
      assertThat(message.csbId() ^ gmk.userSalt(Fixture.OTHER)).isEqualTo(gmk.gmkId());
      assertThat(message.isSigned(Fixture.GROUP, kms(), verifier)).isTrue();
      assertThat(message.isSigned(Fixture.GROUP, other(), verifier)).isFalse();
      assertThat(message.open(Fixture.GROUP, Fixture.OTHER, stranger)).isEmpty();
      try (var opened = message.open(Fixture.GROUP, Fixture.OTHER, receiver).orElseThrow()) {
        assertThat(opened.key()).isEqualTo(gmk.key());
        assertThat(opened.gmkId()).isEqualTo(gmk.gmkId());
        assertThat(GmkReceipt.read(GmkReceipt.seal(message, opened)).isValid(message, gmk))
            .isTrue();
      }
    }
  }

  /// Also the default policy (AEAD_AES_128_GCM) is that of either format.
  @Test
  void anAnnouncementPassesGateAndVerifier() throws Exception {
    assertThat(MediaPolicy.ALL.getFirst()).isEqualTo(POLICY);
    switch (verified(announcement(Fixture.T), Fixture.NOW)) {
      case AnnouncementVerifier.Outcome.Verified verified -> {
        try (var announcement = verified.announcement()) {
          assertThat(announcement.talker()).isEqualTo(Fixture.TALKER);
          assertThat(announcement.kms()).isEqualTo(kms());
          assertThat(announcement.policy()).isEqualTo(POLICY);
          assertThat(announcement.sessions()).containsExactly(AUDIO);
          assertThat(announcement.gsk().key()).isEqualTo(Fixture.gsk().key());
        }
      }
      case AnnouncementVerifier.Outcome.Refused refused -> assertThat(refused).isNull();
    }
  }

  /// T alone names the period: two days after its end a message of it is still taken, not later.
  @Test
  void theEndOfAKeyPeriodIsTheSameToTheSecond() throws Exception {
    KeyPeriod period = kms().periodAt(Fixture.NOW);
    Instant last = period.until().plus(Duration.ofDays(2));
    byte[] octets = announcement(NtpTimestamp.of(last.minusSeconds(1).minus(Duration.ofDays(2))));
    var message = UnverifiedAnnouncement.read(octets);
    book.add(Fixture.gmk());
    var admitted =
        new Admission.Admitted(message, book.find(Fixture.GROUP, 0xc0ffee).orElseThrow());
    for (Instant now : List.of(last.minusNanos(1), last)) {
      var outcome = new AnnouncementVerifier(verifier, () -> now).verify(admitted, _ -> kms());
      assertThat(outcome instanceof AnnouncementVerifier.Outcome.Verified)
          .isEqualTo(now.isBefore(last));
    }
  }

  private AnnouncementVerifier.Outcome verified(byte[] octets, Instant now) {
    book.add(Fixture.gmk());
    var rules = GateRules.of(Fixture.GROUP, Set.of(POLICY), GATEWAY, now.minusSeconds(1));
    var gate =
        new AnnouncementGate(rules, book, ReplayCache.of(8, GateRules.DEFAULT_WINDOW), () -> now);
    var admitted = (Admission.Admitted) gate.admit(octets);
    return new AnnouncementVerifier(verifier, () -> now).verify(admitted, _ -> kms());
  }

  private byte[] announcement(NtpTimestamp t) throws Exception {
    byte[] id = kms().identifier(Fixture.TALKER, t);
    try (var gmk = Fixture.gmk();
        var key = Fixture.KSAK.issue(id, new byte[] {1});
        var signer = EccsiSigner.of(kms().authKey(), id, key.ssk(), key.pvt());
        var burst =
            GskAnnouncement.prepare(
                Fixture.TALKER,
                Fixture.GROUP,
                kms().kmsUri(),
                POLICY,
                List.of(AUDIO),
                null,
                gmk,
                Fixture.gsk(),
                Fixture.RANDOM)) {
      return burst.seal(t, List.of(AUDIO), signer, Fixture.RANDOM);
    }
  }

  @Test
  void aStayAtARelayGoesItsWay() throws Exception {
    book.add(Fixture.gmk());
    var gate =
        new JoinGate(
            Fixture.GROUP, GATEWAY, Duration.ofMinutes(1), book, () -> Fixture.NOW.minusSeconds(1));
    var joins = new JoinVerifier(verifier, () -> Fixture.NOW);
    var cookie = Octets.zeros(Joining.COOKIE_OCTETS);
    try (var gmk = Fixture.gmk();
        var signer = Fixture.signer(Fixture.OTHER, kms())) {
      var joining = Joining.prepare(Fixture.OTHER, kms().kmsUri(), gmk, Fixture.RANDOM);
      NtpTimestamp t = Fixture.T;
      for (JoinVerb verb : JoinVerb.values()) {
        byte[] octets = joining.seal(verb, cookie, t, signer, Fixture.RANDOM);
        t = t.after(t);
        var admitted = (JoinAdmission.Admitted) gate.admit(octets);
        assertThat(joins.refusal(admitted, _ -> kms())).isNull();
        assertThat(joins.refusal(admitted, _ -> other())).isEqualTo(JoinRefusal.BAD_SIGNATURE);
        byte[] answer =
            JoinAnswer.seal(UnverifiedJoin.read(octets), gmk, JoinOutcome.DONE, cookie, List.of());
        assertThat(JoinAnswer.read(answer).isFor(joining)).isTrue();
      }
    }
  }
}
