package parley.gateway.media;

import org.jspecify.annotations.Nullable;
import parley.srtp.PacketBatch;
import parley.srtp.RtpPacket;
import parley.srtp.SrtcpContext;
import parley.srtp.SrtpContext;
import parley.srtp.SrtpSession;

/// One SSRC of a burst: its keys, its place in the index space, and where else it goes.
///
/// Confined to the group's loop.
public final class Stream {
  private static final OutboundStream[] NOWHERE = {};

  private final Burst burst;
  private final int csId;
  private final SrtpSession session;
  private final long nextIndex;
  private final SrtpContext rtp;
  private final SrtcpContext rtcp;
  private long rtpFloor = -1;
  private long rtcpFloor = -1;
  private OutboundStream[] outbound = NOWHERE;
  private final RecentPackets recent = new RecentPackets();
  private long packets;

  Stream(Burst burst, StreamKeys keys) {
    this.burst = burst;
    this.csId = keys.csId();
    this.session = keys.session();
    this.nextIndex = keys.nextIndex();
    this.rtp =
        keys.nextIndex() < 0
            ? SrtpContext.receiver(session, keys.ssrc())
            : SrtpContext.receiver(session, keys.ssrc(), keys.nextIndex());
    this.rtcp = SrtcpContext.receiver(session, keys.ssrc());
  }

  public int ssrc() {
    return rtp.ssrc();
  }

  public int csId() {
    return csId;
  }

  public Burst burst() {
    return burst;
  }

  public SrtpContext rtp() {
    return rtp;
  }

  public SrtcpContext rtcp() {
    return rtcp;
  }

  /// RTP and RTCP packets accepted.
  public long packets() {
    return packets;
  }

  SrtpSession session() {
    return session;
  }

  boolean hasMki() {
    return session.policy().mkiOctets() > 0;
  }

  boolean matchesMki(PacketBatch batch, int slot, boolean isRtcp) {
    return isRtcp ? session.matchesSrtcpMki(batch, slot) : session.matchesMki(batch, slot);
  }

  /// Refuses what an earlier life of this stream may have accepted already.
  void raiseFloor(@Nullable Tombstone tombstone) {
    if (tombstone != null) {
      rtpFloor = tombstone.rtpIndex();
      rtcpFloor = tombstone.rtcpIndex();
    }
  }

  /// Whether the packet, by the best estimate of its index before it is authenticated, belongs to
  /// this stream's earlier life. Once a packet of this life has authenticated the floor is enough;
  /// before that an old packet would mislead the estimate for all that follow.
  boolean isOfEarlierLife(PacketBatch batch, int slot, boolean isRtcp) {
    if (isRtcp || rtpFloor < 0 || rtp.hasAuthenticated() || session.policy().rccm3()) {
      return false;
    }
    int seq = RtpPacket.seq(batch.memory(), batch.offset(slot));
    long estimate = nextIndex < 0 ? seq : nextIndex + (short) (seq - (int) nextIndex);
    return estimate <= rtpFloor;
  }

  boolean isBelowFloor(boolean isRtcp, long index) {
    return index <= (isRtcp ? rtcpFloor : rtpFloor);
  }

  /// What must not be accepted again once this stream has ended.
  Tombstone tombstone(long expiresMillis) {
    return new Tombstone(
        Math.max(rtpFloor, rtp.highestIndex()),
        Math.max(rtcpFloor, rtcp.highestIndex()),
        expiresMillis);
  }

  /// What was accepted lately, to tell a replay from a second use of an index.
  RecentPackets recent() {
    return recent;
  }

  void accepted(int octets, long receivedUnixNanos) {
    packets++;
    burst.accepted(octets, receivedUnixNanos);
  }

  /// Where this stream is re-keyed to; do not modify.
  OutboundStream[] outbound() {
    return outbound;
  }

  void outbound(OutboundStream[] streams) {
    outbound = streams;
  }

  @Override
  public String toString() {
    return "Stream[SSRC %08x, CS %d]".formatted(ssrc(), csId);
  }
}
