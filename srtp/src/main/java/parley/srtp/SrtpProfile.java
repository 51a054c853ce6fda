package parley.srtp;

/// Cipher, authentication and lengths of one SRTP profile, named as registered.
///
/// `AES_CM` profiles are RFC 3711 (128-bit keys) and RFC 6188 (192-bit and 256-bit keys) with
/// HMAC-SHA1; `AEAD` profiles are RFC 7714. The `_32` profiles shorten the tag of SRTP only: SRTCP
/// keeps 80 bits, because a forged RTCP packet can end a session (RFC 3711, 4.2 and RFC 5764,
/// 4.1.2).
public enum SrtpProfile {
  AEAD_AES_128_GCM(16, 12, 16, 16),
  AEAD_AES_256_GCM(32, 12, 16, 16),
  AES_CM_128_HMAC_SHA1_80(16, 14, 10, 10),
  AES_CM_128_HMAC_SHA1_32(16, 14, 4, 10),
  AES_192_CM_HMAC_SHA1_80(24, 14, 10, 10),
  AES_192_CM_HMAC_SHA1_32(24, 14, 4, 10),
  AES_256_CM_HMAC_SHA1_80(32, 14, 10, 10),
  AES_256_CM_HMAC_SHA1_32(32, 14, 4, 10);

  /// Length of the HMAC-SHA1 session key (RFC 3711, 8.2).
  static final int AUTH_KEY_OCTETS = 20;

  private final int masterKeyOctets;
  private final int masterSaltOctets;
  private final int srtpTagOctets;
  private final int srtcpTagOctets;

  SrtpProfile(int masterKeyOctets, int masterSaltOctets, int srtpTagOctets, int srtcpTagOctets) {
    this.masterKeyOctets = masterKeyOctets;
    this.masterSaltOctets = masterSaltOctets;
    this.srtpTagOctets = srtpTagOctets;
    this.srtcpTagOctets = srtcpTagOctets;
  }

  /// Also the length of the session encryption key.
  public int masterKeyOctets() {
    return masterKeyOctets;
  }

  /// Also the length of the session salt.
  public int masterSaltOctets() {
    return masterSaltOctets;
  }

  public int srtpTagOctets() {
    return srtpTagOctets;
  }

  public int srtcpTagOctets() {
    return srtcpTagOctets;
  }

  /// Whether the cipher authenticates by itself; if not, an HMAC follows the encryption.
  public boolean isAead() {
    return masterSaltOctets == 12;
  }

  int authKeyOctets() {
    return isAead() ? 0 : AUTH_KEY_OCTETS;
  }
}
