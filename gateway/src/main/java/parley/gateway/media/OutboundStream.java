package parley.gateway.media;

import parley.srtp.SrtcpContext;
import parley.srtp.SrtpContext;

/// One inbound stream on its way into another group, under a key of this gateway.
///
/// The outbound index is the inbound one moved by a constant, so that loss and order survive and
/// each inbound index is used once. A jump too wide for receivers who estimate the rollover counter
/// is cut short, and what is older than that jump has no outbound index any more. Confined to the
/// loop of both groups.
final class OutboundStream {
  /// No outbound index for this packet.
  static final long NONE = -1;

  /// The widest jump passed on: half of what an estimate bears (RFC 3711, 3.3.1).
  static final int MAX_JUMP = 0x4000;

  private final Rekeying rekeying;
  private final int inboundSsrc;
  private final Stream stream;
  private final SrtpContext rtp;
  private final SrtcpContext rtcp;
  private final int firstIndex;
  private long shift;
  private long lowestInbound;
  private long highestInbound = NONE;

  /// @param stream as the destination's taps know it
  OutboundStream(Rekeying rekeying, RekeyedStream settings, Stream stream) {
    this.rekeying = rekeying;
    this.inboundSsrc = settings.inboundSsrc();
    this.stream = stream;
    this.rtp = SrtpContext.rekeyingSender(settings.session(), settings.outboundSsrc());
    this.rtcp = SrtcpContext.sender(settings.session(), settings.outboundSsrc());
    this.firstIndex = settings.firstSeq() & 0xffff;
  }

  Rekeying rekeying() {
    return rekeying;
  }

  int inboundSsrc() {
    return inboundSsrc;
  }

  int ssrc() {
    return rtp.ssrc();
  }

  Stream stream() {
    return stream;
  }

  SrtpContext rtp() {
    return rtp;
  }

  SrtcpContext rtcp() {
    return rtcp;
  }

  /// The index under which the packet of this inbound index leaves, or [#NONE].
  long index(long inbound) {
    if (highestInbound == NONE) {
      begin(inbound, firstIndex);
    } else if (inbound - highestInbound > MAX_JUMP) {
      begin(inbound, highestInbound + shift + MAX_JUMP);
    }
    if (inbound < lowestInbound) {
      return NONE;
    }
    highestInbound = Math.max(highestInbound, inbound);
    return Math.max(NONE, inbound + shift);
  }

  /// From this packet on the indices are moved so that it leaves under `outbound`. Only the first
  /// one may be overtaken by older packets.
  private void begin(long inbound, long outbound) {
    shift = outbound - inbound;
    lowestInbound = highestInbound == NONE ? 0 : inbound;
    highestInbound = inbound;
  }

  /// The index of the next packet, as far as can be known: what a repeated announcement says.
  long nextIndex() {
    return highestInbound == NONE ? firstIndex : highestInbound + shift + 1;
  }
}
