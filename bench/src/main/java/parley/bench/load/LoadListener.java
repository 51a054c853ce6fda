package parley.bench.load;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import parley.gateway.media.BatchReader;
import parley.gateway.media.MediaPort;
import parley.gateway.media.ReceivedBatch;
import parley.srtp.PacketBatch;
import parley.srtp.RtcpPacket;
import parley.srtp.RtpPacket;
import parley.srtp.SrtpContext;
import parley.srtp.SrtpSession;
import parley.srtp.Verdict;

/// One listener: a socket, the replay list of its talker's stream, and counters.
///
/// Confined to the listeners' loop; counters are read by any thread. Allocates nothing for a packet
/// of media.
final class LoadListener implements BatchReader {
  private static final int RTP_VERSION = 2;

  private final InetSocketAddress address;
  private final AnnouncementJudge judge;
  private final LoadTalker talker;
  private final Ears ears;
  private final Tally tally = new Tally();
  private @Nullable SrtpContext context;
  private long highest = -1;

  LoadListener(InetSocketAddress address, AnnouncementJudge judge, Ears ears) {
    this.address = address;
    this.judge = judge;
    this.talker = judge.talker();
    this.ears = ears;
  }

  InetSocketAddress address() {
    return address;
  }

  LoadTalker talker() {
    return talker;
  }

  Tally tally() {
    return tally;
  }

  /// As packets come: a wait for more would be taken for the gateway's latency.
  @Override
  public boolean isLowLatency() {
    return true;
  }

  @Override
  public void read(MediaPort port, ReceivedBatch received) {
    long now = System.nanoTime();
    PacketBatch batch = received.packets();
    for (int slot = 0; slot < batch.size(); slot++) {
      batch.context(slot, contextOf(batch, slot));
    }
    ears.unprotect(batch);
    for (int slot = 0; slot < batch.size(); slot++) {
      if (batch.context(slot) != null) {
        take(batch.verdict(slot), batch.packetIndex(slot), now);
      }
    }
  }

  /// Of a packet of our talker; all others are settled here.
  private @Nullable SrtpContext contextOf(PacketBatch batch, int slot) {
    int at = batch.offset(slot);
    int length = batch.length(slot);
    if (length == 0 || RtpPacket.version(batch.memory(), at) != RTP_VERSION) {
      judge.received(batch.octets(slot), this);
      return null;
    }
    if (RtcpPacket.isRtcp(batch.memory(), at, length)) {
      tally.count(Heard.RTCP);
      return null;
    }
    boolean isOurs =
        length >= RtpPacket.FIXED_HEADER_OCTETS
            && RtpPacket.ssrc(batch.memory(), at) == talker.ssrc();
    if (!isOurs || context == null) {
      tally.count(Heard.UNKNOWN);
      return null;
    }
    return context;
  }

  private void take(Verdict verdict, long index, long now) {
    switch (verdict) {
      case ACCEPTED -> delivered(index, now);
      case REPLAYED -> tally.count(Heard.DUPLICATE);
      case STALE -> tally.count(Heard.STALE);
      default -> tally.count(Heard.BAD);
    }
  }

  private void delivered(long index, long now) {
    tally.count(Heard.DELIVERED);
    if (index < highest) {
      tally.count(Heard.LATE);
    }
    highest = Math.max(highest, index);
    long number = index - talker.firstIndex();
    SendTimes times = talker.times();
    if (times.knows(number)) {
      ears.latencies().record(times.intendedNanos(number), times.sentNanos(number), now);
    }
  }

  /// An announcement of our talker was verified.
  void announced(SrtpSession session) {
    if (context == null) {
      context = SrtpContext.receiver(session, talker.ssrc(), talker.firstIndex());
    }
    tally.count(Heard.ANNOUNCEMENT);
  }

  /// An announcement of our talker was not believed.
  void refused() {
    tally.count(Heard.REFUSED);
  }
}
