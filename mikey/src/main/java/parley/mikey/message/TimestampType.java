package parley.mikey.message;

/// How a T payload counts (RFC 3830, 6.6; RFC 6043, 6.3).
public enum TimestampType implements Coded {
  NTP_UTC(0, 8),
  NTP(1, 8),
  COUNTER(2, 4),
  NTP_UTC_32(3, 4);

  private final int code;
  private final int octets;

  TimestampType(int code, int octets) {
    this.code = code;
    this.octets = octets;
  }

  @Override
  public int code() {
    return code;
  }

  /// How long the value is.
  public int octets() {
    return octets;
  }
}
