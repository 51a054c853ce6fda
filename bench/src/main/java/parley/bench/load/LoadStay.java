package parley.bench.load;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.gateway.ue.JoinedSocket;
import parley.gateway.ue.Joiner;
import parley.mikey.identity.Identity;
import parley.mikey.message.Octets;

/// One listener that has the gateway send to it: its [Joiner], and what became of that.
///
/// The joiner has a loop of its own, as its signatures would keep the listeners' loop from reading.
/// What became of it is read by any thread.
@SuppressWarnings("NonAtomicVolatileUpdate") // each has one writer
final class LoadStay implements JoinedSocket {
  private final LoadListener listener;
  private final EventLoop loop;
  private final Joiner joiner;
  private long saidNanos;
  private volatile boolean isJoined;
  private volatile @Nullable String refusal;
  private volatile long firstAudioNanos = -1;
  private volatile int losses;

  LoadStay(LoadListener listener, EventLoop loop, SecureRandom random) {
    this.listener = listener;
    this.loop = loop;
    LoadGroup group = listener.talker().group();
    joiner = new Joiner(group.listener(), group.to(), this, InstantSource.system(), random);
  }

  /// Says JOIN, and has the listener hand on what is answered. Any thread.
  void start() {
    listener.joinsBy(this);
    loop.execute(() -> {
      saidNanos = System.nanoTime();
      joiner.start();
    });
  }

  LoadListener listener() {
    return listener;
  }

  boolean isJoined() {
    return isJoined;
  }

  /// Why it is not joined, as far as is known; null where it is, or nothing is known yet.
  @Nullable String refusal() {
    return refusal;
  }

  /// From the first JOIN to the first packet that verified; negative where there was none.
  long firstAudioNanos() {
    return firstAudioNanos;
  }

  /// How often a gateway that had let it join forgot it or fell silent.
  int losses() {
    return losses;
  }

  /// Whether there is no more to wait for.
  boolean isSettled() {
    return isJoined ? firstAudioNanos >= 0 : refusal != null;
  }

  /// The listener has received this. Any thread.
  void answer(byte[] octets) {
    loop.execute(() -> joiner.answer(octets));
  }

  /// The listener has verified a packet that was read at this time. Its loop, which `start` came
  /// before.
  void heard(long nanos) {
    if (firstAudioNanos < 0) {
      firstAudioNanos = Math.max(0, nanos - saidNanos);
    }
  }

  /// Any thread but the joiners' loop, as the next.
  void sayLeave() {
    joiner.sayLeave();
  }

  void awaitLeft(Duration atMost) {
    joiner.awaitLeft(atMost);
  }

  @Override
  public Identity group() {
    return listener.talker().group().id();
  }

  @Override
  public EventLoop loop() {
    return loop;
  }

  @Override
  public void say(byte[] octets, InetSocketAddress to) {
    listener.say(octets, to);
  }

  /// The [AnnouncementJudge] has no rule that keeps old announcements out.
  @Override
  public void vouch(List<Octets> running) {}

  @Override
  public void joined(String sentence) {
    refusal = null;
    isJoined = true;
  }

  @Override
  public void notJoined(String why, String then) {
    losses += isJoined ? 1 : 0;
    isJoined = false;
    refusal = why;
  }
}
