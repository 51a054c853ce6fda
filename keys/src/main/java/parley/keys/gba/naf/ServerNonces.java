package parley.keys.gba.naf;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import parley.keys.gba.Subkey;
import parley.mikey.secret.SecretBytes;

/// Nonces of a Digest server: `end in Unix milliseconds 8 | random 8 | MAC 16` in base64, the MAC
/// over the number of the TLS connection too.
///
/// Nothing is kept of a nonce before somebody has proved a password with it; then the highest nc,
/// until the nonce ends. So a copied request is refused on its own connection by nc, on any other
/// by the MAC.
final class ServerNonces implements AutoCloseable {
  static final Duration LIFETIME = Duration.ofMinutes(5);
  static final int MOST_USED = 65_536;

  private static final int SIGNED_OCTETS = 2 * Long.BYTES;
  private static final int MAC_OCTETS = 16;
  private static final int CHARACTERS = 44;

  private final SecretBytes key;
  private final SecureRandom random;
  private final InstantSource clock;
  private final Map<String, Used> used = new LinkedHashMap<>();

  private record Used(int nc, Instant until) {}

  /// What a nonce is worth.
  enum Standing {
    GOOD,
    /// Ours and of this connection, but over.
    STALE,
    UNKNOWN
  }

  /// What a request with a proved password is worth.
  enum Count {
    NEXT,
    SEEN,
    /// More nonces in use than there is room for.
    FULL
  }

  ServerNonces(InstantSource clock, SecureRandom random) {
    this.key = SecretBytes.random(Subkey.MASTER_OCTETS, random, "nonces of this server");
    this.random = random;
    this.clock = clock;
  }

  String fresh(long connection) {
    byte[] signed =
        ByteBuffer.allocate(SIGNED_OCTETS)
            .putLong(clock.instant().plus(LIFETIME).toEpochMilli())
            .putLong(random.nextLong())
            .array();
    byte[] nonce = Arrays.copyOf(signed, SIGNED_OCTETS + MAC_OCTETS);
    System.arraycopy(mac(signed, connection), 0, nonce, SIGNED_OCTETS, MAC_OCTETS);
    return Base64.getEncoder().encodeToString(nonce);
  }

  private byte[] mac(byte[] signed, long connection) {
    byte[] number = ByteBuffer.allocate(Long.BYTES).putLong(connection).array();
    return Arrays.copyOf(Subkey.authenticate(key, signed, number), MAC_OCTETS);
  }

  Standing standing(String nonce, long connection) {
    if (nonce.length() != CHARACTERS) {
      return Standing.UNKNOWN;
    }
    byte[] octets;
    try {
      octets = Base64.getDecoder().decode(nonce);
    } catch (IllegalArgumentException _) {
      return Standing.UNKNOWN;
    }
    if (octets.length != SIGNED_OCTETS + MAC_OCTETS) {
      return Standing.UNKNOWN;
    }
    byte[] signed = Arrays.copyOf(octets, SIGNED_OCTETS);
    byte[] said = Arrays.copyOfRange(octets, SIGNED_OCTETS, octets.length);
    if (!MessageDigest.isEqual(said, mac(signed, connection))) {
      return Standing.UNKNOWN;
    }
    return clock.instant().isBefore(until(octets)) ? Standing.GOOD : Standing.STALE;
  }

  private static Instant until(byte[] nonce) {
    return Instant.ofEpochMilli(ByteBuffer.wrap(nonce).getLong());
  }

  /// Whether nc is no news; looked at before the password is, as it costs nothing.
  synchronized boolean isSeen(String nonce, int nc) {
    Used before = used.get(nonce);
    return before != null && nc <= before.nc;
  }

  /// Counts a proved request of a good nonce; of two copies that come at once one is the next.
  synchronized Count count(String nonce, int nc) {
    Used before = used.get(nonce);
    if (before == null) {
      dropOver();
      if (used.size() >= MOST_USED) {
        return Count.FULL;
      }
      used.put(nonce, new Used(nc, until(Base64.getDecoder().decode(nonce))));
      return Count.NEXT;
    } else if (nc <= before.nc) {
      return Count.SEEN;
    }
    used.put(nonce, new Used(nc, before.until));
    return Count.NEXT;
  }

  /// From the oldest on; all live equally long.
  private void dropOver() {
    Instant now = clock.instant();
    Iterator<Used> oldest = used.values().iterator();
    while (oldest.hasNext() && !now.isBefore(oldest.next().until)) {
      oldest.remove();
    }
  }

  @Override
  public void close() {
    key.close();
  }
}
