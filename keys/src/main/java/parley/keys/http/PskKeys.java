package parley.keys.http;

import java.util.Optional;
import parley.mikey.secret.SecretBytes;

/// The pre-shared keys that a TLS server knows: of Ks_NAF and of whatever else was agreed before.
///
/// Asked on a thread of the handshakes, so it may wait for another server.
public interface PskKeys {
  /// What the server tells about its keys in TLS 1.2, when nothing more is to be said (TS 24.109,
  /// 5.3.3).
  String GBA_HINT = "3GPP-bootstrapping";

  /// The key of `identity`, which the caller closes; empty for an identity that is not known: the
  /// handshake fails then exactly as it does with a wrong key.
  ///
  /// @param identity as the client sent it, UTF-8
  /// @param cipherSuiteCode that of TLS 1.2, on which Ks_NAF depends there; 0 in TLS 1.3, where it
  ///   is not chosen yet
  Optional<SecretBytes> find(String identity, int cipherSuiteCode);
}
