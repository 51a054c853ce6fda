package parley.keys.member;

/// A member holds no keys for the time in question; the message is one sentence that says whose,
/// for which period, and where to get them.
public final class KeysMissing extends Exception {
  KeysMissing(String message) {
    super(message);
  }
}
