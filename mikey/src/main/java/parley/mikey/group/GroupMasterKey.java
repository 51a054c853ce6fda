package parley.mikey.group;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.Octets;
import parley.mikey.prf.Kdf33220;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// A GMK: the 16 octets that make one a member of a group, their id and their period of use.
///
/// Owns its key; whoever owns this object closes it. Immutable but for that, and thread-safe.
public final class GroupMasterKey implements AutoCloseable {
  public static final int KEY_OCTETS = 16;

  private static final int PURPOSE_BITS = 0xf0000000;
  private static final int USER_SALT = 0x50;

  private final Identity group;
  private final int gmkId;
  private final SecretBytes key;
  private final NtpTimestamp issued;
  private final Instant activation;
  private final Instant expiry;
  private final boolean revoked;

  private GroupMasterKey(
      Identity group,
      int gmkId,
      SecretBytes key,
      NtpTimestamp issued,
      Instant activation,
      Instant expiry,
      boolean revoked) {
    this.group = group;
    this.gmkId = gmkId;
    this.key = key;
    this.issued = issued;
    this.activation = activation;
    this.expiry = expiry;
    this.revoked = revoked;
  }

  /// Takes ownership of `key`. `issued` is the T of the I_MESSAGE that brought it; an `expiry` of
  /// [Instant#MAX] means none.
  ///
  /// @throws IllegalArgumentException for a key that is not 16 octets, an id whose top four bits
  ///   are not 0 (TS 33.180, annex G), or a period that ends before it starts
  public static GroupMasterKey of(
      Identity group,
      int gmkId,
      SecretBytes key,
      NtpTimestamp issued,
      Instant activation,
      Instant expiry,
      boolean revoked) {
    if (key.length() != KEY_OCTETS) {
      throw new IllegalArgumentException("a GMK has 16 octets, not " + key.length());
    }
    if (!isGmkId(gmkId)) {
      throw new IllegalArgumentException("GMK-ID " + hex(gmkId) + " does not start with 0");
    }
    if (!activation.isBefore(expiry)) {
      throw new IllegalArgumentException(
          "the period " + activation + " to " + expiry + " is empty");
    }
    return new GroupMasterKey(group, gmkId, key, issued, activation, expiry, revoked);
  }

  /// The same key, withdrawn by a message of T `t`: nobody is to use it any more. The caller closes
  /// it.
  public GroupMasterKey revoked(NtpTimestamp t) {
    return new GroupMasterKey(group, gmkId, key.duplicate(), t, activation, expiry, true);
  }

  static boolean isGmkId(int id) {
    return (id & PURPOSE_BITS) == 0;
  }

  public Identity group() {
    return group;
  }

  public int gmkId() {
    return gmkId;
  }

  /// Still owned by this object.
  public SecretBytes key() {
    return key;
  }

  /// T of the I_MESSAGE; the highest decides which GMK a sender uses.
  public NtpTimestamp issued() {
    return issued;
  }

  public Instant activation() {
    return activation;
  }

  /// [Instant#MAX] when unlimited.
  public Instant expiry() {
    return expiry;
  }

  public boolean isRevoked() {
    return revoked;
  }

  /// Whether `now` lies in the period of use, whose end is excluded, and the key is not revoked.
  public boolean isOpen(Instant now) {
    return !revoked && !now.isBefore(activation) && now.isBefore(expiry);
  }

  /// 28 bits of HMAC over the member's URI, which hide the GMK-ID on the wire (TS 33.180, F.1.3).
  public int userSalt(Identity ue) {
    return userSalt(key, ue);
  }

  /// The CSB ID of the I_MESSAGE that brings this key to `ue`: GMK-ID xor salt.
  public int csbIdFor(Identity ue) {
    return gmkId ^ userSalt(ue);
  }

  static int userSalt(SecretBytes key, Identity ue) {
    byte[] uri = ue.uri().getBytes(StandardCharsets.US_ASCII);
    byte[] hash = key.lend(SecretAccess.token(), octets -> Kdf33220.derive(octets, USER_SALT, uri));
    return Octets.of(hash).intAt(hash.length - Integer.BYTES) & ~PURPOSE_BITS;
  }

  @Override
  public void close() {
    key.close();
  }

  @Override
  public String toString() {
    return "GroupMasterKey[" + group + ", " + hex(gmkId) + ", issued " + issued + "]";
  }

  static String hex(int id) {
    return HexFormat.of().toHexDigits(id);
  }
}
