package parley.keys.kms.remote;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A length of 4 octets, big-endian, and that many octets; none is longer than 4096.
///
/// What is sent or received may be a key: its buffers are zeroed.
final class Frame {
  static final int MOST_OCTETS = 4096;

  private Frame() {}

  /// Sends `octets` and zeroes them.
  static void send(SocketChannel to, byte[] octets) throws IOException {
    byte[] framed = new byte[Integer.BYTES + octets.length];
    try {
      ByteBuffer out = ByteBuffer.wrap(framed).putInt(octets.length).put(octets).flip();
      while (out.hasRemaining()) {
        int _ = to.write(out);
      }
    } finally {
      Arrays.fill(framed, (byte) 0);
      Arrays.fill(octets, (byte) 0);
    }
  }

  /// The next frame, which the caller zeroes; null where the other end has closed between frames.
  static byte @Nullable [] receive(SocketChannel from) throws IOException {
    ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
    if (from.read(length) < 0) {
      return null;
    }
    fill(from, length);
    int octets = length.flip().getInt();
    if (octets < 1 || octets > MOST_OCTETS) {
      throw new IOException("a frame of " + octets + " octets");
    }
    ByteBuffer frame = ByteBuffer.allocate(octets);
    fill(from, frame);
    return frame.array();
  }

  private static void fill(SocketChannel from, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (from.read(buffer) < 0) {
        throw new EOFException("the other end closed within a frame");
      }
    }
  }
}
