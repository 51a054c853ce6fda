package parley.srtp;

/// A session key as its engine wants it, expanded and ready; made by [CipherEngine#key].
///
/// Used by one thread at a time: the loop that owns the session.
public interface EngineKey extends AutoCloseable {
  /// What goes into a descriptor for a native engine: the address of the expanded key; 0 where
  /// there is none.
  long handle();

  /// Forgets the key, as far as the engine can; it must not be used afterwards.
  @Override
  void close();
}
