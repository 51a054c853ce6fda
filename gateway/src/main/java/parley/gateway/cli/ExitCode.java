package parley.gateway.cli;

/// How every subcommand ends: the codes that scripts and service managers may rely on.
public enum ExitCode {
  OK(0, "done"),
  FAILED(1, "the job itself failed: a check of the demo, an incomplete export, no receipt"),
  USAGE(2, "the command line is wrong; --help shows what is right"),
  MISSING_PREREQUISITE(3, "a file, a tool or a directory that must be there is not"),
  CONFIGURATION_REFUSED(4, "the configuration or a members file is wrong; the message says where"),
  VAULT(5, "the vault cannot be opened: wrong passphrase, damaged, or held by another process"),
  PORT_UNAVAILABLE(6, "a port or an interface cannot be had"),
  KEYS(7, "keys or a GMK that the job needs are missing, expired or not valid"),
  CLOCK(8, "the clock is too far from the others' to go on");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  public int code() {
    return code;
  }

  /// For the user, as `parley help exit-codes` prints it.
  String meaning() {
    return meaning;
  }
}
