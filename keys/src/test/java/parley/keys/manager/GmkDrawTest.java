package parley.keys.manager;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import parley.keys.Secrets;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.identity.UserIdFormat;
import parley.mikey.secret.SecretBytes;

class GmkDrawTest {
  private static final Identity FIRE = new Identity("sip:fire@example.org");
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final String FIRST_KEY = "11".repeat(16);
  private static final String SECOND_KEY = "22".repeat(16);

  @Test
  void givesIdsThatStartWithZero() {
    var draw = new GmkDraw(Secrets.RANDOM, UserIdFormat.RFC_6509);
    for (int i = 0; i < 1000; i++) {
      try (GroupMasterKey gmk = draw(draw, List.of(), List.of())) {
        assertThat(gmk.gmkId() >>> 28).isZero();
      }
    }
  }

  @Test
  void drawsAgainWhenAHeldKeyHasTheId() {
    var random = new Scripted("f0000007", "f0000007", "30000008", FIRST_KEY);
    try (GroupMasterKey held = gmk(7, SECOND_KEY);
        GroupMasterKey drawn =
            draw(new GmkDraw(random, UserIdFormat.RFC_6509), List.of(held), List.of())) {
      assertThat(drawn.gmkId()).isEqualTo(8);
    }
  }

  @Test
  void drawsAgainForEqualSaltsUnderTs33180Only() {
    List<Identity> ues = usersOfOneSalt();
    try (GroupMasterKey hashed = draw(drawOfTwo(UserIdFormat.TS_33180), List.of(), ues);
        GroupMasterKey plain = draw(drawOfTwo(UserIdFormat.RFC_6509), List.of(), ues)) {
      assertThat(Secrets.hex(hashed.key())).isEqualTo(SECOND_KEY);
      assertThat(hashed.userSalt(ues.getFirst())).isNotEqualTo(hashed.userSalt(ues.getLast()));
      assertThat(Secrets.hex(plain.key())).isEqualTo(FIRST_KEY);
    }
  }

  private static GmkDraw drawOfTwo(UserIdFormat format) {
    return new GmkDraw(new Scripted("00000001", FIRST_KEY, "00000002", SECOND_KEY), format);
  }

  /// Two users whose salts under the first key are equal: a birthday search over 28 bits.
  private static List<Identity> usersOfOneSalt() {
    try (GroupMasterKey gmk = gmk(1, FIRST_KEY)) {
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

  private static GroupMasterKey draw(GmkDraw draw, List<GroupMasterKey> held, List<Identity> ues) {
    return draw.draw(FIRE, NtpTimestamp.of(NOW), NOW, Instant.MAX, held, ues);
  }

  private static GroupMasterKey gmk(int gmkId, String key) {
    SecretBytes secret = Secrets.hex(key);
    return GroupMasterKey.of(FIRE, gmkId, secret, NtpTimestamp.of(NOW), NOW, Instant.MAX, false);
  }

  /// A random source that gives what the test wrote down.
  private static final class Scripted extends SecureRandom {
    private final transient Deque<byte[]> script = new ArrayDeque<>();

    Scripted(String... hex) {
      Arrays.stream(hex).map(HexFormat.of()::parseHex).forEach(script::add);
    }

    @Override
    public void nextBytes(byte[] octets) {
      byte[] next = script.remove();
      assertThat(next).hasSameSizeAs(octets);
      System.arraycopy(next, 0, octets, 0, octets.length);
    }
  }
}
