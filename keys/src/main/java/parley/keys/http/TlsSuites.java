package parley.keys.http;

import java.util.List;
import java.util.Map;

/// What every TLS server and client here speaks: 1.3 and 1.2, authenticated encryption and
/// ephemeral keys only (TS 33.310, Annex E).
public final class TlsSuites {
  /// The protocols, by the names of the JDK.
  public static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

  private static final Map<String, Integer> CODES =
      Map.of(
          "TLS_AES_128_GCM_SHA256", 0x1301,
          "TLS_AES_256_GCM_SHA384", 0x1302,
          "TLS_CHACHA20_POLY1305_SHA256", 0x1303,
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", 0xC02B,
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", 0xC02C,
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", 0xC02F,
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", 0xC030,
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", 0xCCA8,
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", 0xCCA9);

  /// The cipher suites, the strongest first.
  public static final List<String> NAMES =
      List.of(
          "TLS_AES_256_GCM_SHA384",
          "TLS_AES_128_GCM_SHA256",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private TlsSuites() {}

  /// The two octets by which IANA knows a suite of [#NAMES]; 0 for any other.
  public static int code(String name) {
    return CODES.getOrDefault(name, 0);
  }
}
