package parley.gateway.enrol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.gateway.bsf.BsfRig;
import parley.gateway.system.Await;
import parley.keys.FakeClock;
import parley.keys.enrol.Enrolled;
import parley.keys.enrol.KeyRenewal;
import parley.keys.kms.KmsSettings;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.identity.UserIdFormat;

/// Key periods of a day, a SIM, and nobody who does anything.
class RenewalTest {
  private static final long DAY_SECONDS = 86_400;
  private static final long SECONDS_1900_TO_1970 = 2_208_988_800L;

  @TempDir Path folder;
  private final FakeClock clock = new FakeClock(Instant.now().truncatedTo(ChronoUnit.SECONDS));
  private SimRig rig;
  private Vault vault;
  private SelfEnrolment own;

  @BeforeEach
  void start() throws Exception {
    long fromNow = (clock.instant().getEpochSecond() + SECONDS_1900_TO_1970) % DAY_SECONDS;
    rig =
        new SimRig(
            folder,
            clock,
            new KmsSettings(SimRig.KMS_URI, UserIdFormat.TS_33180, DAY_SECONDS, fromNow));
    vault = rig.vault("alice.vault");
    own = SelfEnrolment.of(rig.config(), vault, SimRig.ALICE, SimRig.PHONE, clock);
  }

  @AfterEach
  void stop() {
    own.close();
    vault.close();
    rig.close();
  }

  private Enrolled enrolled() throws Exception {
    Enrolled first = own.fetchIfMissing();
    if (first == null) {
      throw new AssertionError("it had keys");
    }
    return first;
  }

  @Test
  void keysOfTheNextPeriodComeBeforeItBeginsAndTheMemberGoesOn() throws Exception {
    Enrolled first = enrolled();
    KeyPeriod last = first.periods().getLast();
    KeyPeriod next = first.kms().next(last);
    try (Member alice = Member.open(vault, SimRig.ALICE, clock)) {
      clock.set(last.until().minus(Duration.ofHours(1)));
      assertThat(own.fetchIfMissing()).as("there are keys of now").isNull();
      try (KeyRenewal renewal = own.renewing(BsfRig.RANDOM, _ -> {})) {
        Await.until("keys renewed", () -> renewal.state().succeeded() == 1);
        assertThat(renewal.state().keysEnd()).isEqualTo(next.until());
        assertThat(renewal.state().alarm()).isNull();
      }
      clock.set(next.from().plusSeconds(1));
      assertThat(alice.signer(NtpTimestamp.of(clock.instant()))).isNotNull();
    }
    assertThat(rig.done("bootstrap")).as("the first one lived a day").isEqualTo(2);
  }

  @Test
  void aKmsThatIsAwayBeforeTheEndIsAnAlarm() throws Exception {
    Enrolled first = enrolled();
    Instant end = first.periods().getLast().until();
    rig.stopKms();
    clock.set(end.minus(Duration.ofHours(1)));

    try (KeyRenewal renewal = own.renewing(BsfRig.RANDOM, _ -> {})) {
      Await.until("an alarm", () -> renewal.state().alarm() != null);
      assertThat(renewal.state().alarm())
          .contains("sip:alice@example.org end at " + end, "cannot be reached");
      assertThat(renewal.state().failed()).isEqualTo(1);
    }
  }
}
