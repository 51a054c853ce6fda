package parley.gateway.media;

import java.util.ArrayList;
import java.util.List;
import parley.srtp.SrtpSession;

/// One burst passed on into another group under keys of this gateway.
///
/// Made by [GroupMedia#rekey], ended by [GroupMedia#stop] or with its inbound burst. Confined to
/// the loop that owns both groups.
public final class Rekeying {
  private final GroupMedia source;
  private final Burst in;
  private final GroupMedia destination;
  private final Burst out;
  private final List<SrtpSession> sessions;
  private final List<OutboundStream> streams = new ArrayList<>();

  /// @throws IllegalArgumentException where a stream is not of its burst
  Rekeying(
      GroupMedia source,
      Burst in,
      GroupMedia destination,
      Burst out,
      List<RekeyedStream> settings) {
    this.source = source;
    this.in = in;
    this.destination = destination;
    this.out = out;
    this.sessions = settings.stream().map(RekeyedStream::session).distinct().toList();
    for (RekeyedStream setting : settings) {
      require(in, setting.inboundSsrc());
      streams.add(new OutboundStream(this, setting, require(out, setting.outboundSsrc())));
    }
  }

  private static Stream require(Burst burst, int ssrc) {
    Stream stream = burst.stream(ssrc);
    if (stream == null) {
      throw new IllegalArgumentException("%s has no SSRC %08x".formatted(burst, ssrc));
    }
    return stream;
  }

  GroupMedia source() {
    return source;
  }

  public Burst in() {
    return in;
  }

  public GroupMedia destination() {
    return destination;
  }

  public Burst out() {
    return out;
  }

  /// The index of the outbound stream's next packet, for the map of a repeated announcement.
  ///
  /// @throws IllegalArgumentException where no stream leaves under this SSRC
  public long nextIndex(int outboundSsrc) {
    for (OutboundStream stream : streams) {
      if (stream.ssrc() == outboundSsrc) {
        return stream.index().next();
      }
    }
    throw new IllegalArgumentException("%s has no SSRC %08x".formatted(out, outboundSsrc));
  }

  List<OutboundStream> streams() {
    return streams;
  }

  /// What an SSRC inside RTCP is called in the destination; itself where it is not re-keyed.
  int outboundSsrc(int ssrc) {
    for (int i = 0; i < streams.size(); i++) {
      if (streams.get(i).inboundSsrc() == ssrc) {
        return streams.get(i).ssrc();
      }
    }
    return ssrc;
  }

  /// Zeroes the outbound keys.
  void close() {
    sessions.forEach(SrtpSession::close);
    out.close();
  }

  @Override
  public String toString() {
    return "Rekeying[" + in + " into " + destination.group().uri() + "]";
  }
}
