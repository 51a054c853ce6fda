package parley.keys.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.FakeClock;
import parley.keys.TestKms;
import parley.keys.TestVault;
import parley.keys.kms.MemberKeys;
import parley.keys.vault.VaultException;
import parley.mikey.InvalidKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// Nothing of a KMS is stored that does not fit identity, period and KMS.
class MemberInstallTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Instant NEXT = Instant.parse("2026-12-05T12:00:00Z");
  private static final Identity ALICE = new Identity("sip:alice@example.org");
  private static final Identity BOB = new Identity("sip:bob@example.org");

  @TempDir Path directory;
  private TestVault own;
  private MemberKeys good;

  @BeforeEach
  void prepare() throws Exception {
    own = new TestVault(directory, "vault");
    good = TestKms.HOME.keys(ALICE, NOW);
  }

  @AfterEach
  void close() {
    own.close();
    good.close();
  }

  @Test
  void signsInThePeriodOfT() throws Exception {
    TestKms.HOME.enrol(own.vault(), ALICE, NOW);
    try (Member member = Member.open(own.reopen(), ALICE, new FakeClock(NOW))) {
      assertThat(member.signer(NtpTimestamp.of(NOW))).isNotNull();
      assertThat(member.kms().find("kms.example.org")).isEqualTo(TestKms.HOME.certificate());
      assertThat(member.homeKms()).isEqualTo(TestKms.HOME.certificate());
      assertThatThrownBy(() -> member.signer(NtpTimestamp.of(NEXT)))
          .isInstanceOf(KeysMissing.class)
          .hasMessageContaining(
              "holds no keys of sip:alice@example.org from 2026-12-01T00:00:00Z until"
                  + " 2027-01-01T00:00:00Z; fetch them from KMS kms.example.org");
      TestKms.HOME.enrol(own.vault(), ALICE, NEXT);
      assertThat(member.signer(NtpTimestamp.of(NEXT)))
          .isNotSameAs(member.signer(NtpTimestamp.of(NOW)));
    }
  }

  @Test
  void dropsKeysBeforeThePreviousPeriod() throws Exception {
    for (String time : new String[] {"2026-10-05", "2026-11-05", "2026-12-05"}) {
      TestKms.HOME.enrol(own.vault(), ALICE, Instant.parse(time + "T00:00:00Z"));
    }
    assertThat(new MemberStore(own.vault(), ALICE).heldPeriods())
        .containsExactlyInAnyOrder(2026 * 12L + 10, 2026 * 12L + 11);
  }

  @Test
  void refusesAnotherUsersKeys() {
    try (MemberKeys bobs = TestKms.HOME.keys(BOB, NOW)) {
      refuses(keys(bobs.rsk(), bobs.ssk(), bobs.pvt()));
      refuses(keys(bobs.rsk(), good.ssk(), good.pvt()));
      refuses(keys(good.rsk(), bobs.ssk(), bobs.pvt()));
      refuses(keys(good.rsk(), bobs.ssk(), good.pvt()));
      refuses(keys(good.rsk(), good.ssk(), bobs.pvt()));
    }
  }

  @Test
  void refusesKeysOfAnotherPeriod() {
    try (MemberKeys next = TestKms.HOME.keys(ALICE, NEXT)) {
      refuses(keys(next.rsk(), next.ssk(), next.pvt()));
      refuses(keys(next.rsk(), good.ssk(), good.pvt()));
      refuses(keys(good.rsk(), next.ssk(), next.pvt()));
      KeyPeriod present = good.period();
      var stretched = new KeyPeriod(present.number(), present.from(), next.period().until());
      refuses(
          MemberKeys.of(
              ALICE,
              stretched,
              "device",
              good.rsk().duplicate(),
              good.ssk().duplicate(),
              good.pvt()));
    }
  }

  @Test
  void refusesKeysOfAnotherKms() {
    try (MemberKeys others = TestKms.TWIN.keys(ALICE, NOW)) {
      refuses(keys(others.rsk(), others.ssk(), others.pvt()));
    }
  }

  @Test
  void refusesFlippedBits() {
    byte[] rsk = good.rsk().lend(SecretAccess.token(), byte[]::clone);
    byte[] ssk = good.ssk().lend(SecretAccess.token(), byte[]::clone);
    for (int bit = 0; bit < 8 * ssk.length; bit += 7) {
      refuses(keys(good.rsk(), secret(flipped(ssk, bit)), good.pvt()));
    }
    for (int bit = 0; bit < 8 * good.pvt().length; bit += 7) {
      refuses(keys(good.rsk(), good.ssk(), flipped(good.pvt(), bit)));
    }
    for (int bit = 0; bit < 8 * rsk.length; bit += 37) {
      refuses(keys(secret(flipped(rsk, bit)), good.ssk(), good.pvt()));
    }
    refuses(keys(secret(Arrays.copyOf(rsk, 256)), good.ssk(), good.pvt()));
  }

  @Test
  void keepsToTheKmsItKnows() throws Exception {
    TestKms.HOME.enrol(own.vault(), ALICE, NOW);
    long before = own.vault().counter();
    try (MemberKeys twins = TestKms.TWIN.keys(ALICE, NOW);
        MemberKeys others = TestKms.FOREIGN.keys(ALICE, NOW);
        Member member = Member.open(own.vault(), ALICE, new FakeClock(NOW))) {
      assertThatThrownBy(() -> Member.install(own.vault(), TestKms.TWIN.certificate(), twins))
          .isInstanceOf(InvalidKey.class)
          .hasMessageContaining("is known by other public keys");
      assertThatThrownBy(() -> Member.install(own.vault(), TestKms.FOREIGN.certificate(), others))
          .isInstanceOf(InvalidKey.class)
          .hasMessageContaining("has keys of KMS kms.example.org, not of kms.elsewhere.org");
      assertThatThrownBy(() -> member.trust(TestKms.TWIN.certificate()))
          .isInstanceOf(InvalidKey.class);
      assertThat(own.vault().counter()).isEqualTo(before);
      assertThat(member.kms().find("kms.elsewhere.org")).isNull();
      member.trust(TestKms.FOREIGN.certificate());
      assertThat(member.kms().find("kms.elsewhere.org")).isEqualTo(TestKms.FOREIGN.certificate());
    }
  }

  @Test
  void remembersItsGroups() throws Exception {
    TestKms.HOME.enrol(own.vault(), ALICE, NOW);
    TestKms.HOME.enrol(own.vault(), BOB, NOW);
    var fire = new GroupMembership(new Identity("sip:fire@example.org"), BOB, "kms.example.org");
    var water = GroupMembership.of(new Identity("sip:water@example.org"), "kms.elsewhere.org");
    try (Member member = Member.open(own.vault(), ALICE, new FakeClock(NOW))) {
      member.joinGroup(fire);
      member.joinGroup(water);
      member.joinGroup(fire);
    }
    try (Member member = Member.open(own.reopen(), ALICE, new FakeClock(NOW));
        Member bob = Member.open(own.vault(), BOB, new FakeClock(NOW))) {
      assertThat(member.memberships().values()).containsExactly(fire, water);
      assertThat(member.groups()).containsExactlyInAnyOrder(fire.group(), water.group());
      assertThat(bob.groups()).isEmpty();
    }
  }

  @Test
  void joinsAllGroupsInOneWrite() throws Exception {
    TestKms.HOME.enrol(own.vault(), ALICE, NOW);
    List<GroupMembership> groups = groups(100);
    try (Member member = Member.open(own.vault(), ALICE, new FakeClock(NOW))) {
      member.joinGroup(groups.getFirst());
      long before = own.vault().counter();
      member.joinGroups(groups);
      assertThat(own.vault().counter()).isEqualTo(before + 1);
      member.joinGroups(groups);
      assertThat(own.vault().counter()).as("nothing new").isEqualTo(before + 1);
    }
    try (Member member = Member.open(own.reopen(), ALICE, new FakeClock(NOW))) {
      assertThat(member.memberships().values()).containsExactlyInAnyOrderElementsOf(groups);
    }
  }

  @Test
  void joinsNoneOfTheGroupsWhenTheVaultCannotBeWritten() throws Exception {
    TestKms.HOME.enrol(own.vault(), ALICE, NOW);
    List<GroupMembership> groups = groups(3);
    var other = new GroupMembership(groups.getFirst().group(), BOB, "kms.example.org");
    try (Member member = Member.open(own.vault(), ALICE, new FakeClock(NOW))) {
      member.joinGroup(other);
      own.block();
      assertThatThrownBy(() -> member.joinGroups(groups)).isInstanceOf(VaultException.class);
      assertThat(member.memberships().values()).containsExactly(other);
      own.unblock();
    }
    try (Member member = Member.open(own.reopen(), ALICE, new FakeClock(NOW))) {
      assertThat(member.memberships().values()).containsExactly(other);
      member.joinGroups(groups);
      assertThat(member.memberships().values()).containsExactlyInAnyOrderElementsOf(groups);
    }
  }

  private static List<GroupMembership> groups(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Identity("sip:group" + i + "@example.org"))
        .map(group -> GroupMembership.of(group, "kms.example.org"))
        .toList();
  }

  @Test
  void saysWhoIsNotEnrolled() {
    assertThatThrownBy(() -> Member.open(own.vault(), ALICE, new FakeClock(NOW)))
        .isInstanceOf(KeysMissing.class)
        .hasMessageContaining("holds no keys of sip:alice@example.org; enrol it at its KMS first");
  }

  private void refuses(MemberKeys keys) {
    long before = own.vault().counter();
    try (keys) {
      assertThatThrownBy(() -> Member.install(own.vault(), TestKms.HOME.certificate(), keys))
          .isInstanceOf(InvalidKey.class);
    }
    assertThat(own.vault().counter()).isEqualTo(before);
  }

  private MemberKeys keys(SecretBytes rsk, SecretBytes ssk, byte[] pvt) {
    return MemberKeys.of(ALICE, good.period(), "device", rsk.duplicate(), ssk.duplicate(), pvt);
  }

  private static SecretBytes secret(byte[] octets) {
    return SecretBytes.take(octets, "flipped");
  }

  private static byte[] flipped(byte[] octets, int bit) {
    byte[] flipped = octets.clone();
    flipped[bit / 8] ^= (byte) (1 << bit % 8);
    return flipped;
  }
}
