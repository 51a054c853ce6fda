package parley.mikey.group;

/// The SRTP transforms that an announcement may name. Derived keys have these lengths.
public enum MediaSuite {
  AEAD_AES_128_GCM(16, 12),
  AEAD_AES_256_GCM(32, 12),
  AES_CM_128_HMAC_SHA1_80(16, 14);

  private final int masterKeyOctets;
  private final int masterSaltOctets;

  MediaSuite(int masterKeyOctets, int masterSaltOctets) {
    this.masterKeyOctets = masterKeyOctets;
    this.masterSaltOctets = masterSaltOctets;
  }

  public int masterKeyOctets() {
    return masterKeyOctets;
  }

  public int masterSaltOctets() {
    return masterSaltOctets;
  }

  public boolean isAead() {
    return this != AES_CM_128_HMAC_SHA1_80;
  }
}
