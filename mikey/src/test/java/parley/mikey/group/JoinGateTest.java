package parley.mikey.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;

/// The rules of the wire profile, section 7, that need no gateway.
class JoinGateTest {
  private static final Identity GATEWAY = new Identity("sip:gpe1@example.org");

  private final GmkBook book = new GmkBook();
  private final GroupMasterKey gmk = Fixture.gmk();
  private final JoinVerifier verifier = new JoinVerifier(new EccsiVerifier(8), () -> Fixture.NOW);
  private Instant now = Fixture.NOW.minusSeconds(120);
  private final JoinGate gate =
      new JoinGate(Fixture.GROUP, GATEWAY, Duration.ofSeconds(60), book, () -> now);

  JoinGateTest() {
    book.add(gmk);
    now = Fixture.NOW;
  }

  @AfterEach
  void close() {
    book.close();
  }

  @Test
  void acceptsWhatAMemberSays() throws Exception {
    for (JoinVerb verb : JoinVerb.values()) {
      assertThat(refusal(sealed(verb, Fixture.TALKER, gmk, Duration.ZERO))).isNull();
    }
  }

  @Test
  void looksAtTheSameOctetsOnce() throws Exception {
    byte[] join = sealed(JoinVerb.JOIN, Fixture.TALKER, gmk, Duration.ZERO);
    assertThat(refusal(join)).isNull();
    assertThat(refusal(join)).isEqualTo(JoinRefusal.DUPLICATE);
  }

  /// Whoever is faster on the way can spoil the signature, which no MAC covers.
  @Test
  void aSpoiltCopyThatComesFirstDoesNotKeepTheTrueMessageOut() throws Exception {
    byte[] join = sealed(JoinVerb.JOIN, Fixture.TALKER, gmk, Duration.ZERO);
    byte[] spoilt = join.clone();
    spoilt[spoilt.length - 1] ^= 1;
    assertThat(refusal(spoilt)).isEqualTo(JoinRefusal.BAD_SIGNATURE);
    assertThat(refusal(spoilt)).as("looked at once as well").isEqualTo(JoinRefusal.DUPLICATE);
    assertThat(refusal(join)).isNull();
    assertThat(refusal(join)).isEqualTo(JoinRefusal.DUPLICATE);
  }

  /// Else one overheard JOIN would have as many answers sent to strangers as it has signatures.
  @Test
  void answersUnseenSignaturesOfTheSameMessageOnce() throws Exception {
    byte[] join = sealed(JoinVerb.JOIN, Fixture.TALKER, gmk, Duration.ZERO);
    byte[] spoilt = join.clone();
    spoilt[spoilt.length - 1] ^= 1;
    assertThat(gate.isFirst((JoinAdmission.Admitted) gate.admit(join))).isTrue();
    assertThat(gate.isFirst((JoinAdmission.Admitted) gate.admit(spoilt))).isFalse();
    byte[] next = sealed(JoinVerb.JOIN, Fixture.TALKER, gmk, Duration.ofSeconds(1));
    assertThat(gate.isFirst((JoinAdmission.Admitted) gate.admit(next))).isTrue();
  }

  @Test
  void acceptsTimesInTheWindowOnly() throws Exception {
    assertThat(refusal(sealed(JoinVerb.JOIN, Fixture.TALKER, gmk, Duration.ofMinutes(-1))))
        .isNull();
    assertThat(refusal(sealed(JoinVerb.JOIN, Fixture.TALKER, gmk, Duration.ofMinutes(1)))).isNull();
    assertThat(refusal(sealed(JoinVerb.JOIN, Fixture.TALKER, gmk, Duration.ofMillis(-60_001))))
        .isEqualTo(JoinRefusal.T_TOO_OLD);
    assertThat(refusal(sealed(JoinVerb.JOIN, Fixture.TALKER, gmk, Duration.ofMillis(60_001))))
        .isEqualTo(JoinRefusal.T_IN_FUTURE);
  }

  /// The unit of T is 2^-32 s.
  @Test
  void windowClosesOneUnitOfTBeyondItsEdges() throws Exception {
    NtpTimestamp first = Fixture.after(Duration.ofMinutes(-1));
    NtpTimestamp last = Fixture.after(Duration.ofMinutes(1));
    assertThat(refusal(sealed(first))).isNull();
    assertThat(refusal(sealed(last))).isNull();
    assertThat(refusal(sealed(new NtpTimestamp(first.bits() - 1))))
        .isEqualTo(JoinRefusal.T_TOO_OLD);
    assertThat(refusal(sealed(new NtpTimestamp(last.bits() + 1))))
        .isEqualTo(JoinRefusal.T_IN_FUTURE);
  }

  private byte[] sealed(NtpTimestamp t) throws Exception {
    var joining = Joining.prepare(Fixture.TALKER, Fixture.KMS_URI, gmk, Fixture.RANDOM);
    try (var signer = Fixture.signer(Fixture.TALKER)) {
      return joining.seal(JoinVerb.JOIN, null, t, signer, Fixture.RANDOM);
    }
  }

  @Test
  void acceptsNothingFromBeforeItsStart() throws Exception {
    var restarted = new JoinGate(Fixture.GROUP, GATEWAY, Duration.ofSeconds(60), book, () -> now);
    var admission =
        restarted.admit(sealed(JoinVerb.JOIN, Fixture.TALKER, gmk, Duration.ofSeconds(-1)));
    assertThat(((JoinAdmission.Refused) admission).reason()).isEqualTo(JoinRefusal.BEFORE_RESTART);
  }

  @Test
  void refusesAnotherGroup() throws Exception {
    Identity other = new Identity("sip:other@example.org");
    try (var theirs = Fixture.gmk(other, 0x00c0ffee, Fixture.T)) {
      assertThat(refusal(sealed(JoinVerb.JOIN, Fixture.TALKER, theirs, Duration.ZERO)))
          .isEqualTo(JoinRefusal.WRONG_GROUP);
    }
  }

  @Test
  void refusesTheGatewayItself() throws Exception {
    assertThat(refusal(sealed(JoinVerb.JOIN, GATEWAY, gmk, Duration.ZERO)))
        .isEqualTo(JoinRefusal.OWN);
  }

  @Test
  void refusesAGmkThatIsNotKnownOrNotOpen() throws Exception {
    try (var unknown = Fixture.gmk(Fixture.GROUP, 0x00000001, Fixture.T)) {
      assertThat(refusal(sealed(JoinVerb.JOIN, Fixture.TALKER, unknown, Duration.ZERO)))
          .isEqualTo(JoinRefusal.UNKNOWN_GMK);
    }
    byte[] late = sealed(JoinVerb.JOIN, Fixture.TALKER, gmk, Duration.ofDays(7));
    now = Fixture.NOW.plus(Duration.ofDays(7));
    assertThat(refusal(late)).isEqualTo(JoinRefusal.GMK_NOT_OPEN);
  }

  /// A member that signs with its own key what it says in another's name.
  @Test
  void refusesAnotherMembersName() throws Exception {
    byte[] claim = sealed(JoinVerb.LEAVE, Fixture.TALKER, Fixture.OTHER, gmk, Duration.ZERO);
    assertThat(refusal(claim)).isEqualTo(JoinRefusal.BAD_SIGNATURE);
  }

  @Test
  void refusesAnUnknownKms() throws Exception {
    var joining = Joining.prepare(Fixture.TALKER, "kms.elsewhere.org", gmk, Fixture.RANDOM);
    try (var signer = Fixture.signer(Fixture.TALKER)) {
      byte[] join = joining.seal(JoinVerb.JOIN, null, Fixture.T, signer, Fixture.RANDOM);
      assertThat(refusal(join)).isEqualTo(JoinRefusal.UNKNOWN_KMS);
    }
  }

  /// Whoever overheard a JOIN and knows no key can change nothing in it, not even by a new T.
  @Test
  void refusesWhatNoHolderOfTheGmkMade() throws Exception {
    try (var guessed =
        GroupMasterKey.of(
            Fixture.GROUP,
            gmk.gmkId(),
            Fixture.secret("ff".repeat(16)),
            Fixture.T,
            gmk.activation(),
            gmk.expiry(),
            false)) {
      assertThat(refusal(sealed(JoinVerb.JOIN, Fixture.TALKER, guessed, Duration.ZERO)))
          .isEqualTo(JoinRefusal.BAD_MAC);
    }
  }

  private static byte[] sealed(JoinVerb verb, Identity ue, GroupMasterKey gmk, Duration later)
      throws Exception {
    return sealed(verb, ue, ue, gmk, later);
  }

  private static byte[] sealed(
      JoinVerb verb, Identity ue, Identity signedBy, GroupMasterKey gmk, Duration later)
      throws Exception {
    var joining = Joining.prepare(ue, Fixture.KMS_URI, gmk, Fixture.RANDOM);
    try (var signer = Fixture.signer(signedBy)) {
      NtpTimestamp t = Fixture.after(later);
      return joining.seal(verb, null, t, signer, Fixture.RANDOM);
    }
  }

  private @Nullable JoinRefusal refusal(byte[] octets) {
    return switch (gate.admit(octets)) {
      case JoinAdmission.Refused refused -> refused.reason();
      case JoinAdmission.Admitted admitted -> verifier.refusal(admitted, Fixture.DIRECTORY);
    };
  }
}
