package parley.mikey.transport;

import java.util.ArrayList;
import java.util.List;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.Octets;

/// A MIKEY message as short messages: user data of 140 octets with a header that says which part of
/// which message it is (3GPP TS 23.040, 9.2.3.24.1).
///
///     05 00 03 reference total number | at most 134 octets of the message
///
/// The reference is one octet; numbers count from 1. At most eight segments, 1072 octets.
public final class SmsSegments {
  public static final int MAX_SEGMENTS = 8;
  public static final int MAX_USER_DATA_OCTETS = 140;
  public static final int PART_OCTETS = 134;

  static final String CLAUSE = "3GPP TS 23.040, 9.2.3.24.1";

  private static final int HEADER_OCTETS = MAX_USER_DATA_OCTETS - PART_OCTETS;
  private static final byte[] CONCATENATED = {5, 0, 3};

  private SmsSegments() {}

  /// One segment that arrived.
  record Segment(int reference, int total, int number, Octets part) {}

  /// The user data of each segment, in order; the caller owns them.
  ///
  /// @param reference 0 to 255, another one for each message of a sender
  public static List<byte[]> split(byte[] message, int reference) {
    int total = (message.length + PART_OCTETS - 1) / PART_OCTETS;
    if (total < 1 || total > MAX_SEGMENTS) {
      throw new IllegalArgumentException(
          "%d octets do not fit 1 to %d short messages of %d octets"
              .formatted(message.length, MAX_SEGMENTS, PART_OCTETS));
    }
    if (reference < 0 || reference > 0xff) {
      throw new IllegalArgumentException("a reference is 0 to 255, not " + reference);
    }
    List<byte[]> segments = new ArrayList<>();
    for (int number = 1; number <= total; number++) {
      int start = (number - 1) * PART_OCTETS;
      int length = Math.min(PART_OCTETS, message.length - start);
      byte[] userData = new byte[HEADER_OCTETS + length];
      System.arraycopy(CONCATENATED, 0, userData, 0, CONCATENATED.length);
      userData[3] = (byte) reference;
      userData[4] = (byte) total;
      userData[5] = (byte) number;
      System.arraycopy(message, start, userData, HEADER_OCTETS, length);
      segments.add(userData);
    }
    return segments;
  }

  /// One header and no other, and something behind it. Segments before the last need not be full:
  /// networks cut as they like.
  static Segment read(byte[] userData) throws MalformedMessage {
    require(userData.length > HEADER_OCTETS, userData.length, "no octet of a message");
    require(
        userData.length <= MAX_USER_DATA_OCTETS,
        MAX_USER_DATA_OCTETS,
        userData.length + " octets of user data, at most " + MAX_USER_DATA_OCTETS);
    for (int at = 0; at < CONCATENATED.length; at++) {
      require(userData[at] == CONCATENATED[at], at, "not the header 05 00 03 of a segment");
    }
    int total = userData[4] & 0xff;
    int number = userData[5] & 0xff;
    require(total >= 1 && total <= MAX_SEGMENTS, 4, total + " segments, at most " + MAX_SEGMENTS);
    require(number >= 1 && number <= total, 5, "segment " + number + " of " + total);
    Octets part = Octets.of(userData, HEADER_OCTETS, userData.length - HEADER_OCTETS);
    return new Segment(userData[3] & 0xff, total, number, part);
  }

  private static void require(boolean holds, int offset, String text) throws MalformedMessage {
    if (!holds) {
      throw new MalformedMessage(CLAUSE, offset, text);
    }
  }
}
