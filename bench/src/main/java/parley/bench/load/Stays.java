package parley.bench.load;

import io.netty.channel.EventLoop;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/// The stays of all listeners that join; of none where the gateway reaches them otherwise.
final class Stays implements AutoCloseable {
  private static final Duration LEFT_WITHIN = Duration.ofSeconds(5);
  private static final long LONGEST_NANOS = 3_600_000_000_000L;
  private static final int DIGITS = 3;

  private final List<LoadStay> all;
  private volatile boolean isStarted;

  private Stays(List<LoadStay> all) {
    this.all = all;
  }

  /// @param loop of the joiners, where their signatures delay nobody
  static Stays of(List<LoadListener> listeners, EventLoop loop) {
    var random = new SecureRandom();
    return new Stays(
        listeners.stream()
            .filter(listener -> listener.talker().group().reach() == Reach.JOINED)
            .map(listener -> new LoadStay(listener, loop, random))
            .toList());
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  int size() {
    return all.size();
  }

  /// All say JOIN, as fast as they can sign.
  void start() {
    isStarted = true;
    all.forEach(LoadStay::start);
  }

  /// Whether each has heard something, or knows why it does not.
  boolean areSettled() {
    return all.stream().allMatch(LoadStay::isSettled);
  }

  List<LoadStay> joined() {
    return all.stream().filter(LoadStay::isJoined).toList();
  }

  List<LoadStay> absent() {
    return all.stream().filter(stay -> !stay.isJoined()).toList();
  }

  /// Those that are let in, those that are `absent`, and how long each waited for audio.
  JoinReport report(List<LoadStay> absent, long stepNanos) {
    var delays = new Histogram(LONGEST_NANOS, DIGITS);
    all.stream()
        .filter(stay -> stay.firstAudioNanos() >= 0)
        .forEach(stay -> delays.recordValue(Math.min(stay.firstAudioNanos(), LONGEST_NANOS)));
    return new JoinReport(
        all.size(),
        all.size() - absent.size(),
        delays,
        stepNanos,
        absent.stream().map(stay -> named(stay) + ": " + reason(stay)).toList(),
        all.stream()
            .filter(stay -> stay.firstAudioNanos() < 0 && !absent.contains(stay))
            .map(Stays::named)
            .toList());
  }

  /// How often one that had joined was forgotten by the gateway, or not answered any more.
  int losses() {
    return all.stream().mapToInt(LoadStay::losses).sum();
  }

  /// One line for each reason, with how many of the absent it keeps out.
  List<String> refusals(List<LoadStay> absent) {
    return absent.stream()
        .collect(Collectors.groupingBy(Stays::reason, Collectors.counting()))
        .entrySet()
        .stream()
        .map(entry ->
            "%d of %d listeners did not join: %s"
                .formatted(entry.getValue(), all.size(), entry.getKey()))
        .sorted()
        .toList();
  }

  private static String named(LoadStay stay) {
    return stay.listener().name() + " of " + stay.group();
  }

  private static String reason(LoadStay stay) {
    String refusal = stay.refusal();
    return refusal == null ? "its JOIN has no answer yet" : refusal;
  }

  /// All say LEAVE, and wait together for the answers.
  @Override
  public void close() {
    if (!isStarted) {
      return;
    }
    long deadline = System.nanoTime() + LEFT_WITHIN.toNanos();
    all.forEach(LoadStay::sayLeave);
    all.forEach(
        stay -> stay.awaitLeft(Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))));
  }
}
