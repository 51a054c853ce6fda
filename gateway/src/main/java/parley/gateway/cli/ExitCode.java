package parley.gateway.cli;

/// How every subcommand ends: the codes that scripts and service managers may rely on.
public enum ExitCode {
  OK(0),
  /// the job itself failed: a check of the demo, an incomplete export, no receipt from a UE
  FAILED(1),
  USAGE(2),
  /// a file, a tool or a directory that must be there is not
  MISSING_PREREQUISITE(3),
  CONFIGURATION_REFUSED(4),
  /// the vault cannot be opened: wrong passphrase, damaged file, held by another process
  VAULT(5),
  PORT_UNAVAILABLE(6),
  /// keys or a GMK that the job needs are missing, expired or not valid
  KEYS(7),
  CLOCK(8);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
