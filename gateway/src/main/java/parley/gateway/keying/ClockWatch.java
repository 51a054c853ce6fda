package parley.gateway.keying;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.mikey.group.VerifiedAnnouncement;
import parley.mikey.identity.Identity;

/// Compares this clock with the talkers': every verified announcement carries the time of another
/// member, signed. An offset is a metric; a large one is an alarm, at most once a minute, because
/// at the window's edge nothing is heard any more. Confined to the group's loop.
final class ClockWatch {
  private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);
  private static final Duration LARGE = Duration.ofSeconds(5);
  private static final Duration QUIET = Duration.ofMinutes(1);

  private final Identity group;
  private final KeyingCounters counters;
  private final InstantSource clock;
  private Instant nextAlarm = Instant.MIN;

  ClockWatch(Identity group, KeyingCounters counters, InstantSource clock) {
    this.group = group;
    this.counters = counters;
    this.clock = clock;
  }

  void compare(VerifiedAnnouncement announcement) {
    Instant now = clock.instant();
    Duration offset = Duration.between(now, announcement.timestamp().toInstant());
    counters.clockOffset(offset.toNanos() / 1e9);
    if (offset.abs().compareTo(LARGE) > 0 && !now.isBefore(nextAlarm)) {
      nextAlarm = now.plus(QUIET);
      LOG.atWarn()
          .addKeyValue("group", group.uri())
          .addKeyValue("talker", announcement.talker().uri())
          .addKeyValue("seconds", offset.toMillis() / 1e3)
          .log("this clock and a talker's differ; check both, the window is about to shut");
    }
  }
}
