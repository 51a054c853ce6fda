package parley.keys.manager;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.FakeClock;
import parley.keys.Secrets;
import parley.keys.TestKms;
import parley.keys.TestVault;
import parley.keys.manager.RegistrationOutcome.Followed;
import parley.keys.manager.RegistrationOutcome.Refused;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.group.Registration;
import parley.mikey.group.RegistrationAnswer;
import parley.mikey.group.RegistrationVerb;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;

/// A manager believes a member's own signed and newest word about its address, and answers nobody
/// else.
class RegistrationDeskTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Identity FIRE = new Identity("sip:fire@example.org");
  private static final Identity ALICE = new Identity("sip:alice@example.org");
  private static final Identity CLERK = new Identity("sip:clerk@example.org");
  private static final Identity MALLORY = new Identity("sip:mallory@example.org");
  private static final InetSocketAddress HERE = new InetSocketAddress("192.0.2.1", 2269);
  private static final InetSocketAddress THERE = new InetSocketAddress("192.0.2.2", 2269);
  private static final MemberList MEMBERS =
      MemberList.of(
          List.of(
              GroupMember.of(ALICE, Permission.LISTEN), GroupMember.of(CLERK, Permission.MANAGE)));

  @TempDir Path directory;
  private final FakeClock clock = new FakeClock(NOW);
  private TestVault own;
  private GroupManager manager;

  @BeforeEach
  void prepare() throws Exception {
    own = new TestVault(directory, "manager");
    TestKms.HOME.enrol(own.vault(), FIRE, NOW);
    manager =
        GroupManager.create(own.vault(), GroupSettings.of(FIRE), MEMBERS, clock, Secrets.RANDOM);
  }

  @AfterEach
  void close() {
    manager.close();
    own.close();
  }

  private static Registration registration(Identity ue) {
    return Registration.prepare(ue, FIRE, "kms.example.org", Secrets.RANDOM);
  }

  private static byte[] says(
      Registration registration, RegistrationVerb verb, InetSocketAddress at, Instant t) {
    try (EccsiSigner signer = TestKms.HOME.signer(registration.ue(), t)) {
      return registration.seal(verb, at, NtpTimestamp.of(t), signer, Secrets.RANDOM);
    }
  }

  private static byte[] registers(Identity ue, InetSocketAddress at, Instant t) {
    return says(registration(ue), RegistrationVerb.REGISTER, at, t);
  }

  private RegistrationOutcome outcome(byte[] message) throws Exception {
    return manager.register(List.of(message)).getFirst();
  }

  private RegistrationRefusal refusal(byte[] message) throws Exception {
    return ((Refused) outcome(message)).reason();
  }

  private void restart() throws Exception {
    manager.close();
    manager = GroupManager.open(own.reopen(), FIRE, clock, Secrets.RANDOM);
  }

  @Test
  void knowsWhereAMemberIsAlsoAfterARestart() throws Exception {
    Registration alice = registration(ALICE);
    var followed = (Followed) outcome(says(alice, RegistrationVerb.REGISTER, HERE, NOW));
    assertThat(followed.ue()).isEqualTo(ALICE);
    RegistrationAnswer answer = RegistrationAnswer.read(followed.answer());
    assertThat(answer.kept()).isEqualTo(Duration.ofHours(1));
    assertThat(answer.isFor(alice, FIRE, TestKms.HOME.certificate(), new EccsiVerifier(2)))
        .isTrue();
    assertThat(manager.address(ALICE)).contains(HERE);
    restart();
    assertThat(manager.address(ALICE)).contains(HERE);
    clock.pass(Duration.ofHours(1));
    assertThat(manager.address(ALICE)).as("an hour later").isEmpty();
  }

  @Test
  void followsAMemberAndForgetsItWhenItWithdraws() throws Exception {
    outcome(registers(ALICE, HERE, NOW));
    outcome(registers(ALICE, THERE, NOW.plusSeconds(1)));
    assertThat(manager.address(ALICE)).contains(THERE);
    Registration leaving = registration(ALICE);
    var left =
        (Followed) outcome(says(leaving, RegistrationVerb.WITHDRAW, THERE, NOW.plusSeconds(2)));
    assertThat(RegistrationAnswer.read(left.answer()).kept()).isZero();
    assertThat(manager.address(ALICE)).isEmpty();
    assertThat(refusal(registers(ALICE, THERE, NOW.plusSeconds(1))))
        .isEqualTo(RegistrationRefusal.DUPLICATE);
  }

  @Test
  void anOverheardRegistrationIsWorthNothingAlsoAfterARestart() throws Exception {
    byte[] old = registers(ALICE, HERE, NOW);
    outcome(old);
    outcome(registers(ALICE, THERE, NOW.plusSeconds(1)));
    assertThat(refusal(old)).isEqualTo(RegistrationRefusal.DUPLICATE);
    restart();
    assertThat(refusal(old)).isEqualTo(RegistrationRefusal.DUPLICATE);
    assertThat(manager.address(ALICE)).contains(THERE);
  }

  @Test
  void answersNobodyElse() throws Exception {
    assertThat(refusal(new byte[] {1, 2, 3})).isEqualTo(RegistrationRefusal.MALFORMED);
    assertThat(refusal(registers(MALLORY, HERE, NOW))).isEqualTo(RegistrationRefusal.NOT_A_MEMBER);
    assertThat(refusal(registers(CLERK, HERE, NOW))).isEqualTo(RegistrationRefusal.NOT_A_MEMBER);
    Registration other =
        Registration.prepare(
            ALICE, new Identity("sip:water@example.org"), "kms.example.org", Secrets.RANDOM);
    assertThat(refusal(says(other, RegistrationVerb.REGISTER, HERE, NOW)))
        .isEqualTo(RegistrationRefusal.WRONG_GROUP);
    Registration foreign = Registration.prepare(ALICE, FIRE, "kms.elsewhere.org", Secrets.RANDOM);
    assertThat(refusal(says(foreign, RegistrationVerb.REGISTER, HERE, NOW)))
        .isEqualTo(RegistrationRefusal.UNKNOWN_KMS);
    try (EccsiSigner mallory = TestKms.HOME.signer(MALLORY, NOW)) {
      byte[] forged =
          registration(ALICE)
              .seal(RegistrationVerb.REGISTER, HERE, NtpTimestamp.of(NOW), mallory, Secrets.RANDOM);
      assertThat(refusal(forged)).isEqualTo(RegistrationRefusal.BAD_SIGNATURE);
    }
    assertThat(manager.addresses()).isEmpty();
  }

  @Test
  void holdsTheWindowAtBothEdges() throws Exception {
    Duration window = Duration.ofSeconds(60);
    Duration unit = Duration.ofNanos(1);
    assertThat(refusal(registers(ALICE, HERE, NOW.minus(window).minus(unit))))
        .isEqualTo(RegistrationRefusal.T_TOO_OLD);
    assertThat(refusal(registers(ALICE, HERE, NOW.plus(window).plus(unit))))
        .isEqualTo(RegistrationRefusal.T_IN_FUTURE);
    assertThat(outcome(registers(ALICE, HERE, NOW.minus(window)))).isInstanceOf(Followed.class);
    assertThat(outcome(registers(ALICE, HERE, NOW.plus(window)))).isInstanceOf(Followed.class);
  }

  @Test
  void takesManyInOneWrite() throws Exception {
    long before = own.vault().counter();
    List<RegistrationOutcome> outcomes =
        manager.register(
            List.of(
                registers(ALICE, HERE, NOW),
                registers(MALLORY, HERE, NOW),
                registers(ALICE, THERE, NOW.plusMillis(1)),
                registers(ALICE, HERE, NOW)));
    assertThat(outcomes)
        .hasExactlyElementsOfTypes(Followed.class, Refused.class, Followed.class, Refused.class);
    assertThat(own.vault().counter()).isEqualTo(before + 1);
    assertThat(manager.address(ALICE)).contains(THERE);
  }

  @Test
  void anOperatorsWordHoldsUntilTheMembersOwn() throws Exception {
    manager.place(Map.of(ALICE, HERE));
    clock.pass(Duration.ofDays(3));
    restart();
    assertThat(manager.address(ALICE)).contains(HERE);
    outcome(registers(ALICE, THERE, clock.instant()));
    assertThat(manager.address(ALICE)).contains(THERE);
    manager.place(Map.of(ALICE, HERE));
    assertThat(refusal(registers(ALICE, THERE, clock.instant())))
        .as("no old word of its own brings it back")
        .isEqualTo(RegistrationRefusal.DUPLICATE);
  }

  @Test
  void forgetsWhoIsNoMemberAnyMore() throws Exception {
    outcome(registers(ALICE, HERE, NOW));
    manager.replaceMembers(MEMBERS.without(ALICE));
    assertThat(manager.addresses()).isEmpty();
    restart();
    assertThat(manager.addresses()).isEmpty();
  }
}
