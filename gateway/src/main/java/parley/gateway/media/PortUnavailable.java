package parley.gateway.media;

/// A socket could not be had. The message is one sentence for the operator: which address, why, and
/// what to do about it.
public final class PortUnavailable extends Exception {
  private static final long serialVersionUID = 1L;

  PortUnavailable(String sentence, Throwable cause) {
    super(sentence, cause);
  }

  public PortUnavailable(String sentence) {
    super(sentence);
  }
}
