package parley.gateway.ue;

import parley.mikey.identity.Identity;

/// A burst cannot begin or go on for want of keys; the message is one sentence that says whose, and
/// where to get them.
public final class CannotSpeak extends Exception {
  CannotSpeak(String sentence) {
    super(sentence);
  }

  static CannotSpeak withoutGmk(Identity group) {
    return new CannotSpeak(
        "no group master key of %s is open now; ask its group manager to send one"
            .formatted(group));
  }

  CannotSpeak(Throwable cause) {
    super(cause.getMessage(), cause);
  }
}
