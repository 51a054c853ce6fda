package parley.keys.enrol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.KmsSettings;
import parley.keys.kms.MemberKeys;
import parley.keys.kms.client.KmsAddress;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.identity.NtpTimestamp;

/// Keys that end, a KMS that is away, and an operator who must hear of it.
class KeyRenewalTest {
  private static final Identity ALICE = new Identity("sip:alice@example.org");
  private static final Instant START = Instant.parse("2026-03-10T12:00:00Z");
  private static final Instant END = Instant.parse("2026-04-01T00:00:00Z");

  private final AtomicReference<Instant> clock = new AtomicReference<>(START);
  private final SecureRandom random = new SecureRandom();
  private final List<Instant> attempts = new ArrayList<>();

  @TempDir Path folder;
  private Vault master;
  private Vault vault;
  private KmsIssuer issuer;
  private KeyRenewal renewal;

  @BeforeEach
  void start() throws Exception {
    byte[] key = new byte[32];
    random.nextBytes(key);
    Path file = Files.write(folder.resolve("key"), key);
    master = Vault.create(folder.resolve("kms.vault"), VaultKey.keyFile(file));
    issuer = KmsIssuer.create(KmsSettings.monthly("kms.example.org"), master, random);
    vault = Vault.create(folder.resolve("alice.vault"), VaultKey.keyFile(file));
    install(issuer.certificate().periodAt(START));
    var enrolment =
        new KeyEnrolment(
            vault,
            ALICE,
            "phone",
            new KmsAddress("https://kms.example.org", "kms.example.org"),
            SSLContext.getDefault(),
            _ -> {
              attempts.add(clock.get());
              throw new IOException("nobody answers");
            },
            clock::get);
    renewal =
        new KeyRenewal(enrolment, ALICE, RenewalPlan.DEFAULT, new SplittableRandom(7), _ -> {});
  }

  @AfterEach
  void stop() {
    renewal.close();
    vault.close();
    issuer.close();
    master.close();
  }

  private void install(KeyPeriod period) throws Exception {
    try (MemberKeys keys = issuer.issue(ALICE, period, "phone", clock.get())) {
      Member.install(vault, issuer.certificate(), keys);
    }
  }

  private void runUntil(Instant end) throws InterruptedException {
    while (clock.get().isBefore(end)) {
      Duration pause = renewal.turn();
      clock.set(clock.get().plus(pause.isZero() ? Duration.ofMillis(1) : pause));
    }
  }

  @Test
  void nothingIsAskedForBeforeTheWindowOpens() throws Exception {
    runUntil(END.minus(Duration.ofDays(6)));

    assertThat(attempts).isEmpty();
    assertThat(renewal.state().alarm()).isNull();
    assertThat(renewal.state().keysEnd()).isEqualTo(END);
  }

  @Test
  void aKmsThatIsDownIsAskedAgainAfterGrowingPausesAndTheLastDayIsAnAlarm() throws Exception {
    runUntil(END.minus(Duration.ofDays(2)));
    List<Instant> first = List.copyOf(attempts);

    assertThat(first).hasSizeGreaterThan(8);
    assertThat(Duration.between(first.get(0), first.get(1))).isLessThan(Duration.ofMinutes(2));
    assertThat(Duration.between(first.get(5), first.get(6))).isGreaterThan(Duration.ofMinutes(20));
    assertThat(renewal.state().lastFailure()).contains("cannot be reached");
    assertThat(renewal.state().alarm()).as("two days are left").isNull();

    runUntil(END.minus(Duration.ofHours(20)));

    assertThat(renewal.state().alarm())
        .contains(ALICE + " end at 2026-04-01T00:00:00Z and are not renewed")
        .contains("cannot be reached");
  }

  @Test
  void theAlarmEndsWhenThereAreKeysAndAnOpenMemberSignsWithThem() throws Exception {
    try (Member member = Member.open(vault, ALICE, clock::get)) {
      runUntil(END.minus(Duration.ofHours(20)));
      assertThat(renewal.state().alarm()).isNotNull();

      install(issuer.certificate().periodAt(END));
      var _ = renewal.turn();

      assertThat(renewal.state().alarm()).isNull();
      assertThat(renewal.state().keysEnd()).isEqualTo(Instant.parse("2026-05-01T00:00:00Z"));
      assertThat(member.signer(NtpTimestamp.of(END))).isNotNull();
    }
  }

  @Test
  void devicesDoNotAskAtTheSameMoment() {
    KeyPeriod period = issuer.certificate().periodAt(START);
    var random = new SplittableRandom(1);
    long hours =
        random
            .ints(1000)
            .mapToObj(_ -> RenewalPlan.DEFAULT.firstAttempt(period, random))
            .map(at -> Duration.between(at, END).toHours())
            .distinct()
            .count();

    assertThat(hours).as("of the three days that attempts are spread over").isGreaterThan(60);
  }
}
