package parley.gateway;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.gateway.admin.ClockState;
import parley.gateway.admin.DrainStatus;
import parley.gateway.admin.GatewayStatus;
import parley.gateway.admin.GmkStatus;
import parley.gateway.admin.GroupStatus;
import parley.gateway.admin.Readiness;
import parley.gateway.admin.RecorderStatus;
import parley.gateway.keying.GmkCounters;
import parley.gateway.keying.KeyingCounters;
import parley.gateway.keying.MikeyHttpCounters;
import parley.gateway.media.PacketLatency;
import parley.gateway.media.TrunkCounters;
import parley.gateway.record.Recorder;
import parley.keys.enrol.RenewalState;
import parley.mikey.group.Refusal;
import parley.mikey.identity.Identity;

/// A running gateway as its admin interface sees it: counters and books that any thread may read.
final class LiveStatus implements GatewayStatus {
  private final Gateway gateway;

  LiveStatus(Gateway gateway) {
    this.gateway = gateway;
  }

  /// Ready when there is a current GMK for every group, without which nothing can be verified, and
  /// new bursts are welcome; and the gateway's own keys do not end within a day for want of new
  /// ones.
  @Override
  public Readiness readiness() {
    List<String> missing = new ArrayList<>();
    DrainStatus drain = gateway.control().drainStatus();
    switch (drain.state()) {
      case RUNNING -> {}
      case DRAINING -> missing.add("the gateway is draining until " + drain.deadline());
      case DRAINED -> missing.add("the gateway is drained since " + drain.since());
    }
    for (ServedGroup group : gateway.served()) {
      Identity id = group.setup().id();
      if (gmk(id) == null) {
        missing.add("no GMK of " + id.uri() + " is current");
      }
    }
    RenewalState renewal = gateway.keyRenewal();
    if (renewal != null && renewal.alarm() != null) {
      missing.add(renewal.alarm());
    }
    return new Readiness(missing);
  }

  @Override
  public List<GroupStatus> groups() {
    return gateway.served().stream().map(this::group).toList();
  }

  private GroupStatus group(ServedGroup group) {
    Identity id = group.setup().id();
    GroupPlane plane = group.plane();
    KeyingCounters keying = plane.keying().counters();
    Map<Refusal, Long> refused = new EnumMap<>(Refusal.class);
    for (Refusal reason : Refusal.values()) {
      refused.put(reason, keying.refused(reason));
    }
    return new GroupStatus(
        id,
        keying.talkers(),
        keying.running(),
        plane.media().counters(),
        keying.accepted() + keying.repeats(),
        refused,
        gmk(id),
        keying.joins(),
        gateway.managers().contacts(id));
  }

  private @Nullable GmkStatus gmk(Identity group) {
    return gateway
        .member()
        .sendingGmk(group)
        .map(k -> new GmkStatus(k.gmkId(), k.issued().toInstant(), k.expiry()))
        .orElse(null);
  }

  @Override
  public @Nullable RecorderStatus recorder() {
    Recorder recorder = gateway.recordings();
    if (recorder == null) {
      return null;
    }
    var now = recorder.status();
    return new RecorderStatus(
        now.queuedOctets(),
        now.queueCapacityOctets(),
        now.lostPackets(),
        now.openRecordings(),
        now.failingRecordings(),
        now.diskErrors(),
        now.unsealedRecordings(),
        now.continuations(),
        now.waitingNanos(),
        now.freeOctets(),
        gateway.config().record().warnBelowOctets());
  }

  @Override
  public ClockState clockState() {
    return switch (gateway.clockSync()) {
      case SYNCHRONISED -> ClockState.SYNCHRONISED;
      case UNSYNCHRONISED -> ClockState.UNSYNCHRONISED;
      case UNKNOWN -> ClockState.UNKNOWN;
    };
  }

  @Override
  public List<PacketLatency> latencies() {
    return gateway.latencies();
  }

  @Override
  public List<TrunkCounters> trunks() {
    return gateway.trunks();
  }

  @Override
  public GmkCounters gmkMessages() {
    return gateway.gmkCounters();
  }

  @Override
  public @Nullable MikeyHttpCounters mikeyHttp() {
    return gateway.mikeyHttpCounters();
  }

  @Override
  public @Nullable RenewalState keyRenewal() {
    return gateway.keyRenewal();
  }

  @Override
  public String cipherEngine() {
    return gateway.cipherEngine();
  }

  /// The widest distance to a talker: the sign is that of our clock minus theirs.
  @Override
  public @Nullable Duration clockOffset() {
    double widest = Double.NaN;
    for (ServedGroup group : gateway.served()) {
      double offset = group.plane().keying().counters().clockOffsetSeconds();
      if (!Double.isNaN(offset) && (Double.isNaN(widest) || Math.abs(offset) > Math.abs(widest))) {
        widest = offset;
      }
    }
    return Double.isNaN(widest) ? null : Duration.ofNanos((long) (-widest * 1e9));
  }
}
