package parley.srtp;

import java.util.Arrays;
import java.util.HexFormat;

/// A master key with its salt and identifier (MKI), from which the session keys come (RFC 3711,
/// 3.2.1).
///
/// Owns private copies, which [#close] zeroes; an [SrtpSession] needs the key only while it is
/// made. Immutable until it is closed, so it may be handed from thread to thread, and closed once.
/// What the virtual machine copied in the meantime (garbage collection, providers) is out of reach
/// of any zeroing.
public final class MasterKey implements AutoCloseable {
  private final SrtpProfile profile;
  private final byte[] key;
  private final byte[] salt;
  private final byte[] mki;
  private boolean closed;

  private MasterKey(SrtpProfile profile, byte[] key, byte[] salt, byte[] mki) {
    this.profile = profile;
    this.key = key;
    this.salt = salt;
    this.mki = mki;
  }

  /// Copies all three; the caller zeroes its own. The MKI may be empty.
  ///
  /// @throws IllegalArgumentException where a length is not the profile's
  public static MasterKey of(SrtpProfile profile, byte[] key, byte[] salt, byte[] mki) {
    requireLength("master key", profile, profile.masterKeyOctets(), key.length);
    requireLength("master salt", profile, profile.masterSaltOctets(), salt.length);
    if (mki.length > SrtpPolicy.MAX_MKI_OCTETS) {
      throw new IllegalArgumentException(
          "an MKI has at most %d octets, not %d".formatted(SrtpPolicy.MAX_MKI_OCTETS, mki.length));
    }
    return new MasterKey(profile, key.clone(), salt.clone(), mki.clone());
  }

  private static void requireLength(String what, SrtpProfile profile, int wanted, int octets) {
    if (octets != wanted) {
      throw new IllegalArgumentException(
          "the %s of %s has %d octets, not %d".formatted(what, profile, wanted, octets));
    }
  }

  public SrtpProfile profile() {
    return profile;
  }

  /// A copy; the MKI is no secret.
  public byte[] mki() {
    return mki.clone();
  }

  /// The key itself, not a copy: for the key derivation only.
  byte[] key() {
    requireOpen();
    return key;
  }

  /// The salt itself, not a copy: for the key derivation only.
  byte[] salt() {
    requireOpen();
    return salt;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException(this + " is closed");
    }
  }

  @Override
  public void close() {
    closed = true;
    Arrays.fill(key, (byte) 0);
    Arrays.fill(salt, (byte) 0);
  }

  @Override
  public String toString() {
    return "MasterKey[%s, MKI %s]"
        .formatted(profile, mki.length == 0 ? "none" : HexFormat.of().formatHex(mki));
  }
}
