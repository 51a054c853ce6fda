package parley.keys.kms.registry;

/// By what a user is known before it has keys.
public enum KnownBy {
  /// A name in a client certificate: `URI:...`, `DNS:...` or `DN:...`.
  CERTIFICATE,
  /// The identity of a pre-shared key of TLS.
  PRESHARED_KEY,
  /// The IMPI of its SIM (TS 33.220).
  IMPI
}
