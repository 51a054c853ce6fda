package parley.mikey.message;

/// Octets that are not a message of the grammar: which clause, at which offset, what is wrong.
///
/// Carries no stack trace, because whoever can send a datagram can cause one of these.
public final class MalformedMessage extends Exception {
  private static final long serialVersionUID = 1L;

  private final String clause;
  private final int offset;
  private final String text;

  /// `offset` counts octets from the start of what was read.
  public MalformedMessage(String clause, int offset, String text) {
    this(clause, "octet", offset, text);
  }

  /// Of text that people read: `line` counts from 1, and is the offset.
  public static MalformedMessage atLine(String clause, int line, String text) {
    return new MalformedMessage(clause, "line", line, text);
  }

  private MalformedMessage(String clause, String unit, int offset, String text) {
    super(clause + ", " + unit + " " + offset + ": " + text, null, false, false);
    this.clause = clause;
    this.offset = offset;
    this.text = text;
  }

  /// The clause that was broken, such as `RFC 3830, 6.6`.
  public String clause() {
    return clause;
  }

  /// Where reading stopped: an octet, or a line of text.
  public int offset() {
    return offset;
  }

  /// One short phrase; quotes numbers of the message at most, never its octets.
  public String text() {
    return text;
  }
}
