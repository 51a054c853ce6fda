package parley.gateway.keying;

import java.net.InetSocketAddress;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;
import parley.gateway.log.LogRation;
import parley.mikey.group.Refusal;
import parley.mikey.group.UnverifiedAnnouncement;
import parley.mikey.identity.Identity;

/// Counts every refusal and logs as much as its [LogRation] lets it. Failures are charged to the
/// source address; the talker is only "claimed". Confined to the group's loop.
final class RefusalLog {
  private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
  private final Identity group;
  private final KeyingCounters counters;
  private final InstantSource clock;
  private final LogRation<Refusal> ration = new LogRation<>(Refusal.class);

  RefusalLog(Identity group, KeyingCounters counters, InstantSource clock) {
    this.group = group;
    this.counters = counters;
    this.clock = clock;
  }

  void note(
      Refusal reason,
      String detail,
      @Nullable UnverifiedAnnouncement message,
      InetSocketAddress source) {
    counters.refuse(reason);
    if (reason == Refusal.DUPLICATE || reason == Refusal.OWN_ANNOUNCEMENT) {
      ration.pass(reason);
      return;
    }
    long unlogged = ration.take(reason, clock.instant());
    if (unlogged == LogRation.SILENT) {
      return;
    }
    LoggingEventBuilder line =
        LOG.atWarn()
            .addKeyValue("group", group.uri())
            .addKeyValue("reason", reason)
            .addKeyValue("detail", detail)
            .addKeyValue("source", source)
            .addKeyValue("unlogged", unlogged);
    if (message != null) {
      line = line.addKeyValue("claimedTalker", message.talker().uri());
    }
    line.log("announcement refused");
  }
}
