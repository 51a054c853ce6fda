package parley.gateway.media;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import parley.mikey.identity.Identity;

/// What stands before each packet of a group on a trunk, as one big-endian number.
///
/// ```
/// 0x54   first 7 octets of SHA-256(the group's URI)
/// ```
///
/// The first octet is the version, and is that of no packet: a trunk that is led to another leg's
/// port by mistake brings rubbish there. A tag says for whom a packet is and proves nothing.
public record GroupTag(long octets) {
  /// How many of them stand before a packet.
  static final int OCTETS = 8;

  static final byte VERSION = 0x54;

  private static final int DIGEST_BITS = 56;

  public GroupTag {
    if (!isOurs(octets)) {
      throw new IllegalArgumentException("%016x is no tag".formatted(octets));
    }
  }

  public static GroupTag of(Identity group) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(group.uri().getBytes(StandardCharsets.UTF_8));
      long first = ByteBuffer.wrap(digest).getLong();
      return new GroupTag(((long) VERSION << DIGEST_BITS) | (first >>> (Long.SIZE - DIGEST_BITS)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Whether these octets are a tag of this version, of whatever group.
  static boolean isOurs(long octets) {
    return octets >>> DIGEST_BITS == VERSION;
  }

  @Override
  public String toString() {
    return "%016x".formatted(octets);
  }
}
