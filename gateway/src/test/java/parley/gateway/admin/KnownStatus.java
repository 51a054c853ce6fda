package parley.gateway.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import parley.gateway.keying.GmkCounters;
import parley.gateway.keying.JoinCounters;
import parley.gateway.keying.MikeyHttpCounters;
import parley.gateway.media.GroupCounters;
import parley.gateway.media.PacketLatency;
import parley.mikey.group.Refusal;
import parley.mikey.identity.Identity;

/// A gateway with one group and numbers that a test knows.
final class KnownStatus implements GatewayStatus {
  static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  static final Identity FIRE = new Identity("sip:fire@example.org");

  volatile Readiness readiness = Readiness.READY;
  volatile boolean broken;
  volatile int talkers = 2;
  volatile boolean hasNoGroups;

  @Override
  public Readiness readiness() {
    if (broken) {
      throw new IllegalStateException("a fault of the gateway");
    }
    return readiness;
  }

  @Override
  public List<GroupStatus> groups() {
    return hasNoGroups ? List.of() : List.of(fire());
  }

  private GroupStatus fire() {
    return new GroupStatus(
        FIRE,
        talkers,
        3,
        new GroupCounters(),
        7,
        Map.of(Refusal.BAD_MAC, 5L),
        new GmkStatus(0x0123_4567, NOW.minusSeconds(3600), Instant.MAX),
        new JoinCounters(),
        List.of(
            new ManagerContact(ManagerContact.GMK, 9, 1, null),
            new ManagerContact(ManagerContact.MEMBERS, 4, 0, NOW.plusSeconds(7200))));
  }

  @Override
  public RecorderStatus recorder() {
    return new RecorderStatus(4, 100, 9, 3, 2, 7, 1, 5, 1_500_000_000, 4096, 8192);
  }

  @Override
  public GmkCounters gmkMessages() {
    return new GmkCounters();
  }

  @Override
  public MikeyHttpCounters mikeyHttp() {
    return new MikeyHttpCounters();
  }

  @Override
  public ClockState clockState() {
    return ClockState.UNSYNCHRONISED;
  }

  @Override
  public String cipherEngine() {
    return "native:vaes";
  }

  /// Of one loop: three packets, one of them longer than any bucket has room for.
  @Override
  public List<PacketLatency> latencies() {
    PacketLatency loop = new PacketLatency();
    LongStream.of(15_000, 100_000_000, 10_500_000_000L).forEach(loop::record);
    return List.of(loop);
  }

  @Override
  public Duration clockOffset() {
    return Duration.ofMillis(-250);
  }
}
