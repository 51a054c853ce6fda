package parley.mikey.group;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.mikey.group.Fixture.GOOD;
import static parley.mikey.group.Fixture.GROUP;
import static parley.mikey.group.Fixture.NOW;
import static parley.mikey.group.Fixture.OTHER;
import static parley.mikey.group.Fixture.T;
import static parley.mikey.group.Fixture.TALKER;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.bouncycastle.util.BigIntegers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;

/// Each rule of the gate by itself, with a clock that stands still until a test moves it.
class AnnouncementGateTest {
  private static final MediaPolicy GCM = new MediaPolicy(MediaSuite.AEAD_AES_128_GCM, false);
  private static final Instant START = NOW.minusSeconds(600);
  private static final Identity GATEWAY = new Identity("sip:gpe1@example.org");
  private static final Identity ELSEWHERE = new Identity("sip:elsewhere@example.org");

  private final GmkBook book = new GmkBook();
  private final ReplayCache cache = ReplayCache.of(8, GateRules.DEFAULT_WINDOW);
  private Instant now = NOW;
  private GateRules rules = GateRules.of(GROUP, Set.of(GCM), GATEWAY, START);
  private AnnouncementGate gate = gate();

  AnnouncementGateTest() {
    book.add(Fixture.gmk());
  }

  private AnnouncementGate gate() {
    return new AnnouncementGate(rules, book, cache, () -> now);
  }

  @AfterEach
  void close() {
    book.close();
  }

  @Test
  void admitsTheVector() {
    assertThat(gate.admit(GOOD)).isInstanceOf(Admission.Admitted.class);
  }

  @Test
  void refusesWhatIsNoAnnouncement() {
    assertRefused(new byte[0], Refusal.MALFORMED);
    assertRefused(new byte[5000], Refusal.MALFORMED);
    assertRefused(Fixture.BASIC, Refusal.MALFORMED);
  }

  @Test
  void refusesAnotherGroup() throws Exception {
    assertRefused(sealed(TALKER, ELSEWHERE), Refusal.WRONG_GROUP);
  }

  private static byte[] sealed(Identity talker, Identity group) throws Exception {
    return Fixture.seal(Fixture.fields(talker, group, GCM, null), T, talker);
  }

  @Test
  void ignoresItsOwnAnnouncement() throws Exception {
    assertRefused(sealed(GATEWAY, GROUP), Refusal.OWN_ANNOUNCEMENT);
  }

  @Test
  void refusesAnUnknownGmk() {
    try (var empty = new GmkBook()) {
      gate = new AnnouncementGate(rules, empty, cache, () -> now);
      assertRefused(GOOD, Refusal.UNKNOWN_GMK);
    }
  }

  @Test
  void refusesTheSameGmkIdOfAnotherGroup() {
    try (var other = new GmkBook()) {
      other.add(Fixture.gmk(ELSEWHERE, 0x00c0ffee, T));
      gate = new AnnouncementGate(rules, other, cache, () -> now);
      assertRefused(GOOD, Refusal.UNKNOWN_GMK);
    }
  }

  @Test
  void refusesAGmkOutsideItsPeriod() {
    rules = new GateRules(GROUP, Set.of(GCM), Duration.ofDays(30), null, START, false);
    gate = gate();
    now = NOW.minus(Duration.ofDays(1)).minusNanos(1);
    assertRefused(GOOD, Refusal.GMK_NOT_OPEN);
    now = NOW.plus(Duration.ofDays(6));
    assertRefused(GOOD, Refusal.GMK_NOT_OPEN);
    now = now.minusNanos(1);
    assertThat(gate.admit(GOOD)).isInstanceOf(Admission.Admitted.class);
  }

  @Test
  void refusesARevokedGmk() {
    try (var revoked = new GmkBook()) {
      revoked.add(
          GroupMasterKey.of(
              GROUP,
              0x00c0ffee,
              Fixture.secret("101112131415161718191a1b1c1d1e1f"),
              T,
              Instant.EPOCH,
              Instant.MAX,
              true));
      gate = new AnnouncementGate(rules, revoked, cache, () -> now);
      assertRefused(GOOD, Refusal.GMK_NOT_OPEN);
    }
  }

  @Test
  void windowIsOpenAtItsEdgesAndClosedOneNanosecondBeyond() {
    now = NOW.plusSeconds(60).plusNanos(1);
    assertRefused(GOOD, Refusal.T_TOO_OLD);
    now = NOW.minusSeconds(60).minusNanos(1);
    assertRefused(GOOD, Refusal.T_IN_FUTURE);
    now = NOW.plusSeconds(60);
    settle(gate.admit(GOOD), false);
    now = NOW.minusSeconds(60);
    settle(gate.admit(GOOD), false);
  }

  /// The unit of T is 2^-32 s, a quarter of a nanosecond.
  @Test
  void windowClosesOneUnitOfTBeyondItsEdges() throws Exception {
    NtpTimestamp first = NtpTimestamp.of(NOW.minusSeconds(60));
    NtpTimestamp last = NtpTimestamp.of(NOW.plusSeconds(60));
    now = NOW;
    assertRefused(
        Fixture.seal(Fixture.fields(), new NtpTimestamp(first.bits() - 1), TALKER),
        Refusal.T_TOO_OLD);
    assertRefused(
        Fixture.seal(Fixture.fields(), new NtpTimestamp(last.bits() + 1), TALKER),
        Refusal.T_IN_FUTURE);
    settle(gate.admit(Fixture.seal(Fixture.fields(), first, TALKER)), false);
    settle(gate.admit(Fixture.seal(Fixture.fields(), last, TALKER)), false);
  }

  @Test
  void afterARestartOnlyALaterTimeIsAccepted() {
    rules = GateRules.of(GROUP, Set.of(GCM), GATEWAY, NOW);
    gate = gate();
    assertRefused(GOOD, Refusal.BEFORE_RESTART);
    rules = GateRules.of(GROUP, Set.of(GCM), GATEWAY, NOW.minusNanos(1));
    gate = gate();
    settle(gate.admit(GOOD), true);
  }

  @Test
  void refusesAMemberThatAnnouncesAnothersKeyAsItsOwn() throws Exception {
    AnnouncementFields f = Fixture.fields();
    var stolen =
        new AnnouncementFields(
            f.csbId(),
            f.rand(),
            OTHER,
            GROUP,
            f.gmkId(),
            f.kmsUri(),
            f.sessions(),
            f.gskId(),
            f.policy(),
            null);
    assertRefused(Fixture.seal(stolen, T, OTHER), Refusal.RAND_NOT_BOUND);
  }

  @Test
  void refusesEveryPolicyThatIsNotAllowed() throws Exception {
    for (MediaPolicy policy : MediaPolicy.ALL) {
      byte[] sealed = Fixture.seal(Fixture.fields(TALKER, GROUP, policy, null), T, TALKER);
      if (policy.equals(GCM)) {
        settle(gate.admit(sealed), false);
      } else {
        assertRefused(sealed, Refusal.POLICY_NOT_ALLOWED);
      }
    }
  }

  @Test
  void refusesPacketsWithoutMkiUnlessTheLegAllowsThem() throws Exception {
    byte[] sealed =
        Fixture.seal(
            AnnouncementProfile.GROUP_CALL,
            withoutMki(),
            T,
            TALKER,
            "00000010404142434445464748494a4b4c4d4e4f");
    assertRefused(sealed, Refusal.POLICY_NOT_ALLOWED);
    rules = new GateRules(GROUP, Set.of(GCM), rules.window(), GATEWAY, START, true);
    gate = gate();
    settle(gate.admit(sealed), true);
  }

  private static AnnouncementFields withoutMki() {
    AnnouncementFields f = Fixture.fields();
    return new AnnouncementFields(
        f.csbId(),
        f.rand(),
        f.talker(),
        f.group(),
        f.gmkId(),
        f.kmsUri(),
        f.sessions(),
        GroupSessionKey.NO_ID,
        f.policy(),
        null);
  }

  @Test
  void admitsABridgedTalkerOnce() throws Exception {
    settle(gate.admit(bridged(ELSEWHERE, List.of(TALKER))), true);
    assertRefused(bridged(ELSEWHERE, List.of(GATEWAY, TALKER)), Refusal.LOOP);
    assertRefused(bridged(GROUP, List.of(TALKER)), Refusal.LOOP);
  }

  @Test
  void refusesMoreThanFourGateways() throws Exception {
    var path = new ArrayList<>(Collections.nCopies(3, OTHER));
    path.add(TALKER);
    settle(gate.admit(bridged(ELSEWHERE, path)), true);
    path.addFirst(OTHER);
    assertRefused(bridged(ELSEWHERE, path), Refusal.LOOP);
  }

  private static byte[] bridged(Identity originGroup, List<Identity> path) throws Exception {
    var origin = new BridgeOrigin(OTHER, originGroup, 0x2badcafe, path);
    return Fixture.seal(Fixture.fields(TALKER, GROUP, GCM, origin), T, TALKER);
  }

  @Test
  void refusesADuplicateInFlightAndAfterAcceptance() {
    Admission first = gate.admit(GOOD);
    assertRefused(GOOD, Refusal.DUPLICATE);
    settle(first, true);
    assertRefused(GOOD, Refusal.DUPLICATE);
  }

  @Test
  void admitsAgainWhatWasNotAccepted() {
    settle(gate.admit(GOOD), false);
    settle(gate.admit(GOOD), false);
  }

  @Test
  void aBentSignatureIsStillTheSameMessage() throws Exception {
    byte[] bent = bent(GOOD);
    var read = UnverifiedAnnouncement.read(bent);
    assertThat(bent).isNotEqualTo(GOOD);
    assertThat(read.isSigned(Fixture.KMS, new EccsiVerifier(4))).isTrue();
    settle(gate.admit(GOOD), true);
    assertRefused(bent, Refusal.DUPLICATE);
  }

  /// With q - s in the place of s, which verifies just as well (RFC 6507, 6).
  private static byte[] bent(byte[] octets) {
    int at = octets.length - 129 + 32;
    var q = new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
    var s = new BigInteger(1, Arrays.copyOfRange(octets, at, at + 32));
    byte[] bent = octets.clone();
    System.arraycopy(BigIntegers.asUnsignedByteArray(32, q.subtract(s)), 0, bent, at, 32);
    return bent;
  }

  @Test
  void cacheForgetsAfterTwoWindowsWhenTheTimeWouldRefuseAnyway() {
    settle(gate.admit(GOOD), true);
    now = NOW.plusSeconds(60);
    assertRefused(GOOD, Refusal.DUPLICATE);
    now = NOW.plusSeconds(121);
    assertRefused(GOOD, Refusal.T_TOO_OLD);
    assertThat(cache.size()).isZero();
  }

  @Test
  void aWiderWindowDoesNotLetInWhatWasForgotten() {
    settle(gate.admit(GOOD), true);
    now = NOW.plusSeconds(121);
    gate.change(Set.of(GCM), Duration.ofMinutes(10), false);
    assertRefused(GOOD, Refusal.BEFORE_RESTART);
  }

  @Test
  void aWiderWindowRemembersForItsOwnTimeWhatWasAcceptedBefore() {
    settle(gate.admit(GOOD), true);
    now = NOW.plusSeconds(50);
    gate.change(Set.of(GCM), Duration.ofMinutes(10), false);
    now = NOW.plusSeconds(599);
    assertRefused(GOOD, Refusal.DUPLICATE);
  }

  @Test
  void otherRulesHoldFromTheirChangeOn() {
    gate.change(Set.of(GCM), Duration.ofSeconds(30), false);
    now = NOW.plusSeconds(31);
    assertRefused(GOOD, Refusal.T_TOO_OLD);
    now = NOW;
    gate.change(Set.of(new MediaPolicy(MediaSuite.AEAD_AES_256_GCM, false)), rules.window(), false);
    assertRefused(GOOD, Refusal.POLICY_NOT_ALLOWED);
    gate.change(Set.of(GCM), rules.window(), false);
    settle(gate.admit(GOOD), true);
  }

  @Test
  void fullShareOfOneTalkerRefusesThatTalkerOnly() throws Exception {
    for (int i = 0; i < 8; i++) {
      settle(gate.admit(at(TALKER, i)), true);
    }
    assertRefused(at(TALKER, 8), Refusal.OVERLOAD);
    Admission other = gate.admit(at(OTHER, 9));
    assertThat(other).isInstanceOf(Admission.Admitted.class);
    gate.settle((Admission.Admitted) other, false);
  }

  private static byte[] at(Identity talker, int milliseconds) throws Exception {
    NtpTimestamp t = Fixture.after(Duration.ofMillis(milliseconds));
    return Fixture.seal(Fixture.fields(talker, GROUP, GCM, null), t, talker);
  }

  @Test
  void refusesAWrongMac() {
    byte[] bad = GOOD.clone();
    bad[GOOD.length - 131 - 1] ^= 1;
    assertRefused(bad, Refusal.BAD_MAC);
  }

  private void assertRefused(byte[] octets, Refusal reason) {
    int inFlight = gate.inFlight();
    int cached = cache.size();
    assertThat(gate.admit(octets))
        .isInstanceOfSatisfying(
            Admission.Refused.class,
            refused -> assertThat(refused.reason()).as(refused.detail()).isEqualTo(reason));
    assertThat(gate.inFlight()).isEqualTo(inFlight);
    assertThat(cache.size()).isLessThanOrEqualTo(cached);
  }

  private void settle(Admission admission, boolean accepted) {
    assertThat(admission).isInstanceOf(Admission.Admitted.class);
    gate.settle((Admission.Admitted) admission, accepted);
  }
}
