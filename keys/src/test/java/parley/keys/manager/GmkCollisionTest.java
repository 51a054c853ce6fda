package parley.keys.manager;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import parley.keys.FakeClock;
import parley.keys.Secrets;
import parley.keys.TestKms;
import parley.keys.TestVault;
import parley.keys.member.GmkAcceptance.Accepted;
import parley.keys.member.GroupMembership;
import parley.keys.member.Member;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.identity.UserIdFormat;
import parley.mikey.secret.SecretBytes;

/// A GMK from the manager to its members and back again under both formats of identifiers, with a
/// random source that first gives a key under which two members' GUK-IDs collide.
@ParameterizedClass
@EnumSource
class GmkCollisionTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Identity FIRE = new Identity("sip:fire@example.org");
  private static final Identity CAROL = new Identity("sip:carol@example.org");
  private static final String FIRST_KEY = "11".repeat(16);
  private static final String SECOND_KEY = "22".repeat(16);
  private static final List<Identity> TWINS = usersOfOneSalt();

  @Parameter UserIdFormat format = UserIdFormat.RFC_6509;

  @TempDir Path directory;
  private final FakeClock clock = new FakeClock(NOW);

  private TestKms kms() {
    return format == UserIdFormat.RFC_6509 ? TestKms.HOME : TestKms.HASHED;
  }

  private static MemberList members() {
    return MemberList.of(
        List.of(
            GroupMember.of(TWINS.getFirst(), Permission.TALK),
            GroupMember.of(TWINS.getLast(), Permission.LISTEN),
            GroupMember.of(CAROL, Permission.LISTEN)));
  }

  @Test
  void theManagerDrawsAnewWhereGukIdsCollide() throws Exception {
    var random = new FirstThenRandom("00000001", FIRST_KEY, "00000002", SECOND_KEY);
    try (TestVault vault = new TestVault(directory, "manager")) {
      kms().enrol(vault.vault(), FIRE, NOW);
      try (GroupManager manager =
          GroupManager.create(vault.vault(), GroupSettings.of(FIRE), members(), clock, random)) {
        GroupMasterKey gmk = manager.newGmk(NOW, NOW.plus(Duration.ofDays(1)));
        boolean isHashed = format == UserIdFormat.TS_33180;
        assertThat(gmk.gmkId()).isEqualTo(isHashed ? 2 : 1);
        assertThat(gmk.csbIdFor(TWINS.getFirst()) != gmk.csbIdFor(TWINS.getLast()))
            .isEqualTo(isHashed);
        for (GmkMessage message : manager.distribute(gmk, NOW)) {
          assertThat(manager.confirm(receipt(message, gmk))).isTrue();
        }
        assertThat(manager.deliveries())
            .hasSize(3)
            .allMatch(delivery -> delivery.state() == Delivery.State.CONFIRMED);
        GroupMasterKey next = manager.exclude(CAROL);
        assertThat(manager.distribute(next, NOW))
            .extracting(GmkMessage::ue)
            .containsExactlyInAnyOrderElementsOf(TWINS);
      }
    }
  }

  @Test
  void aNewcomerWhoseGukIdIsAnothersBringsANewGmk() throws Exception {
    var random = new FirstThenRandom("00000001", FIRST_KEY, "00000002", SECOND_KEY);
    try (TestVault vault = new TestVault(directory, "manager")) {
      kms().enrol(vault.vault(), FIRE, NOW);
      MemberList without = members().without(TWINS.getLast());
      try (GroupManager manager =
          GroupManager.create(vault.vault(), GroupSettings.of(FIRE), without, clock, random)) {
        assertThat(manager.newGmk(NOW, NOW.plus(Duration.ofDays(1))).gmkId()).isEqualTo(1);
        var made = manager.changeMembers(members(), GmkPeriod.from(NOW));
        assertThat(made.isPresent()).isEqualTo(format == UserIdFormat.TS_33180);
        assertThat(manager.newestGmk().orElseThrow().gmkId()).isEqualTo(made.isPresent() ? 2 : 1);
        assertThat(manager.members()).isEqualTo(members());
      }
    }
  }

  /// Of a member with a vault of its own, which got the very GMK.
  private byte[] receipt(GmkMessage message, GroupMasterKey gmk) throws Exception {
    try (TestVault vault = new TestVault(directory, "ue" + message.ue().hashCode())) {
      kms().enrol(vault.vault(), message.ue(), NOW);
      try (Member member = Member.open(vault.vault(), message.ue(), clock)) {
        member.joinGroup(GroupMembership.of(FIRE, "kms.example.org"));
        var accepted = (Accepted) member.accept(message.octets());
        assertThat(accepted.isCurrent()).isTrue();
        assertThat(accepted.gmk().gmkId()).isEqualTo(gmk.gmkId());
        assertThat(accepted.gmk().key()).isEqualTo(gmk.key());
        return accepted.receipt();
      }
    }
  }

  /// Two users whose salts under the first key are equal: a birthday search over 28 bits.
  private static List<Identity> usersOfOneSalt() {
    SecretBytes key = Secrets.hex(FIRST_KEY);
    try (GroupMasterKey gmk =
        GroupMasterKey.of(FIRE, 1, key, NtpTimestamp.of(NOW), NOW, Instant.MAX, false)) {
      Map<Integer, Identity> bySalt = new HashMap<>();
      for (int i = 0; ; i++) {
        var user = new Identity("sip:user" + i + "@example.org");
        Identity other = bySalt.put(gmk.userSalt(user), user);
        if (other != null) {
          return List.of(other, user);
        }
      }
    }
  }

  /// Gives what is prepared where it is asked for as many octets, and else random ones.
  private static final class FirstThenRandom extends SecureRandom {
    private final transient Deque<byte[]> prepared = new ArrayDeque<>();

    FirstThenRandom(String... hex) {
      for (String each : hex) {
        prepared.add(HexFormat.of().parseHex(each));
      }
    }

    @Override
    public void nextBytes(byte[] octets) {
      byte[] next = prepared.peek();
      if (next != null && next.length == octets.length) {
        System.arraycopy(next, 0, octets, 0, octets.length);
        prepared.remove();
      } else {
        Secrets.RANDOM.nextBytes(octets);
      }
    }
  }
}
