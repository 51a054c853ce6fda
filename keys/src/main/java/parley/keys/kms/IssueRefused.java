package parley.keys.kms;

/// The KMS does not issue these keys; the message is one sentence that says why and what to ask
/// for.
public final class IssueRefused extends Exception {
  public IssueRefused(String message) {
    super(message);
  }
}
