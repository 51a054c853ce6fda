package parley.gateway.admin;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import parley.gateway.keying.GmkCounters;
import parley.gateway.keying.JoinCounters;
import parley.gateway.keying.JoinEnd;
import parley.gateway.keying.MikeyHttpCounters;
import parley.gateway.keying.MikeyHttpOutcome;
import parley.gateway.keying.Receivers;
import parley.gateway.log.LogFile;
import parley.gateway.log.LogQueue;
import parley.gateway.media.DropReason;
import parley.gateway.media.FirstMedia;
import parley.gateway.media.GroupCounters;
import parley.gateway.media.LegCounters;
import parley.keys.enrol.RenewalState;
import parley.keys.member.GmkRefusal;
import parley.mikey.group.JoinRefusal;
import parley.mikey.group.JoinVerb;
import parley.mikey.group.Refusal;
import parley.mikey.identity.Identity;

/// Shows a gateway's counters as Micrometer meters, labelled by group and leg, never by packet or
/// SSRC.
///
/// Nothing is counted here: meters read the media plane's own counters when they are scraped. Group
/// and reason meters exist from the first moment, at 0, so that an alert on them has something to
/// watch. Confined to the thread that scrapes.
final class GatewayMetrics {
  private final GatewayStatus status;
  private final MeterRegistry registry;
  private final InstantSource clock;
  private final Map<Identity, GroupStatus> groups = new ConcurrentHashMap<>();
  private final Set<Object> bound = new HashSet<>();
  private final TrunkMeters trunks;

  GatewayMetrics(GatewayStatus status, MeterRegistry registry, InstantSource clock) {
    this.status = status;
    this.registry = registry;
    this.clock = clock;
    this.trunks = new TrunkMeters(registry);
    bindGateway();
    refresh();
  }

  /// Takes a new snapshot of the groups, binds the groups and legs that have come since, and shows
  /// nothing more of groups that are gone.
  void refresh() {
    trunks.refresh(status.trunks());
    List<GroupStatus> now = status.groups();
    Set<Identity> gone = new HashSet<>(groups.keySet());
    now.forEach(group -> gone.remove(group.group()));
    gone.forEach(this::unbind);
    for (GroupStatus group : now) {
      groups.put(group.group(), group);
      if (bound.add(group.group())) {
        bindGroup(group.group(), group.media());
        bindReceivers(Tags.of("group", group.group().uri()), group);
      }
      group.media().forEachLeg(leg -> bindLeg(group.group(), leg));
      group.manager().forEach(contact -> bindContact(group.group(), contact.what()));
    }
  }

  private void unbind(Identity group) {
    registry.getMeters().stream()
        .filter(meter -> group.uri().equals(meter.getId().getTag("group")))
        .forEach(registry::remove);
    groups.remove(group);
    bound.remove(group);
    bound.removeIf(key -> key instanceof Tags tags && isOf(group, tags));
  }

  private static boolean isOf(Identity group, Tags tags) {
    return tags.stream()
        .anyMatch(tag -> tag.getKey().equals("group") && tag.getValue().equals(group.uri()));
  }

  private void bindGateway() {
    gauge("parley.ready", "1 while the gateway does its job", s -> s.readiness().isReady() ? 1 : 0);
    gauge(
        "parley.clock.offset.seconds",
        "this clock minus the reference",
        s -> seconds(s.clockOffset()));
    Gauge.builder("parley.srtp.engine", () -> 1)
        .description("1 for the cipher engine in use")
        .tag("engine", status.cipherEngine())
        .register(registry);
    gauge(
        "parley.clock.synchronised",
        "1 while the kernel calls its clock synchronised, 0 while it does not",
        GatewayMetrics::synchronised);
    gauge(
        "parley.recorder.queued.octets",
        "octets that wait to be written",
        s -> recorder(s).queuedOctets());
    gauge(
        "parley.recorder.capacity.octets",
        "octets that may wait",
        s -> recorder(s).capacityOctets());
    bindRecorder();
    bindLog();
    bindGmkMessages();
    bindMikeyHttp();
    bindRenewal();
  }

  private void bindRenewal() {
    if (status.keyRenewal() == null) {
      return;
    }
    renewalCounter("succeeded", RenewalState::succeeded);
    renewalCounter("failed", RenewalState::failed);
    gauge(
        "parley.kms.renewal.alarm",
        "1 while keys end within a day and could not be renewed",
        s -> renewal(s).alarm() == null ? 0 : 1);
    gauge(
        "parley.kms.renewal.left.seconds",
        "until the last key period ends whose keys are held",
        s -> keysLeft(renewal(s).keysEnd()));
  }

  private void renewalCounter(String outcome, ToDoubleFunction<RenewalState> value) {
    FunctionCounter.builder("parley.kms.renewal", status, s -> value.applyAsDouble(renewal(s)))
        .description("attempts to fetch the keys of the next period")
        .tag("outcome", outcome)
        .register(registry);
  }

  private static RenewalState renewal(GatewayStatus status) {
    RenewalState state = status.keyRenewal();
    return state == null ? RenewalState.NEW : state;
  }

  private double keysLeft(@Nullable Instant end) {
    return end == null ? 0 : seconds(Duration.between(clock.instant(), end));
  }

  private void bindGmkMessages() {
    GmkCounters messages = status.gmkMessages();
    gmkMessages(messages, "accepted", GmkCounters::accepted);
    gmkMessages(messages, "repeated", GmkCounters::repeated);
    gmkMessages(messages, "invited", GmkCounters::invited);
    gmkMessages(messages, "overload", GmkCounters::overloads);
    for (GmkRefusal reason : GmkRefusal.values()) {
      FunctionCounter.builder("parley.gmk.messages.refused", messages, m -> m.refused(reason))
          .description("GMK messages that were not accepted")
          .tag("reason", label(reason))
          .register(registry);
    }
  }

  private void gmkMessages(
      GmkCounters messages, String outcome, ToDoubleFunction<GmkCounters> value) {
    FunctionCounter.builder("parley.gmk.messages", messages, value)
        .description("GMK messages, however they came")
        .tag("outcome", outcome)
        .register(registry);
  }

  private void bindMikeyHttp() {
    MikeyHttpCounters counters = status.mikeyHttp();
    if (counters == null) {
      return;
    }
    for (MikeyHttpOutcome outcome : MikeyHttpOutcome.values()) {
      FunctionCounter.builder("parley.mikey.http", counters, c -> c.counted(outcome))
          .description("requests and connections to MIKEY's HTTP port")
          .tag("outcome", label(outcome))
          .register(registry);
    }
  }

  private void bindLog() {
    FunctionCounter.builder("parley.log.dropped", status, _ -> LogQueue.droppedLines())
        .description("log lines that found the queue to the log full")
        .register(registry);
    FunctionCounter.builder("parley.log.lost", status, _ -> LogFile.lostLines())
        .description("log lines that the log file's disk did not take")
        .register(registry);
  }

  private void bindRecorder() {
    gauge("parley.recorder.open", "bursts being recorded", s -> recorder(s).open());
    gauge(
        "parley.recorder.failing",
        "recordings that the disk does not take now",
        s -> recorder(s).failing());
    gauge(
        "parley.recorder.waiting.seconds",
        "for how long the disk has been keeping the writer waiting",
        s -> recorder(s).waitingNanos() / 1e9);
    gauge(
        "parley.record.disk.free.octets",
        "free on the disk of recordings",
        s -> recorder(s).freeOctets() < 0 ? Double.NaN : recorder(s).freeOctets());
    gauge(
        "parley.record.disk.warn.octets",
        "less free than that is an alarm",
        s -> recorder(s).warnBelowOctets());
    recorderCounter("parley.recorder.lost", "packets that were not recorded", RecorderStatus::lost);
    recorderCounter(
        "parley.recorder.disk.errors", "writes that failed", RecorderStatus::diskErrors);
    recorderCounter(
        "parley.recorder.abandoned",
        "recordings whose end could not be written",
        RecorderStatus::abandoned);
    recorderCounter(
        "parley.recorder.continued",
        "files that go on where another was taken away",
        RecorderStatus::continued);
  }

  private void recorderCounter(String name, String says, ToDoubleFunction<RecorderStatus> value) {
    FunctionCounter.builder(name, status, s -> value.applyAsDouble(recorder(s)))
        .description(says)
        .register(registry);
  }

  private void gauge(String name, String says, ToDoubleFunction<GatewayStatus> value) {
    Gauge.builder(name, status, value).description(says).register(registry);
  }

  private void bindGroup(Identity id, GroupCounters media) {
    Tags group = Tags.of("group", id.uri());
    groupGauge("parley.talkers", "verified talkers with a running burst", id, GroupStatus::talkers);
    groupGauge("parley.bursts", "running bursts", id, GroupStatus::bursts);
    groupGauge("parley.gmk.age.seconds", "since the current GMK was issued", id, this::gmkAge);
    groupGauge("parley.gmk.left.seconds", "until the current GMK expires", id, this::gmkLeft);
    counter(
        "parley.announcements.accepted",
        "announcements accepted",
        group,
        id,
        GroupStatus::accepted);
    for (Refusal reason : Refusal.values()) {
      Tags tags = group.and("reason", label(reason));
      counter(
          "parley.announcements.refused",
          "announcements refused",
          tags,
          id,
          g -> g.refused().getOrDefault(reason, 0L));
    }
    for (DropReason reason : DropReason.values()) {
      FunctionCounter.builder("parley.packets.dropped", media, m -> m.dropped(reason))
          .description("packets dropped, on any leg")
          .tags(group.and("reason", reason.label()))
          .register(registry);
    }
  }

  private void bindContact(Identity id, String what) {
    Tags asked = Tags.of("group", id.uri(), "asked", what);
    if (!bound.add(asked)) {
      return;
    }
    askedCounter(id, what, "answered", ManagerContact::answered);
    askedCounter(id, what, "failed", ManagerContact::failed);
    if (what.equals(ManagerContact.MEMBERS)) {
      groupGauge(
          "parley.members.left.seconds",
          "for which the signed list of members is in force",
          id,
          this::listLeft);
    }
  }

  private void askedCounter(
      Identity id, String what, String outcome, ToLongFunction<ManagerContact> value) {
    counter(
        "parley.manager.asked",
        "questions to the group's manager over HTTPS",
        Tags.of("group", id.uri(), "asked", what, "outcome", outcome),
        id,
        group -> contacts(group, what).mapToLong(value).sum());
  }

  private static Stream<ManagerContact> contacts(GroupStatus group, String what) {
    return group.manager().stream().filter(contact -> contact.what().equals(what));
  }

  private double listLeft(GroupStatus group) {
    return contacts(group, ManagerContact.MEMBERS)
        .map(ManagerContact::heldUntil)
        .filter(Objects::nonNull)
        .mapToDouble(end -> seconds(Duration.between(clock.instant(), end)))
        .findAny()
        .orElse(Double.NaN);
  }

  private void bindReceivers(Tags group, GroupStatus of) {
    JoinCounters joins = of.joins();
    Gauge.builder("parley.receivers", joins, JoinCounters::joined)
        .description("unicast receivers besides those of the configuration")
        .tags(group.and("by", Receivers.JOINED))
        .register(registry);
    Gauge.builder("parley.receivers", joins, JoinCounters::byControl)
        .description("unicast receivers besides those of the configuration")
        .tags(group.and("by", Receivers.CONTROL))
        .register(registry);
    for (JoinVerb verb : JoinVerb.values()) {
      joinCounter(
          "parley.joins.accepted",
          "messages of receivers that were followed",
          group.and("verb", label(verb)),
          joins,
          j -> j.done(verb));
    }
    for (JoinRefusal reason : JoinRefusal.values()) {
      joinCounter(
          "parley.joins.refused",
          "messages of receivers that were not followed",
          group.and("reason", label(reason)),
          joins,
          j -> j.refused(reason));
    }
    for (JoinEnd why : JoinEnd.values()) {
      joinCounter(
          "parley.receivers.ended",
          "receivers that had joined and receive no more",
          group.and("why", label(why)),
          joins,
          j -> j.ended(why));
    }
    joinCounter(
        "parley.join.cookies",
        "messages of receivers that were answered by a cookie",
        group,
        joins,
        JoinCounters::cookies);
    FirstMedia firstMedia = of.media().firstMedia();
    FunctionTimer.builder(
            "parley.join.media.delay",
            firstMedia,
            FirstMedia::count,
            FirstMedia::sumNanos,
            TimeUnit.NANOSECONDS)
        .description("from an accepted JOIN in mid-burst to the first packet sent to it")
        .tags(group)
        .register(registry);
    FunctionCounter.builder("parley.join.media.late", firstMedia, FirstMedia::late)
        .description("JOINs in mid-burst whose first packet took longer than 100 ms")
        .tags(group)
        .register(registry);
  }

  private void joinCounter(
      String name,
      String says,
      Tags tags,
      JoinCounters joins,
      ToDoubleFunction<JoinCounters> value) {
    FunctionCounter.builder(name, joins, value).description(says).tags(tags).register(registry);
  }

  private void groupGauge(
      String name, String says, Identity id, ToDoubleFunction<GroupStatus> value) {
    Gauge.builder(name, groups, all -> value.applyAsDouble(all.get(id)))
        .description(says)
        .tag("group", id.uri())
        .register(registry);
  }

  private void counter(
      String name, String says, Tags tags, Identity id, ToDoubleFunction<GroupStatus> value) {
    FunctionCounter.builder(name, groups, all -> value.applyAsDouble(all.get(id)))
        .description(says)
        .tags(tags)
        .register(registry);
  }

  private void bindLeg(Identity group, LegCounters leg) {
    Tags tags =
        Tags.of("group", group.uri(), "leg", leg.leg().name(), "direction", label(leg.direction()));
    if (bound.add(tags)) {
      legCounter("parley.packets", "packets in and out", leg, tags, LegCounters::packets);
      legCounter(
          "parley.octets", "octets of UDP payload in and out", leg, tags, LegCounters::octets);
      Gauge.builder("parley.leg.up", leg, l -> l.fault() == null ? 1 : 0)
          .description("1 while nothing keeps packets of this leg from coming or going")
          .tags(tags)
          .register(registry);
    }
    for (DropReason reason : DropReason.values()) {
      Tags withReason = tags.and("reason", reason.label());
      if (leg.dropped(reason) > 0 && bound.add(withReason)) {
        legCounter(
            "parley.leg.packets.dropped",
            "packets dropped on this leg",
            leg,
            withReason,
            l -> l.dropped(reason));
      }
    }
  }

  private void legCounter(
      String name, String says, LegCounters leg, Tags tags, ToDoubleFunction<LegCounters> value) {
    FunctionCounter.builder(name, leg, value).description(says).tags(tags).register(registry);
  }

  private double gmkAge(GroupStatus group) {
    GmkStatus gmk = group.gmk();
    return gmk == null ? Double.NaN : seconds(Duration.between(gmk.issued(), clock.instant()));
  }

  private double gmkLeft(GroupStatus group) {
    GmkStatus gmk = group.gmk();
    if (gmk == null) {
      return Double.NaN;
    }
    return gmk.expiry().equals(Instant.MAX)
        ? Double.POSITIVE_INFINITY
        : seconds(Duration.between(clock.instant(), gmk.expiry()));
  }

  private static double synchronised(GatewayStatus status) {
    return switch (status.clockState()) {
      case SYNCHRONISED -> 1;
      case UNSYNCHRONISED -> 0;
      case UNKNOWN -> Double.NaN;
    };
  }

  private static double seconds(@Nullable Duration duration) {
    return duration == null ? Double.NaN : duration.toNanos() / 1e9;
  }

  private static RecorderStatus recorder(GatewayStatus status) {
    RecorderStatus recorder = status.recorder();
    return recorder == null ? RecorderStatus.none() : recorder;
  }

  private static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
