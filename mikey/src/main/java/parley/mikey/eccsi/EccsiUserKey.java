package parley.mikey.eccsi;

import java.util.HexFormat;
import parley.mikey.secret.SecretBytes;

/// What a KMS issues to one device of one user for one key period: SSK and PVT (RFC 6507, 5.1.1).
public final class EccsiUserKey implements AutoCloseable {
  private final SecretBytes ssk;
  private final byte[] pvt;

  EccsiUserKey(SecretBytes ssk, byte[] pvt) {
    this.ssk = ssk;
    this.pvt = pvt;
  }

  /// The Secret Signing Key, 32 octets. It closes with this object: [SecretBytes#duplicate()] to
  /// keep it.
  public SecretBytes ssk() {
    return ssk;
  }

  /// The Public Validation Token, 65 octets; every signature ends with it.
  public byte[] pvt() {
    return pvt.clone();
  }

  @Override
  public void close() {
    ssk.close();
  }

  @Override
  public String toString() {
    return "EccsiUserKey[PVT " + HexFormat.of().formatHex(pvt) + "]";
  }
}
