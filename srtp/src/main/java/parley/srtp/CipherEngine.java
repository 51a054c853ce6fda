package parley.srtp;

/// The cipher behind a transform: encrypts and authenticates what the descriptors of a
/// [CipherBatch] say.
///
/// An engine knows neither packets nor indices nor replay: the transform has read the headers,
/// chosen the initialisation vectors and filled the descriptors, and an engine needs nothing but
/// those, the two memories and the keys. So one call may handle a whole batch in native code.
/// Engines hold no state of their own between calls and may be shared by threads; keys and batches
/// may not. Source and destination belong to the caller: an engine writes payload and tag of each
/// descriptor and not an octet beside them, and keeps no reference to either.
public interface CipherEngine {
  /// A short name for logs and configuration, such as `jce`.
  String name();

  /// Prepares a session key. The arrays stay the caller's, who zeroes them after the call.
  ///
  /// @param encryptionKey of the profile's master key length
  /// @param authenticationKey 20 octets for HMAC-SHA1; empty for AEAD
  EngineKey key(SrtpProfile profile, byte[] encryptionKey, byte[] authenticationKey);

  /// Prepares a key for AES-CM alone, without authentication, as header extensions have it (RFC
  /// 6904). [#seal] and [#open] of its descriptors do the same: they xor the key stream over the
  /// payload and set [CipherBatch#OK]; the header is not looked at, and there is no tag.
  ///
  /// @param key 16, 24 or 32 octets; stays the caller's, who zeroes it after the call
  /// @throws UnsupportedOperationException where the engine has no such keys
  default EngineKey streamKey(byte[] key) {
    throw new UnsupportedOperationException(
        "cipher engine %s cannot encrypt header extensions".formatted(name()));
  }

  /// Whether this engine needs nothing of a key but [EngineKey#handle], which is in the descriptor:
  /// then no descriptor refers to its key. The keys are reachable for the time of the call anyhow.
  default boolean worksByHandle() {
    return false;
  }

  /// Encrypts each descriptor's payload from source to destination, writes its tag to the
  /// destination, and sets its result to [CipherBatch#OK]. The header stands in both already.
  void seal(CipherBatch descriptors);

  /// Verifies each descriptor's tag in the source; if good, decrypts its payload to the destination
  /// and sets [CipherBatch#OK]; else sets [CipherBatch#BAD_TAG] and leaves the destination as it
  /// was. Tags are compared in constant time.
  void open(CipherBatch descriptors);
}
