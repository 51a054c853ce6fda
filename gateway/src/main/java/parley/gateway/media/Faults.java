package parley.gateway.media;

import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.log.LogRation;
import parley.mikey.identity.Identity;

/// Faults of those to whom a group's media plane hands something over. Each costs what was handed
/// over and nothing else: it is counted by its reason, and logged with its stack as the ration of
/// its kind allows. Confined to the group's loop.
final class Faults {
  private static final Logger LOG = LoggerFactory.getLogger(Faults.class);

  private final Identity group;
  private final GroupCounters counters;
  private final InstantSource clock;
  private final LogRation<DropReason> ration = new LogRation<>(DropReason.class);

  Faults(Identity group, GroupCounters counters, InstantSource clock) {
    this.group = group;
    this.counters = counters;
    this.clock = clock;
  }

  /// Of nobody's leg.
  void note(DropReason what, RuntimeException fault) {
    counters.drop(what);
    log(what, fault);
  }

  /// What was lost had come by this leg.
  void note(DropReason what, LegCounters leg, RuntimeException fault) {
    counters.drop(what, leg);
    log(what, fault);
  }

  private void log(DropReason what, RuntimeException fault) {
    long unlogged = ration.take(what, clock.instant());
    if (unlogged != LogRation.SILENT) {
      LOG.atError()
          .addKeyValue("group", group.uri())
          .addKeyValue("reason", what.label())
          .addKeyValue("unlogged", unlogged)
          .setCause(fault)
          .log("a fault, media goes on");
    }
  }
}
