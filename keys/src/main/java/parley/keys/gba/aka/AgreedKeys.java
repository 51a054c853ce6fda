package parley.keys.gba.aka;

import parley.mikey.secret.SecretBytes;

/// What USIM and HSS agree on by one RAND: RES (8 octets) proves it, Ks = CK then IK (32 octets)
/// comes of it. The owner closes it.
public final class AgreedKeys implements AutoCloseable {
  private final SecretBytes res;
  private final SecretBytes ks;

  /// Takes both secrets.
  AgreedKeys(SecretBytes res, SecretBytes ks) {
    this.res = res;
    this.ks = ks;
  }

  public SecretBytes res() {
    return res;
  }

  public SecretBytes ks() {
    return ks;
  }

  @Override
  public void close() {
    res.close();
    ks.close();
  }

  @Override
  public String toString() {
    return "AgreedKeys[]";
  }
}
