package parley.keys.gba;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/// The Ua security protocol identifier: how UE and NAF use Ks_NAF, five octets at the end of NAF_Id
/// (TS 33.220, H.3).
///
/// One key for each use, so what is said under one protocol proves nothing under another.
public record UaProtocol(long value) {
  public static final int OCTETS = 5;

  /// HTTP Digest (TS 24.109) where no TLS cipher suite is known beforehand; here: pushed keys.
  public static final UaProtocol HTTP_DIGEST = new UaProtocol(0x01_0000_0002L);

  /// Shared key TLS 1.3 (TS 33.222, 5.4.0.2), where the suite is not known when the key is chosen.
  public static final UaProtocol SHARED_KEY_TLS_13 = new UaProtocol(0x01_0000_0007L);

  private static final long TLS = 0x01_0001_0000L;

  /// The suites that this project offers, by their IANA names: AEAD with forward secrecy.
  private static final Map<String, Integer> SUITES =
      Map.ofEntries(
          Map.entry("TLS_AES_128_GCM_SHA256", 0x1301),
          Map.entry("TLS_AES_256_GCM_SHA384", 0x1302),
          Map.entry("TLS_CHACHA20_POLY1305_SHA256", 0x1303),
          Map.entry("TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", 0x009E),
          Map.entry("TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", 0x009F),
          Map.entry("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", 0xC02B),
          Map.entry("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", 0xC02C),
          Map.entry("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", 0xC02F),
          Map.entry("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", 0xC030),
          Map.entry("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", 0xCCA8),
          Map.entry("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", 0xCCA9),
          Map.entry("TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256", 0xCCAA));

  public UaProtocol {
    if (value < 0 || (value >>> (8 * OCTETS)) != 0) {
      throw new IllegalArgumentException("a Ua security protocol identifier has five octets");
    }
  }

  /// TLS with this cipher suite, be it a certificate with HTTP Digest inside (TS 33.222, 5.3) or a
  /// pre-shared key with TLS 1.2 (5.4).
  ///
  /// @param cipherSuiteCode as IANA numbers it, 0xC02F; 0 is no suite and refused
  public static UaProtocol tls(int cipherSuiteCode) {
    if (cipherSuiteCode <= 0 || cipherSuiteCode > 0xFFFF) {
      throw new IllegalArgumentException("0x%x is no TLS cipher suite".formatted(cipherSuiteCode));
    }
    return new UaProtocol(TLS | cipherSuiteCode);
  }

  /// The same for a suite by its IANA name, as a `SSLSession` tells it; empty for one that is not
  /// good enough to be offered here.
  public static Optional<UaProtocol> tls(String cipherSuite) {
    return Optional.ofNullable(SUITES.get(cipherSuite)).map(UaProtocol::tls);
  }

  /// Reads what [#toString()] writes.
  ///
  /// @throws IllegalArgumentException if it is not ten hex digits
  public static UaProtocol parse(String hex) {
    return of(HexFormat.of().parseHex(hex));
  }

  /// @throws IllegalArgumentException if there are not five octets
  public static UaProtocol of(byte[] octets) {
    if (octets.length != OCTETS) {
      throw new IllegalArgumentException("a Ua security protocol identifier has five octets");
    }
    return new UaProtocol(
        ByteBuffer.allocate(Long.BYTES).position(Long.BYTES - OCTETS).put(octets).getLong(0));
  }

  public byte[] octets() {
    byte[] octets = new byte[OCTETS];
    ByteBuffer.allocate(Long.BYTES).putLong(0, value).position(Long.BYTES - OCTETS).get(octets);
    return octets;
  }

  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(value, 2 * OCTETS);
  }
}
