package parley.keys.http;

import java.util.concurrent.atomic.LongAdder;

/// What a server did, and why it did not. Any thread.
public final class HttpCounters {
  private final LongAdder connections = new LongAdder();
  private final LongAdder refusedConnections = new LongAdder();
  private final LongAdder failedHandshakes = new LongAdder();
  private final LongAdder timeouts = new LongAdder();
  private final LongAdder malformed = new LongAdder();
  private final LongAdder overload = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder[] answers = new LongAdder[6];

  public HttpCounters() {
    for (int i = 0; i < answers.length; i++) {
      answers[i] = new LongAdder();
    }
  }

  /// Connections that were let in.
  public long connections() {
    return connections.sum();
  }

  /// Connections closed at once: too many, or too fast from one address.
  public long refusedConnections() {
    return refusedConnections.sum();
  }

  public long failedHandshakes() {
    return failedHandshakes.sum();
  }

  /// Connections cut off because a handshake, a request or the taking of an answer took too long.
  public long timeouts() {
    return timeouts.sum();
  }

  /// What was no HTTP request, or one whose framing is not certain.
  public long malformed() {
    return malformed.sum();
  }

  /// Requests answered by 503 because too many were being answered.
  public long overload() {
    return overload.sum();
  }

  /// Requests whose site threw.
  public long failures() {
    return failures.sum();
  }

  /// Answers whose status has this first digit, 2 to 5.
  public long answers(int hundreds) {
    return answers[hundreds].sum();
  }

  void connected() {
    connections.increment();
  }

  void refusedConnection() {
    refusedConnections.increment();
  }

  void failedHandshake() {
    failedHandshakes.increment();
  }

  void timedOut() {
    timeouts.increment();
  }

  void wasMalformed() {
    malformed.increment();
  }

  void overloaded() {
    overload.increment();
  }

  void failed() {
    failures.increment();
  }

  void answered(int status) {
    answers[status / 100].increment();
  }
}
