package parley.gateway.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A recorder's events, by name: a test can wait for one, and look at all there were.
final class ToldEvents implements RecorderEvents {
  private final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final List<String> all = new CopyOnWriteArrayList<>();

  /// Waits for an event that begins so and returns it whole; those before it are passed over.
  String next(String wanted) throws InterruptedException {
    String event;
    do {
      event = events.poll(30, TimeUnit.SECONDS);
      assertThat(event).as("waiting for %s after %s", wanted, all).isNotNull();
    } while (!event.startsWith(wanted));
    return event;
  }

  /// Every event so far that begins so, but flushes.
  List<String> all(String beginning) {
    return all.stream().filter(event -> event.startsWith(beginning)).toList();
  }

  void add(String event) {
    all.add(event);
    events.add(event);
  }

  @Override
  public void opened(Path file, RecordingHeader header) {
    add("opened");
  }

  @Override
  public void flushed(Path file, long octets) {
    events.add("flushed");
  }

  @Override
  public void closed(Path file, RecordingHeader header, String chainHead) {
    add("closed");
  }

  @Override
  public void continued(Path gone, Path file, RecordingHeader header) {
    add("continued " + gone + " in " + file);
  }

  @Override
  public void abandoned(RecordingHeader header, long lostPackets) {
    add("abandoned " + lostPackets);
  }

  @Override
  public void diskFailed(String sentence) {
    add("diskFailed " + sentence);
  }

  @Override
  public void diskRecovered(long lostPackets) {
    add("diskRecovered " + lostPackets);
  }

  @Override
  public void diskStalled(long seconds) {
    add("diskStalled");
  }

  @Override
  public void diskStallOver(long lostPackets) {
    add("diskStallOver " + lostPackets);
  }

  @Override
  public void diskLow(long freeOctets, long warnBelowOctets) {
    add("diskLow");
  }

  @Override
  public void diskLowOver(long freeOctets) {
    add("diskLowOver");
  }
}
