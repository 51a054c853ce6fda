package parley.mikey.group;

import java.time.Instant;
import java.util.List;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.KeyPurpose;
import parley.mikey.secret.SecretBytes;

/// A key that an I_MESSAGE of TS 33.180 brought: a PCK, a CSK or a GMK, with its id and what its
/// parameters say.
///
/// Owns its key; whoever owns this object closes it. Immutable but for that, and thread-safe.
public final class TransportedKey implements AutoCloseable {
  public static final int KEY_OCTETS = 16;

  private final KeyPurpose purpose;
  private final int id;
  private final SecretBytes key;
  private final NtpTimestamp issued;
  private final KeyParameters about;

  private TransportedKey(
      KeyPurpose purpose, int id, SecretBytes key, NtpTimestamp issued, KeyParameters about) {
    this.purpose = purpose;
    this.id = id;
    this.key = key;
    this.issued = issued;
    this.about = about;
  }

  /// Takes ownership of `key`, to be sent as a PCK or CSK; an `expiry` of [Instant#MAX] means none.
  ///
  /// @throws IllegalArgumentException for a key that is not 16 octets, an id that is neither PCK-ID
  ///   nor CSK-ID, or a period that ends before it starts
  public static TransportedKey of(
      int id, SecretBytes key, NtpTimestamp issued, Instant activation, Instant expiry) {
    KeyPurpose purpose = KeyPurpose.ofId(id).orElse(KeyPurpose.GMK);
    if (purpose != KeyPurpose.PCK && purpose != KeyPurpose.CSK) {
      throw new IllegalArgumentException(
          GroupMasterKey.hex(id) + " is the id of neither a PCK nor a CSK");
    }
    if (key.length() != KEY_OCTETS) {
      throw new IllegalArgumentException("a " + purpose + " has 16 octets, not " + key.length());
    }
    if (!activation.isBefore(expiry)) {
      throw new IllegalArgumentException(
          "the period " + activation + " to " + expiry + " is empty");
    }
    var about = KeyParameters.inForce(purpose, activation, expiry);
    return new TransportedKey(purpose, id, key, issued, about);
  }

  /// What was received: `about` was found to fit, the key to have 16 octets.
  static TransportedKey received(
      KeyPurpose purpose, int id, SecretBytes key, NtpTimestamp issued, KeyParameters about) {
    return new TransportedKey(purpose, id, key, issued, about);
  }

  public KeyPurpose purpose() {
    return purpose;
  }

  /// PCK-ID or CSK-ID, which the message shows; or the GMK-ID, which it hides.
  public int id() {
    return id;
  }

  /// Still owned by this object.
  public SecretBytes key() {
    return key;
  }

  /// T of the I_MESSAGE.
  public NtpTimestamp issued() {
    return issued;
  }

  public Instant activation() {
    return about.activation();
  }

  /// [Instant#MAX] when unlimited.
  public Instant expiry() {
    return about.expiry();
  }

  public boolean isRevoked() {
    return about.isRevoked();
  }

  /// Which groups a GMK is for, where it says so.
  public List<Identity> groups() {
    return about.groups();
  }

  KeyParameters parameters() {
    return about;
  }

  @Override
  public void close() {
    key.close();
  }

  @Override
  public String toString() {
    return "TransportedKey[" + purpose + " " + GroupMasterKey.hex(id) + ", issued " + issued + "]";
  }
}
