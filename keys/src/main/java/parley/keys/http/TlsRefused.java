package parley.keys.http;

/// PEM files that make no TLS server or client: which setting, and one sentence.
public final class TlsRefused extends Exception {
  private static final long serialVersionUID = 1L;

  private final String setting;

  TlsRefused(String setting, String sentence, Throwable cause) {
    super(sentence, cause);
    this.setting = setting;
  }

  TlsRefused(String setting, String sentence) {
    super(sentence);
    this.setting = setting;
  }

  /// `certificate`, `key`, `client-ca` or `ca`; empty where it is all of them together.
  public String setting() {
    return setting;
  }

  /// What is wrong, where, and what to do.
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
