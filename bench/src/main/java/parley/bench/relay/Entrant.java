package parley.bench.relay;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One contestant at one fan-out: running, with the figures that it has so far. One that may have
/// been hurt by loss is started anew before its next window.
final class Entrant {
  private static final int CHECKED_PACKETS = 64;
  private static final int CHECK_TRIES = 20;
  private static final double CHECK_RATE = 1000;
  private static final int STEADY_TRIES = 4;

  /// With more loss a window says nothing of what a packet costs.
  private static final double STEADY_LOSS_PERCENT = 2;

  private final Testbed bed;
  private final Windows windows;
  private final Contestant contestant;
  private final int fanout;
  private final Duration warmUp;
  private final Figures figures;
  private @Nullable Running running;
  private boolean hurt;

  Entrant(Testbed bed, Windows windows, Contestant contestant, int fanout, Duration warmUp) {
    this.bed = bed;
    this.windows = windows;
    this.contestant = contestant;
    this.fanout = fanout;
    this.warmUp = warmUp;
    this.figures = new Figures(contestant, fanout);
  }

  Contestant contestant() {
    return contestant;
  }

  int fanout() {
    return fanout;
  }

  Figures figures() {
    return figures;
  }

  /// Starts it, checks what it sends octet by octet, lets compilers see traffic.
  Running start() throws Exception {
    Running relay = contestant.start(bed, fanout);
    running = relay;
    hurt = false;
    String fault = "nothing came back";
    for (int i = 0; i < CHECK_TRIES && fault != null; i++) {
      fault = fault(relay);
    }
    if (fault == null) {
      warmUp(relay);
      fault = relay.recordingFault();
    }
    if (fault != null) {
      close();
      throw new Unavailable(fault);
    }
    return relay;
  }

  private void warmUp(Running relay) throws Exception {
    Window window = windows.run(relay, Plan.rate(fanout), warmUp.toMillis() / 1e3);
    if (contestant.warmUpPackets() > 0) {
      window = windows.run(relay, Plan.warmUpRate(fanout), contestant.warmUpPackets());
    }
    hurt = window.lossPercent() > 0;
  }

  private @Nullable String fault(Running relay) throws Exception {
    int first = relay.traffic().timestamp();
    Window window = windows.run(relay, CHECK_RATE, CHECKED_PACKETS);
    long wanted = (long) CHECKED_PACKETS * fanout;
    Received received = window.received();
    if (received.packets() < wanted) {
      return "%d of %d packets came back, %d of %d receivers heard nothing"
          .formatted(received.packets(), wanted, received.silent(), fanout);
    }
    return relay.check().of(relay.receiver().sample(), bed.window(), first);
  }

  /// One window, after a new start where the last one lost packets and that may have hurt.
  Window at(double rate, double seconds) throws Exception {
    if (running == null || (hurt && contestant.isFragile())) {
      close();
      start();
    }
    return asItIs(rate, seconds);
  }

  /// One window, hurt or not.
  Window asItIs(double rate, double seconds) throws Exception {
    if (running == null) {
      throw new Unavailable("it does not run");
    }
    Window window = windows.run(running, rate, seconds);
    hurt = window.lossPercent() > 0;
    return window;
  }

  /// The same, while the admin server is asked, where it has one.
  Window whileAsked(double rate, double seconds) throws Exception {
    AdminProbe admin = admin();
    return admin == null ? at(rate, seconds) : admin.during(() -> at(rate, seconds));
  }

  /// One window in which nothing but packets is handled, where it can tell what it allocates.
  @Nullable Window unannounced(double rate, double seconds) throws Exception {
    if (running == null || running.allocatedOctets() < 0) {
      return null;
    }
    running.hold(true);
    try {
      return asItIs(rate, seconds);
    } finally {
      running.hold(false);
    }
  }

  /// Who has asked its admin server; null where it has none.
  @Nullable AdminProbe admin() {
    return running == null ? null : running.admin();
  }

  /// A window with hardly any loss; tries it some times.
  Window steady(double rate, double seconds) throws Exception {
    for (int i = 0; i < STEADY_TRIES; i++) {
      Window window = at(rate, seconds);
      if (window.lossPercent() < STEADY_LOSS_PERCENT) {
        return window;
      }
    }
    throw new Unavailable(
        "loses over %.0f %% at %.0f packets/s".formatted(STEADY_LOSS_PERCENT, rate));
  }

  void close() {
    if (running != null) {
      running.close();
      running = null;
    }
  }
}
