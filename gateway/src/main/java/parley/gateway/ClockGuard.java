package parley.gateway;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says when the system clock runs free, and holds this gateway's own announcements back meanwhile
/// where the configuration asks for that (wire profile, section 4). Listening goes on.
final class ClockGuard {
  private static final Logger LOG = LoggerFactory.getLogger(ClockGuard.class);

  private final ClockSync sync;
  private volatile boolean isRequired;
  private ClockSync.State said = ClockSync.State.SYNCHRONISED;

  ClockGuard(ClockSync sync) {
    this.sync = sync;
  }

  void require(boolean synchronised) {
    isRequired = synchronised;
  }

  boolean mayAnnounce() {
    return !isRequired || state() == ClockSync.State.SYNCHRONISED;
  }

  ClockSync.State state() {
    return sync.state();
  }

  /// Looks, and says what has changed. From one thread.
  void look() {
    ClockSync.State now = state();
    if (now == said) {
      return;
    }
    said = now;
    String consequence =
        isRequired
            ? "this gateway announces no key of its own meanwhile"
            : "announcements may be refused elsewhere; clock: {require-synchronised: true} holds"
                + " them back";
    switch (now) {
      case SYNCHRONISED -> LOG.info("the system clock is synchronised");
      case UNSYNCHRONISED ->
          LOG.warn(
              "the system clock is not synchronised; start chrony or another: {}", consequence);
      case UNKNOWN ->
          LOG.warn("this system does not say whether its clock is synchronised: {}", consequence);
    }
  }
}
