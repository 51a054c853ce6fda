package parley.gateway.ue;

/// A burst cannot begin or go on for want of keys; the message is one sentence that says whose, and
/// where to get them.
public final class CannotSpeak extends Exception {
  CannotSpeak(String sentence) {
    super(sentence);
  }

  CannotSpeak(Throwable cause) {
    super(cause.getMessage(), cause);
  }
}
