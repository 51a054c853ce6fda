package parley.bench.relay;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.srtp.CipherEngine;
import parley.srtp.SrtpSession;

/// Computes itself what a relay that re-keys must send: the same packet under the other key.
final class ResealCheck implements OctetCheck {
  private static final int TIMESTAMP = 4;

  private final int ssrc;
  private final long firstIndex;
  private final SrtpSession out;
  private final CipherEngine engine;

  /// `out` stays the caller's.
  ResealCheck(int ssrc, long firstIndex, SrtpSession out, CipherEngine engine) {
    this.ssrc = ssrc;
    this.firstIndex = firstIndex;
    this.out = out;
    this.engine = engine;
  }

  @Override
  public @Nullable String fault(byte[] sent, byte[] received, List<byte[]> sample) {
    int timestamp = ByteBuffer.wrap(received).getInt(TIMESTAMP);
    long k = Integer.toUnsignedLong(timestamp) / PacketSource.TICKS;
    byte[] wanted = PacketSource.srtp(ssrc, firstIndex, k, out, engine).packet();
    return OctetCheck.difference(wanted, received);
  }
}
