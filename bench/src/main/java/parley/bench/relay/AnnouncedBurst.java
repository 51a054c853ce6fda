package parley.bench.relay;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.concurrent.locks.LockSupport;
import parley.bench.rig.KeyedBurst;
import parley.bench.rig.Talk;
import parley.gateway.ue.AnnouncementSchedule;
import parley.keys.member.KeysMissing;
import parley.mikey.group.CryptoSession;
import parley.mikey.identity.NtpTimestamp;
import parley.srtp.CipherEngine;

/// A burst of the talker: announced to a gateway at once and again by the schedule of the wire
/// profile, while another program sends its media.
///
/// The first announcement states the index of the first packet, repeats leave it open.
public final class AnnouncedBurst implements AutoCloseable {
  private final Talk talk;
  private final InetSocketAddress to;
  private final KeyedBurst burst;
  private final PacketSource packets;
  private final DatagramSocket socket;
  private final Thread thread;
  private volatile boolean closed;
  private volatile boolean held;

  private AnnouncedBurst(Talk talk, InetSocketAddress to, Lane lane, CipherEngine engine)
      throws IOException {
    this.talk = talk;
    this.to = to;
    burst = talk.burst(engine);
    CryptoSession stream = burst.stream();
    packets =
        PacketSource.srtp(stream.ssrc(), stream.nextIndex(), 0, burst.session(), engine, lane);
    socket = new DatagramSocket(Testbed.address(0));
    thread = Thread.ofPlatform().daemon().name("announcer").unstarted(this::repeat);
  }

  /// Announces to this address, now and from now on.
  public static AnnouncedBurst start(
      Talk talk, InetSocketAddress to, Lane lane, CipherEngine engine)
      throws IOException, KeysMissing {
    var announced = new AnnouncedBurst(talk, to, lane, engine);
    announced.announce(false);
    announced.thread.start();
    return announced;
  }

  public PacketSource packets() {
    return packets;
  }

  private void announce(boolean hasSpoken) throws IOException, KeysMissing {
    byte[] message = burst.announce(NtpTimestamp.of(talk.clock().instant()), hasSpoken);
    socket.send(new DatagramPacket(message, message.length, to));
  }

  private void repeat() {
    long startedNanos = System.nanoTime();
    while (!closed) {
      long elapsed = System.nanoTime() - startedNanos;
      LockSupport.parkNanos(AnnouncementSchedule.next(elapsed) - elapsed);
      try {
        if (!closed && !held) {
          announce(true);
        }
      } catch (IOException | KeysMissing e) {
        System.err.println("parley bench: the burst is announced no more: " + e);
        return;
      }
    }
  }

  /// Leaves repeats out while `now` is true.
  void hold(boolean now) {
    held = now;
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
    burst.close();
  }
}
