package parley.gateway.keying;

/// What goes back to whoever sent one message: one of the two is called once, on any thread.
/// Neither tells why a message was refused.
@FunctionalInterface
public interface MikeyAnswer {
  /// A GMK is here, for the first time or again.
  void receipt(byte[] octets);

  /// There is nothing to say: another kind of message, or one that was refused.
  default void none() {}
}
