package parley.keys.kms;

/// The issuer's process does not answer. One sentence for the operator: where it should be, what to
/// do.
public final class IssuerUnreachable extends Exception {
  public IssuerUnreachable(String message) {
    super(message);
  }
}
