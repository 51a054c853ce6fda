package parley.keys.kms.message;

import parley.mikey.secret.SecretBytes;

/// A key in a message (`KeyContentType` or `EncKeyContentType`).
public sealed interface KeyContent extends AutoCloseable permits ClearKey, WrappedKey {
  /// The key itself, which the caller closes.
  ///
  /// @throws WrongTransportKey if it is under another TrK, or altered
  SecretBytes open(TransportKeys keys, String label) throws WrongTransportKey;

  @Override
  void close();
}
