package parley.bench.relay;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether what came back is what should have, octet by octet: the first 64 packets at the first of
/// the receivers. Of the other receivers it is only known that every packet came.
interface OctetCheck {
  /// Tells what is wrong with `received`, which answers `sent`, or null.
  @Nullable String fault(byte[] sent, byte[] received, List<byte[]> sample);

  /// The packet passes unchanged.
  OctetCheck UNCHANGED = (sent, received, _) -> difference(sent, received);

  /// Checks every packet of `sample`, the receiver's, against the window that it came from, whose
  /// first packet has the timestamp `first`.
  ///
  /// @return the first fault, or null
  default @Nullable String of(List<byte[]> sample, WindowFile window, int first) {
    int checked = 0;
    for (byte[] received : sample) {
      if (received.length > PacketSource.HEADER_OCTETS && (received[0] & 0xc0) == 0x80) {
        int slot = (ByteBuffer.wrap(received).getInt(4) - first) / PacketSource.TICKS;
        String fault = fault(window.packet(slot), received, sample);
        if (fault != null) {
          return "packet %d: %s".formatted(slot, fault);
        }
        checked++;
      }
    }
    return checked == 0 ? "nothing came back" : null;
  }

  static @Nullable String difference(byte[] wanted, byte[] received) {
    int at = Arrays.mismatch(wanted, received);
    if (at < 0) {
      return null;
    }
    return "%d octets instead of %d, different from octet %d on: %s instead of %s"
        .formatted(received.length, wanted.length, at, hex(received, at), hex(wanted, at));
  }

  private static String hex(byte[] octets, int from) {
    int start = Math.min(from, octets.length);
    return HexFormat.of().formatHex(octets, start, Math.min(octets.length, start + 8));
  }
}
