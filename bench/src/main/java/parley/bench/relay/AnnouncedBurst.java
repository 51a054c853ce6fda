package parley.bench.relay;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import parley.gateway.keying.SrtpKeying;
import parley.keys.member.KeysMissing;
import parley.mikey.group.CryptoSession;
import parley.mikey.group.GroupSessionKey;
import parley.mikey.group.GskAnnouncement;
import parley.mikey.identity.NtpTimestamp;
import parley.srtp.CipherEngine;
import parley.srtp.SrtpSession;

/// A burst of the talker: announced to a gateway at once and again by the schedule of the wire
/// profile (every 500 ms for 2 s, then every 2 s), while another program sends its media.
///
/// The first announcement states the index of the first packet, repeats leave it open.
final class AnnouncedBurst implements AutoCloseable {
  private static final long CLOSE_MILLIS = 500;
  private static final long WIDE_MILLIS = 2000;
  private static final int CLOSE_REPEATS = 4;

  /// So that the sequence number does not wrap right away.
  private static final int FIRST_SEQ_BOUND = 4096;

  private final RelayKeys keys;
  private final int port;
  private final CryptoSession first;
  private final GskAnnouncement announcement;
  private final SrtpSession session;
  private final PacketSource packets;
  private final DatagramSocket socket;
  private final Thread thread;
  private NtpTimestamp lastT = new NtpTimestamp(Long.MIN_VALUE);
  private volatile boolean closed;

  private AnnouncedBurst(RelayKeys keys, int port, CipherEngine engine) throws IOException {
    this.keys = keys;
    this.port = port;
    int ssrc = keys.random().nextInt() | 1;
    long firstIndex = keys.random().nextInt(FIRST_SEQ_BOUND);
    first = CryptoSession.of(CryptoSession.FIRST_CS_ID, ssrc, firstIndex);
    announcement =
        GskAnnouncement.prepare(
            keys.talker().identity(),
            RelayKeys.TALK_GROUP,
            keys.talker().homeKms().kmsUri(),
            RelayKeys.POLICY,
            List.of(first),
            null,
            keys.talker().sendingGmk(RelayKeys.TALK_GROUP).orElseThrow(),
            GroupSessionKey.generate(keys.random()),
            keys.random());
    session =
        SrtpKeying.session(
            RelayKeys.POLICY,
            SrtpKeying.MKI_OCTETS,
            announcement.gsk(),
            first.csId(),
            announcement.csbId(),
            announcement.rand(),
            engine);
    packets = PacketSource.srtp(ssrc, firstIndex, 0, session, engine);
    socket = new DatagramSocket(Testbed.address(0));
    thread = Thread.ofPlatform().daemon().name("announcer").unstarted(this::repeat);
  }

  /// Announces to `port` of this host, now and from now on.
  static AnnouncedBurst start(RelayKeys keys, int port, CipherEngine engine)
      throws IOException, KeysMissing {
    var burst = new AnnouncedBurst(keys, port, engine);
    burst.announce(burst.first);
    burst.thread.start();
    return burst;
  }

  PacketSource packets() {
    return packets;
  }

  private void announce(CryptoSession stream) throws IOException, KeysMissing {
    NtpTimestamp t = NtpTimestamp.of(keys.clock().instant()).after(lastT);
    lastT = t;
    byte[] message = announcement.seal(t, List.of(stream), keys.talker().signer(t), keys.random());
    socket.send(new DatagramPacket(message, message.length, Testbed.address(port)));
  }

  private void repeat() {
    var somewhere = new CryptoSession(first.csId(), first.ssrc(), false, 0, 0);
    int repeats = 0;
    while (!closed) {
      long millis = repeats++ < CLOSE_REPEATS ? CLOSE_MILLIS : WIDE_MILLIS;
      LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
      try {
        if (!closed) {
          announce(somewhere);
        }
      } catch (IOException | KeysMissing e) {
        System.err.println("parley bench: the burst is announced no more: " + e);
        return;
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    socket.close();
    session.close();
    announcement.close();
  }
}
