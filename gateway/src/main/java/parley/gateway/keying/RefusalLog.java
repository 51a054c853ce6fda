package parley.gateway.keying;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;
import parley.mikey.group.Refusal;
import parley.mikey.group.UnverifiedAnnouncement;
import parley.mikey.identity.Identity;

/// Counts every refusal and logs the first of a kind, then at most one in ten seconds: nobody can
/// fill the log from outside. Failures are charged to the source address; the talker is only
/// "claimed". Confined to the group's loop.
final class RefusalLog {
  private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
  private static final Duration QUIET = Duration.ofSeconds(10);

  private static final class Kind {
    Instant next = Instant.MIN;
    long silent;
  }

  private final Identity group;
  private final KeyingCounters counters;
  private final InstantSource clock;
  private final Map<Refusal, Kind> kinds = new EnumMap<>(Refusal.class);

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
    Kind kind = kinds.computeIfAbsent(reason, _ -> new Kind());
    Instant now = clock.instant();
    if (reason == Refusal.DUPLICATE
        || reason == Refusal.OWN_ANNOUNCEMENT
        || now.isBefore(kind.next)) {
      kind.silent++;
      return;
    }
    LoggingEventBuilder line =
        LOG.atWarn()
            .addKeyValue("group", group.uri())
            .addKeyValue("reason", reason)
            .addKeyValue("detail", detail)
            .addKeyValue("source", source)
            .addKeyValue("unlogged", kind.silent);
    if (message != null) {
      line = line.addKeyValue("claimedTalker", message.talker().uri());
    }
    line.log("announcement refused");
    kind.next = now.plus(QUIET);
    kind.silent = 0;
  }
}
