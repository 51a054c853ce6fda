package parley.keys.kms.message;

import parley.mikey.secret.SecretBytes;

/// A key that TLS alone protects. Only where a KMS and its client were both told to allow it.
///
/// What remains of it: the parser's and this package's Strings of its hexadecimal digits, and what
/// TLS and HTTP held, until the garbage collector takes them. A wrapped key leaves nothing.
public final class ClearKey implements KeyContent {
  private final SecretBytes key;

  /// Takes over `key`.
  ClearKey(SecretBytes key) {
    this.key = key;
  }

  @Override
  public SecretBytes open(TransportKeys keys, String label) {
    return key.duplicate();
  }

  SecretBytes key() {
    return key;
  }

  @Override
  public void close() {
    key.close();
  }

  @Override
  public String toString() {
    return "ClearKey[" + key.length() + " octets]";
  }
}
