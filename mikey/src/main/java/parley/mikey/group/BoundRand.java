package parley.mikey.group;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import parley.mikey.identity.Identity;
import parley.mikey.message.Octets;

/// The RAND that belongs to one talker (wire profile, section 3): 16 random octets N, then the
/// first 16 of SHA-256("parley-rand-1" | len16 IDRi | IDRi | len16 IDRr | IDRr | GMK-ID | CSB ID |
/// N).
///
/// RAND goes into every derived key. So a member that announces another's GSK as its own derives
/// other SRTP keys, and cannot claim a voice that is not its own.
final class BoundRand {
  static final int NONCE_OCTETS = 16;
  static final int OCTETS = 32;

  private static final byte[] LABEL = "parley-rand-1".getBytes(StandardCharsets.US_ASCII);

  private BoundRand() {}

  static Octets of(byte[] nonce, Identity talker, Identity group, int gmkId, int csbId) {
    MessageDigest hash = Sha256.start();
    hash.update(LABEL);
    withLength(talker.octets(), hash);
    withLength(group.octets(), hash);
    hash.update(Octets.ofInt(gmkId).bytes());
    hash.update(Octets.ofInt(csbId).bytes());
    byte[] rand = Arrays.copyOf(nonce, OCTETS);
    System.arraycopy(hash.digest(nonce), 0, rand, NONCE_OCTETS, OCTETS - NONCE_OCTETS);
    return Octets.of(rand);
  }

  static boolean isBound(AnnouncementFields f) {
    return isBound(f.rand(), f.talker(), f.group(), f.gmkId(), f.csbId());
  }

  static boolean isBound(Octets rand, Identity talker, Identity group, int gmkId, int csbId) {
    if (rand.length() != OCTETS) {
      return false;
    }
    byte[] nonce = Arrays.copyOf(rand.bytes(), NONCE_OCTETS);
    return of(nonce, talker, group, gmkId, csbId).equals(rand);
  }

  private static void withLength(byte[] octets, MessageDigest hash) {
    hash.update((byte) (octets.length >>> 8));
    hash.update((byte) octets.length);
    hash.update(octets);
  }
}
