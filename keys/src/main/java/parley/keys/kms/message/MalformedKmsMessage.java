package parley.keys.kms.message;

/// A message that is not what TS 33.180, Annex D allows, or not signed as it should be. The message
/// is one sentence; it shows nothing of what was read but the names of elements that we know.
public final class MalformedKmsMessage extends Exception {
  private final String clause;
  private final int line;
  private final int column;

  MalformedKmsMessage(String clause, int line, int column, String reason) {
    super("%s (%s; line %d, column %d)".formatted(reason, clause, line, column));
    this.clause = clause;
    this.line = line;
    this.column = column;
  }

  /// The clause that it breaks.
  public String clause() {
    return clause;
  }

  /// Where, from 1; 0 where it is the message as a whole.
  public int line() {
    return line;
  }

  public int column() {
    return column;
  }
}
