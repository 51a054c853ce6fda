package parley.gateway.keying;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import parley.mikey.group.Joining;
import parley.mikey.group.UnverifiedJoin;
import parley.mikey.message.Octets;

/// Proofs that a receiver can be reached at the address that its messages come from (wire profile,
/// section 7).
///
/// A cookie is made from what it is for and the minute, under a key that is drawn at the start and
/// never leaves; so nothing is kept for those that get one. Good for this minute and the next.
/// Confined to the group's loop.
final class Cookies {
  private static final long SLOT_SECONDS = 60;
  private static final int KEY_OCTETS = 32;
  private static final String ALGORITHM = "HmacSHA256";

  private final Mac mac;
  private final InstantSource clock;

  Cookies(SecureRandom random, InstantSource clock) {
    this.clock = clock;
    var key = new byte[KEY_OCTETS];
    random.nextBytes(key);
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + ALGORITHM, e);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /// For the sender of `message`, if it is at `source`.
  Octets make(UnverifiedJoin message, InetSocketAddress source) {
    return Octets.of(cookie(slot(), message, source));
  }

  boolean isGood(UnverifiedJoin message, InetSocketAddress source) {
    Octets shown = message.cookie();
    if (shown == null) {
      return false;
    }
    byte[] octets = shown.bytes();
    boolean isOfNow = MessageDigest.isEqual(cookie(slot(), message, source), octets);
    boolean isOfBefore = MessageDigest.isEqual(cookie(slot() - 1, message, source), octets);
    return isOfNow || isOfBefore;
  }

  private long slot() {
    return Math.floorDiv(clock.instant().getEpochSecond(), SLOT_SECONDS);
  }

  private byte[] cookie(long slot, UnverifiedJoin message, InetSocketAddress source) {
    InetAddress address = source.getAddress();
    int scope = address instanceof Inet6Address six ? six.getScopeId() : 0;
    ByteBuffer head = ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES);
    mac.update(
        head.putLong(slot).putInt(message.csbId()).putInt(scope).putInt(source.getPort()).array());
    withLength(address.getAddress());
    withLength(message.ue().octets());
    withLength(message.group().octets());
    return Arrays.copyOf(mac.doFinal(), Joining.COOKIE_OCTETS);
  }

  private void withLength(byte[] octets) {
    mac.update((byte) octets.length);
    mac.update(octets);
  }
}
