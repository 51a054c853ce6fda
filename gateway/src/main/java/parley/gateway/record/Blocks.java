package parley.gateway.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32C;

/// The layout of a recording file, format 1. Big endian throughout.
///
/// ```
/// file   = "PARLEYR" 01, block, block ...
/// block  = "PBLK" 4 | body octets 4 | number 4 | chain head 32 | CRC32C of these 44 octets 4
///          | body | CRC32C of the body 4
/// body   = record, record ...           record = type 1 | value octets 3 | value
/// ```
///
/// The **chain head** in a block is the SHA-256 of the whole block before it; in the first block,
/// of the file's first 8 octets. A closed file ends with a block without a body: its head stands
/// for everything before it. Whoever notes that head elsewhere can show that nothing was altered
/// since.
///
/// The header has a checksum of its own, so a damaged body costs one block and not the rest of the
/// file, and a cut is told from a changed length.
final class Blocks {
  static final int MAGIC_OCTETS = 8;
  static final int FORMAT = 1;
  static final int MARK = 0x50424C4B;
  static final int HEADER_OCTETS = 48;
  static final int TRAILER_OCTETS = 4;
  static final int HEAD_OCTETS = 32;
  static final int RECORD_HEADER_OCTETS = 4;

  /// Far above any UDP datagram; a length beyond it is damage, whatever its checksum says.
  static final int MOST_BODY_OCTETS = 1 << 24;

  private static final int HEAD_AT = 12;
  private static final int CHECKED_OCTETS = 44;

  private Blocks() {}

  static byte[] magic() {
    byte[] magic = "PARLEYR ".getBytes(StandardCharsets.US_ASCII);
    magic[MAGIC_OCTETS - 1] = FORMAT;
    return magic;
  }

  /// Fills in header and trailer around a body of `bodyOctets` octets at [#HEADER_OCTETS].
  static void seal(ByteBuffer block, int bodyOctets, int number, byte[] head) {
    block.putInt(0, MARK).putInt(4, bodyOctets).putInt(8, number).put(HEAD_AT, head);
    block.putInt(CHECKED_OCTETS, crc(block, 0, CHECKED_OCTETS));
    block.putInt(HEADER_OCTETS + bodyOctets, crc(block, HEADER_OCTETS, bodyOctets));
  }

  /// Whether a whole block header stands at `at`, by mark, checksum and length.
  static boolean isHeader(ByteBuffer octets, int at) {
    return octets.getInt(at) == MARK
        && octets.getInt(at + CHECKED_OCTETS) == crc(octets, at, CHECKED_OCTETS)
        && bodyOctets(octets, at) >= 0
        && bodyOctets(octets, at) <= MOST_BODY_OCTETS;
  }

  static int bodyOctets(ByteBuffer octets, int at) {
    return octets.getInt(at + 4);
  }

  static int number(ByteBuffer octets, int at) {
    return octets.getInt(at + 8);
  }

  static byte[] head(ByteBuffer octets, int at) {
    var head = new byte[HEAD_OCTETS];
    octets.get(at + HEAD_AT, head);
    return head;
  }

  /// The head that the block after this one carries.
  static byte[] headAfter(ByteBuffer octets, int at, int length) {
    MessageDigest sha = sha256();
    sha.update(octets.slice(at, length));
    return sha.digest();
  }

  static byte[] firstHead() {
    return sha256().digest(magic());
  }

  static int crc(ByteBuffer octets, int at, int length) {
    var crc = new CRC32C();
    crc.update(octets.slice(at, length));
    return (int) crc.getValue();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}
