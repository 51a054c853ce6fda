package parley.gateway.media;

import parley.srtp.SrtcpContext;
import parley.srtp.SrtpContext;

/// One inbound stream on its way into another group, under a key of this gateway.
///
/// Confined to the loop of both groups.
final class OutboundStream {
  private final Rekeying rekeying;
  private final int inboundSsrc;
  private final Stream stream;
  private final SrtpContext rtp;
  private final SrtcpContext rtcp;
  private final OutboundIndex index;

  /// @param stream as the destination's taps know it
  OutboundStream(Rekeying rekeying, RekeyedStream settings, Stream stream) {
    this.rekeying = rekeying;
    this.inboundSsrc = settings.inboundSsrc();
    this.stream = stream;
    this.rtp = SrtpContext.rekeyingSender(settings.session(), settings.outboundSsrc());
    this.rtcp = SrtcpContext.sender(settings.session(), settings.outboundSsrc());
    this.index = new OutboundIndex(settings.firstSeq());
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

  OutboundIndex index() {
    return index;
  }
}
