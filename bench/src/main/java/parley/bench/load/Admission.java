package parley.bench.load;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/// The time in which listeners join, before anything counts: whoever is not let in is left out of
/// the account.
final class Admission {
  private static final Duration WITHIN = Duration.ofSeconds(10);
  private static final Duration MORE_FOR_EACH = Duration.ofMillis(10);
  private static final Duration PAUSE = Duration.ofMillis(10);
  private static final long LINE_NANOS = 1_000_000_000;

  private final Stays stays;
  private final Ears ears;
  private volatile boolean stopped;

  Admission(Stays stays, Ears ears) {
    this.stays = stays;
    this.ears = ears;
  }

  /// Waits no longer. Any thread.
  void stop() {
    stopped = true;
  }

  /// All say JOIN; returns when each has heard something or knows why it does not, or when it is
  /// enough.
  ///
  /// @param live where a line is printed each second
  void await(Announcements announcements, PrintStream live)
      throws LoadFailed, InterruptedException {
    stays.start();
    Duration within = WITHIN.plus(MORE_FOR_EACH.multipliedBy(stays.size()));
    long deadline = System.nanoTime() + within.toNanos();
    long lineNanos = System.nanoTime();
    while (!stays.areSettled() && !stopped && System.nanoTime() < deadline) {
      announcements.requireGateway();
      if (System.nanoTime() - lineNanos > LINE_NANOS) {
        lineNanos += LINE_NANOS;
        live.printf("joined %,d of %,d%n", stays.joined().size(), stays.size());
      }
      Thread.sleep(PAUSE);
    }
  }

  /// Tells who is there and leaves out the others.
  ///
  /// @param stepNanos from one packet of a talker to its next
  JoinReport settle(long stepNanos, PrintStream live) throws LoadFailed {
    List<LoadStay> absent = stays.absent();
    JoinReport report = stays.report(absent, stepNanos);
    if (report.delays().getTotalCount() == 0) {
      throw new LoadFailed(nobody(report, absent));
    }
    stays.refusals(absent).forEach(live::println);
    for (LoadStay stay : absent) {
      stay.sayLeave();
      ears.leaveOut(stay.listener());
    }
    return report;
  }

  private String nobody(JoinReport report, List<LoadStay> absent) {
    if (report.joined() == 0) {
      return String.join("; ", stays.refusals(absent));
    }
    LoadGroup group = stays.joined().getFirst().listener().talker().group();
    return ("%d of %d listeners joined and none heard anything. Either the gateway at %s refuses"
            + " the talker %s (its log and its metrics say why), or a firewall is between")
        .formatted(report.joined(), report.wanted(), group.to(), group.talker().identity());
  }
}
