package parley.bench.load;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import parley.gateway.media.BatchReader;
import parley.gateway.media.Leg;
import parley.gateway.media.MediaPort;
import parley.gateway.media.MediaTransport;
import parley.gateway.media.PortUnavailable;
import parley.gateway.media.ReceivedBatch;
import parley.mikey.group.JoinAnswer;
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

  private final Leg leg;
  private final MediaPort port;
  private final EventLoop loop;
  private final AnnouncementJudge judge;
  private final LoadTalker talker;
  private final Ears ears;
  private final Tally tally = new Tally();
  private @Nullable SrtpContext context;
  private @Nullable LoadStay stay;
  private long highest = -1;
  private volatile boolean isLeftOut;

  /// Binds the socket; nothing is read before [#start].
  LoadListener(
      Leg leg, AnnouncementJudge judge, Ears ears, MediaTransport transport, EventLoop loop)
      throws PortUnavailable {
    this.leg = leg;
    this.judge = judge;
    this.talker = judge.talker();
    this.ears = ears;
    this.loop = loop;
    this.port = transport.bind(leg, loop);
  }

  void start() {
    loop.execute(() -> port.start(this));
  }

  String name() {
    return leg.name();
  }

  /// From now on the gateway's answers are for `other`, and it is told of the first packet.
  void joinsBy(LoadStay other) {
    loop.execute(() -> stay = other);
  }

  /// Sends from this socket. Any thread.
  void say(byte[] octets, InetSocketAddress to) {
    loop.execute(() -> {
      port.send(ByteBuffer.wrap(octets), to);
      port.flush();
    });
  }

  /// Whatever comes from now on is nobody's.
  void leaveOut() {
    isLeftOut = true;
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
      message(batch.octets(slot));
      return null;
    }
    if (RtcpPacket.isRtcp(batch.memory(), at, length)) {
      tally.count(Heard.RTCP);
      return null;
    }
    boolean isOurs =
        length >= RtpPacket.FIXED_HEADER_OCTETS
            && RtpPacket.ssrc(batch.memory(), at) == talker.ssrc();
    if (isOurs && context == null && !isCounting()) {
      tally.count(Heard.LEAD_IN);
      return null;
    }
    if (!isOurs || context == null) {
      tally.count(Heard.UNKNOWN);
      return null;
    }
    return context;
  }

  private void message(byte[] octets) {
    if (stay != null && JoinAnswer.isOne(octets)) {
      stay.answer(octets);
    } else {
      judge.received(octets, this);
    }
  }

  private boolean isCounting() {
    return talker.firstCounted() != Long.MAX_VALUE;
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
    if (stay != null) {
      stay.heard(now);
    }
    long number = index - talker.firstIndex();
    if (isLeftOut || number < talker.firstCounted()) {
      tally.count(Heard.LEAD_IN);
      return;
    }
    tally.count(Heard.DELIVERED);
    if (index < highest) {
      tally.count(Heard.LATE);
    }
    highest = Math.max(highest, index);
    SendTimes times = talker.times();
    if (times.knows(number)) {
      ears.latencies().record(times.intendedNanos(number), times.sentNanos(number), now);
    }
  }

  void close() {
    port.close();
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
