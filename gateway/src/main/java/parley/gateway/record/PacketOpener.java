package parley.gateway.record;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.srtp.CipherEngine;
import parley.srtp.CryptoContext;
import parley.srtp.PacketBatch;
import parley.srtp.RtcpPacket;
import parley.srtp.RtpPacket;
import parley.srtp.SrtcpContext;
import parley.srtp.SrtpContext;
import parley.srtp.SrtpSession;
import parley.srtp.SrtpTransform;
import parley.srtp.Verdict;

/// Authenticates and decrypts recorded packets, one after the other in the order they came.
///
/// The index that the gateway recorded beside each packet bridges gaps of any length: after a jump
/// a new context starts there. It is a hint only; a packet under a wrong index does not verify.
final class PacketOpener {
  private static final int MOST_OCTETS = 65_536;

  /// From there on an estimate from the last packet could be wrong (RFC 3711, 3.3.1 allows 2^15).
  private static final long JUMP = 1 << 14;

  private final RecordedKeys keys;
  private final SrtpTransform transform;
  private final PacketBatch sealed = PacketBatch.allocate(1, MOST_OCTETS);
  private final PacketBatch plain = PacketBatch.allocate(1, MOST_OCTETS);
  private final Map<Integer, SrtpContext> rtp = new HashMap<>();
  private final Map<Integer, SrtcpContext> rtcp = new HashMap<>();

  PacketOpener(RecordedKeys keys, CipherEngine engine) {
    this.keys = keys;
    this.transform = new SrtpTransform(engine, 1);
  }

  /// The plain packet is in [#opened] when the verdict is `ACCEPTED`.
  Verdict open(Entry.Srtp packet) {
    load(packet.octets());
    if (sealed.length(0) < RtpPacket.FIXED_HEADER_OCTETS) {
      return Verdict.TOO_SHORT;
    }
    int ssrc = RtpPacket.ssrc(sealed.memory(), sealed.offset(0));
    SrtpSession session = keys.session(ssrc);
    if (session == null) {
      return Verdict.NO_CONTEXT;
    }
    if (!session.matchesMki(sealed, 0)) {
      return Verdict.WRONG_MKI;
    }
    return unprotect(context(session, ssrc, packet.index()));
  }

  Verdict open(Entry.Srtcp packet) {
    load(packet.octets());
    if (sealed.length(0) < RtcpPacket.HEADER_OCTETS) {
      return Verdict.TOO_SHORT;
    }
    int ssrc = RtcpPacket.ssrc(sealed.memory(), sealed.offset(0));
    SrtpSession session = keys.session(ssrc);
    if (session == null) {
      return Verdict.NO_CONTEXT;
    }
    if (!session.matchesSrtcpMki(sealed, 0)) {
      return Verdict.WRONG_MKI;
    }
    return unprotect(rtcp.computeIfAbsent(ssrc, _ -> SrtcpContext.receiver(session, ssrc)));
  }

  /// A copy of the packet that was accepted last.
  byte[] opened() {
    return plain.octets(0);
  }

  private SrtpContext context(SrtpSession session, int ssrc, long index) {
    @Nullable SrtpContext known = rtp.get(ssrc);
    if (known == null || Math.abs(index - known.highestIndex()) > JUMP) {
      known = SrtpContext.receiver(session, ssrc, index);
      rtp.put(ssrc, known);
    }
    return known;
  }

  private void load(ByteBuffer octets) {
    sealed.clear();
    plain.clear();
    int slot = sealed.add(Math.min(octets.remaining(), MOST_OCTETS));
    sealed.buffer().put(sealed.offset(slot), octets, octets.position(), sealed.length(slot));
  }

  private Verdict unprotect(CryptoContext context) {
    sealed.context(0, context);
    transform.unprotect(sealed, plain);
    return plain.verdict(0);
  }
}
