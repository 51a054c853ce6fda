package parley.gateway.record;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/// The pages of an Ogg file with one stream (RFC 3533, 6): whole packets, about a second a page.
///
/// Written here and not by a library because the granule position of every page, and which page is
/// the last, decide whether the timeline is right.
final class OggPages implements Closeable {
  private static final int HEADER_OCTETS = 27;
  private static final int SEGMENT_OCTETS = 255;
  private static final int MOST_SEGMENTS = 255;
  private static final long PAGE_SAMPLES = 48_000;
  private static final int FIRST = 2;
  private static final int LAST = 4;
  private static final int[] CRC_TABLE = crcTable();

  private final OutputFile out;
  private final int serial;
  private final ByteBuffer body = ByteBuffer.allocate(MOST_SEGMENTS * SEGMENT_OCTETS);
  private final ByteBuffer segments = ByteBuffer.allocate(MOST_SEGMENTS);
  private int pageNumber;
  private long pageStart;
  private long granule;

  OggPages(OutputFile out, int serial) {
    this.out = out;
    this.serial = serial;
  }

  /// Writes a header packet on a page of its own.
  void header(byte[] packet) throws IOException {
    put(packet);
    flush(pageNumber == 0 ? FIRST : 0);
  }

  /// Adds a packet; `granuleAfter` counts the samples up to its end.
  void packet(byte[] packet, long granuleAfter) throws IOException {
    boolean isFull = segments.remaining() <= packet.length / SEGMENT_OCTETS;
    if (isFull || granuleAfter - pageStart > PAGE_SAMPLES) {
      flush(0);
    }
    put(packet);
    granule = granuleAfter;
  }

  /// Writes the last page, with the mark that says so.
  Path finish() throws IOException {
    flush(LAST);
    return out.finish();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private void put(byte[] packet) {
    for (int left = packet.length; left >= SEGMENT_OCTETS; left -= SEGMENT_OCTETS) {
      segments.put((byte) SEGMENT_OCTETS);
    }
    segments.put((byte) (packet.length % SEGMENT_OCTETS));
    body.put(packet);
  }

  private void flush(int flags) throws IOException {
    if (segments.position() == 0) {
      return;
    }
    int octets = HEADER_OCTETS + segments.position() + body.position();
    ByteBuffer page = ByteBuffer.allocate(octets).order(ByteOrder.LITTLE_ENDIAN);
    page.putInt(0x5367674F).put((byte) 0).put((byte) flags).putLong(granule);
    page.putInt(serial).putInt(pageNumber++).putInt(0).put((byte) segments.position());
    page.put(segments.flip()).put(body.flip());
    page.putInt(22, crc(page.array()));
    out.write(page.array());
    segments.clear();
    body.clear();
    pageStart = granule;
  }

  /// Polynomial 0x04c11db7, most significant bit first, start 0 (RFC 3533, 6).
  private static int crc(byte[] page) {
    int crc = 0;
    for (byte octet : page) {
      crc = crc << 8 ^ CRC_TABLE[(crc >>> 24 ^ octet) & 0xFF];
    }
    return crc;
  }

  private static int[] crcTable() {
    var table = new int[256];
    for (int i = 0; i < table.length; i++) {
      int crc = i << 24;
      for (int bit = 0; bit < 8; bit++) {
        crc = crc << 1 ^ (crc < 0 ? 0x04C11DB7 : 0);
      }
      table[i] = crc;
    }
    return table;
  }
}
