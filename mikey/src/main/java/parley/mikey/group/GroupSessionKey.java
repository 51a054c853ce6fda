package parley.mikey.group;

import java.security.SecureRandom;
import parley.mikey.secret.SecretBytes;

/// A GSK: the key of one burst (the TGK of its announcement) and its id, which is the MKI of the
/// packets.
///
/// Owns its key; whoever owns this object closes it.
public final class GroupSessionKey implements AutoCloseable {
  public static final int KEY_OCTETS = 16;
  public static final int ID_OCTETS = 4;

  /// The id of a key that has none: its packets carry no MKI.
  public static final int NO_ID = 0;

  private static final int PURPOSE_BITS = 0xf0000000;

  private final int gskId;
  private final SecretBytes key;

  private GroupSessionKey(int gskId, SecretBytes key) {
    this.gskId = gskId;
    this.key = key;
  }

  /// A fresh key with a random id.
  public static GroupSessionKey generate(SecureRandom random) {
    int id = PURPOSE_BITS | random.nextInt();
    return of(id, SecretBytes.random(KEY_OCTETS, random, "GSK " + GroupMasterKey.hex(id)));
  }

  /// Takes ownership of `key`.
  ///
  /// @throws IllegalArgumentException for a key that is not 16 octets, or an id that neither starts
  ///   with 0xF nor is [#NO_ID]
  public static GroupSessionKey of(int gskId, SecretBytes key) {
    if (key.length() != KEY_OCTETS) {
      throw new IllegalArgumentException("a GSK has 16 octets, not " + key.length());
    }
    if (gskId != NO_ID && !isGskId(gskId)) {
      throw new IllegalArgumentException(
          "GSK-ID " + GroupMasterKey.hex(gskId) + " does not start with f");
    }
    return new GroupSessionKey(gskId, key);
  }

  static boolean isGskId(int id) {
    return (id & PURPOSE_BITS) == PURPOSE_BITS;
  }

  public int gskId() {
    return gskId;
  }

  public boolean hasId() {
    return gskId != NO_ID;
  }

  /// Still owned by this object.
  public SecretBytes key() {
    return key;
  }

  @Override
  public void close() {
    key.close();
  }

  @Override
  public String toString() {
    return "GroupSessionKey[" + GroupMasterKey.hex(gskId) + "]";
  }
}
