package parley.gateway.keying;

import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.media.Burst;
import parley.gateway.media.BurstEnd;

/// The two lines of a talk burst: who was verified to speak, and what came of it.
///
/// Values are text and numbers only: of any other object the encoder would look through the whole
/// class at the first burst, for longer than the rest of that burst's start takes, and early media
/// waits 200 ms at most.
final class BurstLog {
  private static final Logger LOG = LoggerFactory.getLogger("parley.burst");

  private BurstLog() {}

  /// With the verified announcement.
  static void started(Burst burst) {
    LOG.atInfo()
        .addKeyValue("group", burst.group().uri())
        .addKeyValue("talker", burst.speaker())
        .addKeyValue("csb", hex(burst.csbId()))
        .addKeyValue("gsk", hex(burst.mki()))
        .addKeyValue("gmk", hex(burst.announcement().gmkId()))
        .addKeyValue("profile", burst.policy().toString())
        .log("talk burst started");
  }

  /// How long after its announcement a burst is heard.
  static void firstPacket(Burst burst, Instant now) {
    LOG.atDebug()
        .addKeyValue("talker", burst.speaker())
        .addKeyValue("csb", hex(burst.csbId()))
        .addKeyValue("millis", Duration.between(burst.startedAt(), now).toMillis())
        .log("first packet of a talk burst");
  }

  static void ended(RunningBurst running, BurstEnd why, Instant now) {
    Burst burst = running.burst;
    LOG.atInfo()
        .addKeyValue("group", burst.group().uri())
        .addKeyValue("talker", burst.speaker())
        .addKeyValue("csb", hex(burst.csbId()))
        .addKeyValue("reason", why.name())
        .addKeyValue("packets", burst.packets())
        .addKeyValue("octets", burst.octets())
        .addKeyValue("seconds", Duration.between(burst.startedAt(), now).toMillis() / 1e3)
        .addKeyValue("disputed", running.isDisputed())
        .log("talk burst ended");
  }

  private static String hex(int id) {
    return String.format("%08x", id);
  }
}
