package parley.keys.kms.front;

/// A step of a known client's request that ends it: the reason for the audit log, the sentence for
/// the client.
final class Refused extends Exception {
  private static final long serialVersionUID = 1;

  private final Denial reason;
  private final String sentence;

  Refused(Denial reason, String sentence) {
    super(sentence, null, false, false);
    this.reason = reason;
    this.sentence = sentence;
  }

  Denial reason() {
    return reason;
  }

  String sentence() {
    return sentence;
  }
}
