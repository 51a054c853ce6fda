package parley.gateway.campaign;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// One burst as it was sent, and what of it the gateway relayed. Written by talker and listener,
/// read by anyone.
final class Spoken {
  private static final int PAYLOAD_OCTETS = 160;

  private final int csbId;
  private final List<ByteBuffer> packets = new ArrayList<>();
  private final BitSet heard = new BitSet();

  Spoken(int csbId) {
    this.csbId = csbId;
  }

  int csbId() {
    return csbId;
  }

  /// What packet `n` of a burst carries.
  byte[] payload(int n) {
    byte[] payload = new byte[PAYLOAD_OCTETS];
    ByteBuffer.wrap(payload).putInt(csbId).putInt(n);
    return payload;
  }

  /// The number in a payload of this burst.
  ///
  /// @throws AssertionError when it is none
  int number(byte[] payload) {
    int n = payload.length == PAYLOAD_OCTETS ? ByteBuffer.wrap(payload).getInt(4) : -1;
    if (n < 0 || n >= sent() || ByteBuffer.wrap(payload).getInt(0) != csbId) {
      throw new AssertionError("%08x holds a packet that nobody sent".formatted(csbId));
    }
    return n;
  }

  synchronized void say(byte[] packet) {
    packets.add(ByteBuffer.wrap(packet));
  }

  synchronized int sent() {
    return packets.size();
  }

  synchronized int heard() {
    return heard.cardinality();
  }

  /// Whether this packet is one of the burst; it is then noted as heard.
  synchronized boolean hear(byte[] packet) {
    int n = packets.indexOf(ByteBuffer.wrap(packet));
    if (n >= 0) {
      heard.set(n);
    }
    return n >= 0;
  }

  /// Packets up to `last` that were relayed and are not in `recorded`.
  synchronized BitSet missing(BitSet recorded, int last) {
    BitSet missing = heard.get(0, last + 1);
    missing.andNot(recorded);
    return missing;
  }
}
