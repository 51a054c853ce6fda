package parley.bench.mikey;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import parley.mikey.group.Admission;
import parley.mikey.group.AnnouncementGate;
import parley.mikey.group.GateRules;
import parley.mikey.group.GmkBook;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.ReplayCache;
import parley.mikey.secret.SecretBytes;

/// What every contender in Java works on: a KMS, a talker, a message, an SSV, an announcement, and
/// identities that nobody has seen.
final class Keyring {
  final World world = new World();
  final byte[] message = new byte[MikeyContender.MESSAGE_OCTETS];
  final SecretBytes ssv = SecretBytes.random(16, world.random, "SSV");
  final InstantSource clock = InstantSource.fixed(world.now);
  private final GroupMasterKey gmk = world.gmk();
  private final byte[] announcement = world.announcement(gmk);
  private final AnnouncementGate gate = gate();

  private AnnouncementGate gate() {
    var rules = GateRules.of(World.GROUP, Set.of(World.POLICY), null, world.now.minusSeconds(1));
    var book = new GmkBook();
    book.add(gmk);
    var cache = ReplayCache.of(ReplayCache.DEFAULT_PER_TALKER, GateRules.DEFAULT_WINDOW);
    return new AnnouncementGate(rules, book, cache, clock);
  }

  /// What runs on the media loop: grammar, rules, MAC.
  Admission.Admitted admit() {
    if (gate.admit(announcement) instanceof Admission.Admitted admitted) {
      return admitted;
    }
    throw new IllegalStateException("a good announcement was not admitted");
  }

  /// Settles it as refused, so that the next one is no duplicate.
  void settle(Admission.Admitted admitted) {
    gate.settle(admitted, false);
  }

  /// An identifier of the usual length.
  static byte[] id(int number) {
    return "2026-11\0sip:user-%08d@example.org\0"
        .formatted(number)
        .getBytes(StandardCharsets.US_ASCII);
  }

  static List<byte[]> ids(int from) {
    List<byte[]> ids = new ArrayList<>();
    for (int i = 0; i < MikeyContender.BATCH; i++) {
      ids.add(id(from + i));
    }
    return ids;
  }

  static void require(boolean good) {
    if (!good) {
      throw new IllegalStateException("a good message was refused, or a result is wrong");
    }
  }
}
