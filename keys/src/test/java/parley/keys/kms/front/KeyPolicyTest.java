package parley.keys.kms.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import parley.keys.TestKms;
import parley.keys.kms.front.Decision.Denied;
import parley.keys.kms.front.Decision.Granted;
import parley.keys.kms.registry.KmsUser;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.identity.KmsCertificate;

/// Every decision there is, and its sentence.
class KeyPolicyTest {
  private static final KmsCertificate KMS = TestKms.HOME.certificate();
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final Instant OPEN = Instant.parse("2026-11-24T00:00:00Z");
  private static final KeyPeriod PRESENT = KMS.periodAt(NOW);
  private static final KeyPeriod NEXT = KMS.next(PRESENT);
  private static final Identity ALICE = new Identity("sip:alice@example.org");
  private static final Identity BOB = new Identity("sip:bob@example.org");
  private static final Identity FIRE = new Identity("sip:fire@example.org");

  private final KeyPolicy policy = new KeyPolicy(KMS, Duration.ofDays(7));
  private final KmsUser alice = user(ALICE, null, Set.of("phone"), Set.of());

  @Test
  void givesAUserItsOwnKeys() {
    assertThat(policy.decide(alice, new Wish(null, null, "phone"), NOW))
        .isEqualTo(new Granted(ALICE, List.of(PRESENT), "phone"));
    assertThat(policy.decide(alice, new Wish(ALICE, NOW, "phone"), NOW))
        .isEqualTo(new Granted(ALICE, List.of(PRESENT), "phone"));
  }

  @Test
  void opensTheNextPeriodAheadOfItsBeginning() {
    assertThat(policy.decide(alice, new Wish(null, null, "phone"), OPEN.minusNanos(1)))
        .isEqualTo(new Granted(ALICE, List.of(PRESENT), "phone"));
    assertThat(policy.decide(alice, new Wish(null, null, "phone"), OPEN))
        .isEqualTo(new Granted(ALICE, List.of(PRESENT, NEXT), "phone"));
    assertThat(policy.decide(alice, new Wish(null, NEXT.from(), "phone"), OPEN))
        .isEqualTo(new Granted(ALICE, List.of(NEXT), "phone"));
    denies(
        policy.decide(alice, new Wish(null, NEXT.from(), "phone"), OPEN.minusNanos(1)),
        Denial.NOT_YET_OPEN,
        "key period 24323 is not open until 2026-11-24T00:00:00Z; ask then");
  }

  /// Threats, row 26: hoarding keys of the future would defeat a withdrawal.
  @Test
  void givesNoKeysOfTheYear2100() {
    for (String future : new String[] {"2100-01-01T00:00:00Z", "2027-01-01T00:00:00Z"}) {
      Decision decision =
          policy.decide(
              alice,
              new Wish(null, Instant.parse(future), "phone"),
              NEXT.until().minusSeconds(90 * 86_400));
      assertThat(decision).isInstanceOf(Denied.class);
    }
    denies(
        policy.decide(alice, new Wish(null, NEXT.until(), "phone"), OPEN),
        Denial.NOT_YET_OPEN,
        "key period 24324 is not open until 2026-12-25T00:00:00Z; ask then");
    denies(
        policy.decide(alice, new Wish(null, Instant.parse("2100-01-01T00:00:00Z"), "phone"), OPEN),
        Denial.NOT_YET_OPEN,
        "key period 25200 is not open until 2099-12-25T00:00:00Z; ask then");
  }

  @Test
  void givesNoKeysOfThePast() {
    denies(
        policy.decide(alice, new Wish(null, PRESENT.from().minusNanos(1), "phone"), NOW),
        Denial.ALREADY_OVER,
        "the key period of 2026-10-31T23:59:59.999999999Z is over; the present one is 24322, until"
            + " 2026-12-01T00:00:00Z");
    denies(
        policy.decide(alice, new Wish(null, Instant.parse("1970-01-01T00:00:00Z"), "phone"), NOW),
        Denial.ALREADY_OVER,
        "the key period of 1970-01-01T00:00:00Z is over; the present one is 24322, until"
            + " 2026-12-01T00:00:00Z");
  }

  @Test
  void givesNobodyAnothersKeys() {
    for (Identity other : new Identity[] {BOB, FIRE, new Identity("sip:nobody@example.org")}) {
      denies(
          policy.decide(alice, new Wish(other, null, "phone"), NOW),
          Denial.NOT_YOURS,
          "sip:alice@example.org may have its own keys and those of groups it manages; the one asked"
              + " for is neither");
    }
  }

  @Test
  void givesAGroupsKeysToItsManagersAlone() {
    KmsUser manager = user(ALICE, null, Set.of("server"), Set.of(FIRE));
    KmsUser second = user(BOB, null, Set.of("server"), Set.of(FIRE));
    Decision one = policy.decide(manager, new Wish(FIRE, null, "server"), NOW);
    Decision two = policy.decide(second, new Wish(FIRE, null, "server"), NOW);
    assertThat(one)
        .isInstanceOfSatisfying(
            Granted.class,
            granted -> {
              assertThat(granted.who()).isEqualTo(FIRE);
              assertThat(granted.device()).startsWith("manager:").hasSize(72);
            });
    assertThat(((Granted) one).device())
        .as("two managers share no SSK")
        .isNotEqualTo(((Granted) two).device());
    assertThat(policy.decide(manager, new Wish(FIRE, null, "server"), NOW)).isEqualTo(one);
    denies(policy.decide(manager, new Wish(BOB, null, "server"), NOW), Denial.NOT_YOURS, null);
  }

  @Test
  void givesAWithdrawnUserNothing() {
    KmsUser revoked = new KmsUser(ALICE, null, "stolen", Set.of("phone"), Set.of(FIRE));
    for (Identity who : new Identity[] {ALICE, FIRE, BOB}) {
      denies(
          policy.decide(revoked, new Wish(who, null, "phone"), NOW),
          Denial.REVOKED,
          "the keys of sip:alice@example.org are withdrawn; ask the operator of KMS"
              + " kms.example.org");
    }
  }

  @Test
  void sendsUsersOfAnotherKmsThere() {
    denies(
        policy.decide(
            user(ALICE, "kms.elsewhere.org", Set.of(), Set.of()), new Wish(null, null, "p"), NOW),
        Denial.OTHER_KMS,
        "sip:alice@example.org belongs to KMS kms.elsewhere.org, not to kms.example.org; ask there");
    KmsUser here = user(ALICE, "kms.example.org", Set.of(), Set.of());
    assertThat(policy.decide(here, new Wish(null, null, "p"), NOW)).isInstanceOf(Granted.class);
  }

  @Test
  void keepsToTheUsersDevices() {
    denies(
        policy.decide(alice, new Wish(null, null, "watch"), NOW),
        Denial.OTHER_DEVICE,
        "this is no device of sip:alice@example.org; ask the operator of KMS kms.example.org to add"
            + " it");
    assertThat(policy.decide(alice, new Wish(null, null, null), NOW))
        .as("the only one")
        .isEqualTo(new Granted(ALICE, List.of(PRESENT), "phone"));
    KmsUser any = user(ALICE, null, Set.of(), Set.of());
    KmsUser two = user(ALICE, null, Set.of("a", "b"), Set.of());
    assertThat(policy.decide(any, new Wish(null, null, "x"), NOW)).isInstanceOf(Granted.class);
    for (KmsUser user : new KmsUser[] {any, two}) {
      for (String none : new @Nullable String[] {null, "", "x".repeat(129)}) {
        denies(
            policy.decide(user, new Wish(null, null, none), NOW),
            Denial.NO_DEVICE,
            "the request names no device; write 1 to 128 octets as its DeviceId");
      }
    }
  }

  private static KmsUser user(
      Identity identity, @Nullable String home, Set<String> devices, Set<Identity> managed) {
    return new KmsUser(identity, home, null, devices, managed);
  }

  private static void denies(Decision decision, Denial reason, @Nullable String sentence) {
    assertThat(decision)
        .isInstanceOfSatisfying(
            Denied.class,
            denied -> {
              assertThat(denied.reason()).isEqualTo(reason);
              if (sentence != null) {
                assertThat(denied.sentence()).isEqualTo(sentence);
              }
            });
  }
}
