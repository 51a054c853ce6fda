package parley.gateway.record;

import org.jspecify.annotations.Nullable;

/// What a record of a recording holds; the number stands in the file and is never given to another
/// meaning.
enum RecordType {
  /// [Fields] of the [RecordingHeader]: the first record of the first block.
  HEADER(1),
  /// Receive time 8, MIKEY octets.
  ANNOUNCEMENT(2),
  /// Receive time 8, packet index 8, SRTP octets as received.
  SRTP(3),
  /// Receive time 8, SRTCP octets as received.
  SRTCP(4),
  /// First time 8, last time 8, packets 8, octets 8, cause 1.
  GAP(5),
  /// [Fields] of [Entry.End]: the last record of a closed recording.
  END(6);

  private static final RecordType[] BY_NUMBER = values();

  private final int number;

  RecordType(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  /// Null for a number of some later format, whose records a reader passes over.
  static @Nullable RecordType of(int number) {
    return number > 0 && number <= BY_NUMBER.length ? BY_NUMBER[number - 1] : null;
  }
}
