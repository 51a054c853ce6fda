package parley.keys.gba.aka;

/// One challenge with what answers it (TS 33.102, 6.3.2). The owner closes it.
public final class AuthenticationVector implements AutoCloseable {
  public static final int RAND_OCTETS = Milenage.RAND_OCTETS;
  public static final int AUTN_OCTETS = 16;

  private final byte[] rand;
  private final byte[] autn;
  private final AgreedKeys keys;

  AuthenticationVector(byte[] rand, byte[] autn, AgreedKeys keys) {
    this.rand = rand.clone();
    this.autn = autn;
    this.keys = keys;
  }

  public byte[] rand() {
    return rand.clone();
  }

  /// `(SQN xor AK) 6 | AMF 2 | MAC-A 8`.
  public byte[] autn() {
    return autn.clone();
  }

  /// XRES and Ks; closed with the vector.
  public AgreedKeys keys() {
    return keys;
  }

  @Override
  public void close() {
    keys.close();
  }

  @Override
  public String toString() {
    return "AuthenticationVector[]";
  }
}
