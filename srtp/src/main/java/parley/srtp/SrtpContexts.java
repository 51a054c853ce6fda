package parley.srtp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// For users of the library without a stream table of their own: finds or makes the receiving
/// context of each packet by master key identifier and SSRC.
///
/// A context is kept only after a packet of it has authenticated, and never more than `maxContexts`
/// of them: packets with invented SSRCs leave nothing behind. Confined to one thread.
public final class SrtpContexts {
  private record Stream(SrtpSession session, int ssrc, boolean isRtcp) {}

  private final SrtpTransform transform;
  private final int maxContexts;
  private final List<SrtpSession> sessions = new ArrayList<>();
  private final Map<Stream, CryptoContext> authenticated = new HashMap<>();
  private final Map<Stream, CryptoContext> tentative = new HashMap<>();

  public SrtpContexts(CipherEngine engine, int batchCapacity, int maxContexts) {
    this.transform = new SrtpTransform(engine, batchCapacity);
    this.maxContexts = maxContexts;
  }

  /// Accepts packets of this session from now on. Where several sessions match a packet the first
  /// added wins, so give them different MKIs of one length.
  public void add(SrtpSession session) {
    sessions.add(session);
  }

  /// Forgets a session and its contexts; closing it stays the caller's.
  public void remove(SrtpSession session) {
    sessions.remove(session);
    authenticated.keySet().removeIf(stream -> stream.session().equals(session));
  }

  /// How many streams have authenticated.
  public int size() {
    return authenticated.size();
  }

  /// Unprotects RTP and RTCP, told apart by RFC 5761, as [SrtpTransform#unprotect] does, and sets
  /// the slots' contexts. [Verdict#NO_CONTEXT] where no session matches or all contexts are taken.
  public void unprotect(PacketBatch from, PacketBatch to) {
    for (int slot = 0; slot < from.size(); slot++) {
      from.context(slot, find(from, slot));
    }
    transform.unprotect(from, to);
    tentative.forEach(this::keepIfAuthenticated);
    tentative.clear();
  }

  private void keepIfAuthenticated(Stream stream, CryptoContext context) {
    if (context.hasAuthenticated()) {
      authenticated.put(stream, context);
    }
  }

  private @Nullable CryptoContext find(PacketBatch from, int slot) {
    int offset = from.offset(slot);
    int length = from.length(slot);
    boolean isRtcp = RtcpPacket.isRtcp(from.memory(), offset, length);
    if (!isRtcp && length < RtpPacket.FIXED_HEADER_OCTETS) {
      return null;
    }
    for (SrtpSession session : sessions) {
      if (isRtcp ? session.matchesSrtcpMki(from, slot) : session.matchesMki(from, slot)) {
        int ssrc =
            isRtcp ? RtcpPacket.ssrc(from.memory(), offset) : RtpPacket.ssrc(from.memory(), offset);
        return find(new Stream(session, ssrc, isRtcp));
      }
    }
    return null;
  }

  private @Nullable CryptoContext find(Stream stream) {
    CryptoContext known = authenticated.get(stream);
    if (known != null) {
      return known;
    }
    CryptoContext met = tentative.get(stream);
    if (met != null || authenticated.size() + tentative.size() >= maxContexts) {
      return met;
    }
    CryptoContext made =
        stream.isRtcp()
            ? SrtcpContext.receiver(stream.session(), stream.ssrc())
            : SrtpContext.receiver(stream.session(), stream.ssrc());
    tentative.put(stream, made);
    return made;
  }
}
