package parley.keys.kms.message;

/// A message was wrapped or signed under another key than ours, or altered: which of the two cannot
/// be told. One sentence, without a key in it.
public final class WrongTransportKey extends Exception {
  WrongTransportKey(String message) {
    super(message);
  }
}
