package parley.keys.manager;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
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
import parley.keys.manager.QuestionOutcome.Listed;
import parley.keys.manager.QuestionOutcome.Refused;
import parley.keys.manager.QuestionOutcome.Waiting;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.group.Registration;
import parley.mikey.group.RegistrationVerb;
import parley.mikey.group.UnverifiedRegistration;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;

/// A manager answers a member's own signed and newest question, and nobody else's.
class MemberQuestionTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Identity FIRE = new Identity("sip:fire@example.org");
  private static final Identity ALICE = new Identity("sip:alice@example.org");
  private static final Identity CLERK = new Identity("sip:clerk@example.org");
  private static final Identity MALLORY = new Identity("sip:mallory@example.org");
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

  private static byte[] asks(Identity as, Identity ue, RegistrationVerb verb, Instant t) {
    try (EccsiSigner signer = TestKms.HOME.signer(as, t)) {
      return Registration.prepare(ue, FIRE, "kms.example.org", Secrets.RANDOM)
          .ask(verb, NtpTimestamp.of(t), signer, Secrets.RANDOM);
    }
  }

  private static byte[] pulls(Identity ue, Instant t) {
    return asks(ue, ue, RegistrationVerb.PULL, t);
  }

  private QuestionOutcome outcome(byte[] question) throws Exception {
    return manager.ask(UnverifiedRegistration.read(question));
  }

  private RegistrationRefusal refusal(byte[] question) throws Exception {
    return ((Refused) outcome(question)).reason();
  }

  @Test
  void givesWhatWaitsUntilItIsConfirmed() throws Exception {
    assertThat(((Waiting) outcome(pulls(ALICE, NOW))).messages()).isEmpty();
    manager.newGmk(NOW, Instant.MAX);
    manager.sealAll(NOW);
    List<GmkMessage> waiting = ((Waiting) outcome(pulls(ALICE, NOW.plusMillis(1)))).messages();
    assertThat(waiting).hasSize(1);
    assertThat(waiting.getFirst().octets())
        .isEqualTo(manager.pending(ALICE, NOW).getFirst().octets());
  }

  @Test
  void givesTheListToEveryMember() throws Exception {
    var listed = (Listed) outcome(asks(CLERK, CLERK, RegistrationVerb.MEMBERS, NOW));
    assertThat(listed.list().list().find(ALICE)).isPresent();
    assertThat(refusal(pulls(CLERK, NOW.plusMillis(1))))
        .as("who only manages gets no GMK")
        .isEqualTo(RegistrationRefusal.NOT_A_MEMBER);
  }

  @Test
  void answersNobodyElse() throws Exception {
    assertThat(refusal(pulls(MALLORY, NOW))).isEqualTo(RegistrationRefusal.NOT_A_MEMBER);
    assertThat(refusal(asks(MALLORY, ALICE, RegistrationVerb.PULL, NOW)))
        .isEqualTo(RegistrationRefusal.BAD_SIGNATURE);
    assertThat(refusal(asks(MALLORY, MALLORY, RegistrationVerb.MEMBERS, NOW)))
        .isEqualTo(RegistrationRefusal.NOT_A_MEMBER);
    byte[] flipped = pulls(ALICE, NOW);
    flipped[flipped.length - 1] ^= 1;
    assertThat(refusal(flipped)).isEqualTo(RegistrationRefusal.BAD_SIGNATURE);
    assertThat(outcome(pulls(ALICE, NOW))).isInstanceOf(Waiting.class);
  }

  @Test
  void aCopyBringsNothingAlsoAfterARestart() throws Exception {
    byte[] question = pulls(ALICE, NOW);
    assertThat(outcome(question)).isInstanceOf(Waiting.class);
    assertThat(refusal(question)).isEqualTo(RegistrationRefusal.DUPLICATE);
    clock.set(NOW.plusSeconds(1));
    manager.close();
    manager = GroupManager.open(own.reopen(), FIRE, clock, Secrets.RANDOM);
    assertThat(refusal(question)).isEqualTo(RegistrationRefusal.T_TOO_OLD);
    assertThat(outcome(pulls(ALICE, NOW.plusSeconds(1)))).isInstanceOf(Waiting.class);
  }

  @Test
  void whoIsExcludedIsAnsweredNoMore() throws Exception {
    assertThat(outcome(pulls(ALICE, NOW))).isInstanceOf(Waiting.class);
    manager.replaceMembers(MEMBERS.without(ALICE));
    assertThat(refusal(pulls(ALICE, NOW.plusMillis(1))))
        .isEqualTo(RegistrationRefusal.NOT_A_MEMBER);
  }

  @Test
  void aQuestionIsNoRegistration() throws Exception {
    var outcome =
        (RegistrationOutcome.Refused) manager.register(List.of(pulls(ALICE, NOW))).getFirst();
    assertThat(outcome.reason()).isEqualTo(RegistrationRefusal.OTHER_WAY);
    assertThat(manager.addresses()).isEmpty();
  }

  @Test
  void theGateTellsOnlySignersApart() throws Exception {
    var gate = new SignatureGate(clock);
    var known = Map.of("kms.example.org", TestKms.HOME.certificate());
    assertThat(gate.refusal(UnverifiedRegistration.read(pulls(MALLORY, NOW)), known))
        .as("whoever signs as itself comes as far as the list of members")
        .isEmpty();
    assertThat(
            gate.refusal(
                UnverifiedRegistration.read(asks(MALLORY, ALICE, RegistrationVerb.PULL, NOW)),
                known))
        .contains(RegistrationRefusal.BAD_SIGNATURE);
    assertThat(gate.refusal(UnverifiedRegistration.read(pulls(ALICE, NOW.plusSeconds(61))), known))
        .contains(RegistrationRefusal.T_IN_FUTURE);
    assertThat(gate.refusal(UnverifiedRegistration.read(pulls(ALICE, NOW)), Map.of()))
        .contains(RegistrationRefusal.UNKNOWN_KMS);
  }
}
