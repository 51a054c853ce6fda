package parley.gateway.keying;

import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.media.Burst;
import parley.gateway.media.BurstEnd;
import parley.gateway.media.GroupMedia;
import parley.gateway.media.Leg;
import parley.gateway.media.MediaEvents;
import parley.gateway.media.PortUnavailable;
import parley.gateway.media.Stream;
import parley.mikey.group.Admission;
import parley.mikey.group.AnnouncementGate;
import parley.mikey.group.AnnouncementVerifier;
import parley.mikey.group.AnnouncementVerifier.Outcome;
import parley.mikey.group.BridgeOrigin;
import parley.mikey.group.CryptoSession;
import parley.mikey.group.JoinAnswer;
import parley.mikey.group.MediaPolicy;
import parley.mikey.group.Refusal;
import parley.mikey.group.UnverifiedAnnouncement;
import parley.mikey.group.VerifiedAnnouncement;
import parley.mikey.identity.Identity;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.Octets;

/// A GSK announcement from its octets to installed SRTP keys, for one group (wire profile, section
/// 4).
///
/// 1. on the loop: the [AnnouncementGate] — grammar, group, GMK, window, RAND binding, policy,
///    duplicates, MAC — and the path of gateways; media that matches is held from here on;
/// 2. in the [VerifyPool]: signature, unwrap, session keys, and the outbound CSB of every bridge;
/// 3. back on the loop: permission, conflicts, limits, then the replay cache, and one command to
///    [GroupMedia] that installs the keys and releases the held packets.
///
/// Every method runs on the loop of the group unless it says otherwise.
public final class GroupKeying implements MediaEvents {
  private static final Logger LOG = LoggerFactory.getLogger(GroupKeying.class);
  private static final String OVERTAKEN = "a repeat that a newer one overtook";
  private static final String DRAINING = "this gateway takes no new burst until it is resumed";

  private final GroupMedia media;
  private final AnnouncementGate gate;
  private final AnnouncementVerifier verifier;
  private final KeyingServices services;
  private final KeyingCounters counters;
  private final RefusalLog refusals;
  private final GmkWatch gmks;
  private final ClockWatch clockWatch;
  private final BurstBook book = new BurstBook();
  private final Carrier carrier;
  private final BurstMaker maker;
  private final OwnAnnouncer own;
  private final Receivers receivers;
  private final JoinInbox joins;
  private final Set<Identity> muted = new LinkedHashSet<>();

  /// Written by the loop, read by the pool too.
  private volatile GroupKeyingSettings settings;

  private volatile GroupRoster roster;
  private final Runnable tick = this::tick;
  private boolean closed;

  public GroupKeying(
      GroupKeyingSettings settings,
      GroupMedia media,
      AnnouncementGate gate,
      AnnouncementVerifier verifier,
      GroupRoster roster,
      KeyingCounters counters,
      List<Leg> relay,
      KeyingServices services) {
    this.counters = counters;
    this.settings = settings;
    this.media = media;
    this.gate = gate;
    this.verifier = verifier;
    this.roster = roster;
    this.services = services;
    this.refusals = new RefusalLog(settings.group(), counters, services.clock());
    this.clockWatch = new ClockWatch(settings.group(), counters, services.clock());
    this.gmks = new GmkWatch(() -> services.member().sendingGmk(media.group()), settings.grace());
    this.carrier = new Carrier(this, services);
    this.maker = new BurstMaker(services);
    this.own = new OwnAnnouncer(() -> this.settings, () -> this.roster, verifier, maker, services);
    this.receivers = new Receivers(media, relay, this::tell, counters.joins());
    this.joins = new JoinInbox(this, receivers, services);
  }

  public Identity group() {
    return settings.group();
  }

  /// Any thread.
  public KeyingCounters counters() {
    return counters;
  }

  public EventLoop loop() {
    return media.loop();
  }

  /// Who receives by unicast.
  public Receivers receivers() {
    return receivers;
  }

  /// Where receivers join.
  public JoinInbox joins() {
    return joins;
  }

  GroupKeyingSettings settings() {
    return settings;
  }

  GroupRoster roster() {
    return roster;
  }

  boolean isClosed() {
    return closed;
  }

  GroupMedia media() {
    return media;
  }

  GmkWatch gmks() {
    return gmks;
  }

  /// Carries every burst of this group into `destination` from now on. Both share one loop.
  public void bridgeTo(GroupKeying destination) {
    if (!destination.loop().equals(loop())) {
      throw new IllegalArgumentException("bridged groups must share one loop");
    }
    carrier.add(new Bridge(settings.self(), destination));
  }

  /// Carries into these groups from now on: what runs is announced in those that are new, and ends
  /// in those that are gone.
  public void bridgeTo(List<GroupKeying> destinations) {
    for (Bridge gone : carrier.bridges()) {
      if (!destinations.contains(gone.destination())) {
        carrier.remove(gone);
      }
    }
    for (GroupKeying destination : destinations) {
      if (!carrier.leadsTo(destination)) {
        bridgeTo(destination);
        book.all().stream().filter(b -> !b.own).forEach(b -> carrier.consider(b, destination));
      }
    }
  }

  /// Lives by other rules from now on.
  ///
  /// Whoever may no longer speak here, or be carried here by this gateway, loses his burst. What
  /// else is stricter than before is for new bursts: one that runs goes on under the profile that
  /// it has, and beyond a lower limit of talkers.
  public void change(GroupKeyingSettings newSettings, GroupRoster newRoster) {
    boolean isSameList = roster.equals(newRoster);
    settings = newSettings;
    roster = newRoster;
    gmks.grace(newSettings.grace());
    gate.change(passing(), newSettings.window(), newSettings.mkiOptional() || runsWithoutMki());
    joins.change();
    if (!isSameList) {
      for (RunningBurst running : book.all()) {
        if (!isPermitted(running.burst.announcement())) {
          end(running, BurstEnd.NOT_PERMITTED);
        }
      }
    }
  }

  /// The policies of repeats that the gate lets through: those of running bursts among them.
  private Set<MediaPolicy> passing() {
    Set<MediaPolicy> policies = new HashSet<>(settings.policies());
    book.all().forEach(b -> policies.add(SrtpKeying.policy(b.burst.announcement())));
    return policies;
  }

  private boolean runsWithoutMki() {
    return book.all().stream().anyMatch(b -> SrtpKeying.mkiOctets(b.burst.announcement()) == 0);
  }

  /// Starts the clock of repeats, silences and grace.
  public void start() {
    services.ticks().add(loop(), tick);
  }

  // ---- 1: on the loop, cheap ----

  /// Octets that the sorter, the MIKEY port or a test found to be a pre-shared-key message.
  public void receive(InetSocketAddress source, byte[] octets, long receivedUnixNanos) {
    receive(new Arrival(source, receivedUnixNanos, false), octets);
  }

  void receive(Arrival arrival, byte[] octets) {
    switch (gate.admit(octets)) {
      case Admission.Refused r ->
          refusals.note(r.reason(), r.detail(), r.message(), arrival.source());
      case Admission.Admitted a -> admitted(a, arrival);
    }
  }

  private void admitted(Admission.Admitted a, Arrival arrival) {
    RunningBurst known = book.find(a.message().csbId());
    if (known == null && !services.duty().takesBursts()) {
      gate.settle(a, false);
      refusals.note(Refusal.DRAINING, DRAINING, a.message(), arrival.source());
      return;
    }
    if (known == null) {
      media.hold(a.message().csbId(), a.message().gskId(), ssrcs(a.message().sessions()));
    }
    Runnable examination = () -> examine(a, known, arrival);
    InetAddress source = arrival.source().getAddress();
    boolean queued =
        known == null
            ? services.pool().submit(this, source, examination)
            : services.pool().submitRepeat(this, source, examination);
    if (!queued) {
      gate.settle(a, false);
      unhold(a.message().csbId());
      refusals.note(
          Refusal.OVERLOAD, "the verification pool is full", a.message(), arrival.source());
    } else if (known != null) {
      known.waits(true);
    }
  }

  // ---- 2: in the pool ----

  private void examine(Admission.Admitted a, @Nullable RunningBurst known, Arrival arrival) {
    Outcome outcome;
    @Nullable Candidate candidate = null;
    try {
      RunningBurst running = book.peek(a.message().csbId());
      boolean isOvertaken = running != null && running.hasOvertaken(a.message());
      outcome =
          isOvertaken
              ? new Outcome.Refused(Refusal.DUPLICATE, OVERTAKEN) // not worth a verification
              : verifier.verify(a, services.member().kms());
      if (outcome instanceof Outcome.Verified v && running == null) {
        candidate = candidate(v.announcement());
      }
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("group", group().uri()).setCause(e).log("verification failed");
      outcome = new Outcome.Refused(Refusal.BAD_KEY_DATA, "an internal error, see the log");
    }
    Outcome result = outcome;
    Candidate made = candidate;
    loop()
        .execute(() -> {
          if (known != null) {
            known.waits(false);
          }
          complete(a, result, made, arrival);
        });
  }

  private Candidate candidate(VerifiedAnnouncement a) {
    return new Candidate(maker.make(a), isPermitted(a) ? carrier.prepare(a) : List.of());
  }

  private boolean isPermitted(VerifiedAnnouncement a) {
    return a.origin() == null ? roster.mayTalk(a.talker()) : roster.mayRelay(a.talker());
  }

  // ---- 3: on the loop again ----

  private void complete(
      Admission.Admitted a, Outcome outcome, @Nullable Candidate candidate, Arrival arrival) {
    if (closed) {
      discard(outcome, candidate);
      return;
    }
    switch (outcome) {
      case Outcome.Refused r -> refuse(a, r.reason(), r.detail(), candidate, arrival);
      case Outcome.Verified v -> {
        if (!isKept(a, v.announcement(), candidate, arrival)) {
          v.announcement().close();
        }
      }
    }
  }

  /// Whether a verified announcement became a burst, which then owns it.
  private boolean isKept(
      Admission.Admitted a,
      VerifiedAnnouncement verified,
      @Nullable Candidate candidate,
      Arrival arrival) {
    RunningBurst running = book.find(verified.csbId());
    if (running != null) {
      completeRepeat(a, running, verified, candidate, arrival);
      return false; // its octets were relayed and recorded, its keys are those of the first
    }
    if (candidate == null) {
      // the burst ended while its repeat was in the pool; the next repeat brings it back
      refuse(a, Refusal.DUPLICATE, "a repeat of a burst that just ended", null, arrival);
      return false;
    }
    return completeNew(a, verified, candidate, arrival);
  }

  /// The plane was closed while the pool worked.
  private static void discard(Outcome outcome, @Nullable Candidate candidate) {
    if (candidate != null) {
      candidate.close();
    }
    if (outcome instanceof Outcome.Verified v) {
      v.announcement().close();
    }
  }

  private void refuse(
      Admission.Admitted a,
      Refusal reason,
      String detail,
      @Nullable Candidate candidate,
      Arrival arrival) {
    gate.settle(a, false);
    unhold(a.message().csbId());
    if (candidate != null) {
      candidate.close();
    }
    refusals.note(reason, detail, a.message(), arrival.source());
  }

  private void completeRepeat(
      Admission.Admitted a,
      RunningBurst running,
      VerifiedAnnouncement repeat,
      @Nullable Candidate candidate,
      Arrival arrival) {
    if (!running.isRepeatedBy(repeat)) {
      running.dispute();
      media.announced(running.burst, repeat.octets(), arrival.receivedUnixNanos());
      refuse(
          a,
          Refusal.CONFLICT,
          "another talker, key or map under a CSB ID in use",
          candidate,
          arrival);
      return;
    }
    if (repeat.timestamp().compareTo(running.lastT()) <= 0) {
      refuse(a, Refusal.DUPLICATE, OVERTAKEN, candidate, arrival);
      return;
    }
    if (candidate != null) {
      candidate.close();
    }
    gate.settle(a, true);
    unhold(repeat.csbId());
    running.heard(repeat.timestamp(), repeat.octets(), now());
    running.cameBy(arrival);
    counters.repeat();
    clockWatch.compare(repeat);
    reseed(running.burst, repeat.sessions());
    relay(running);
    media.announced(running.burst, repeat.octets(), arrival.receivedUnixNanos());
  }

  private boolean completeNew(
      Admission.Admitted a, VerifiedAnnouncement first, Candidate candidate, Arrival arrival) {
    RunningBurst before = book.of(RunningBurst.Speaker.of(first));
    noteOtherGateway(first);
    Refused refused = objection(first, before);
    if (refused != null) {
      refuse(a, refused.reason(), refused.detail(), candidate, arrival);
      return false;
    }
    gate.settle(a, true);
    if (before != null) {
      end(before, BurstEnd.NEW_BURST);
    }
    RunningBurst rival = rivalOf(first);
    if (rival != null) {
      yieldTo(first.talker(), rival);
    }
    RunningBurst running = new RunningBurst(candidate.burst, false, now());
    running.cameBy(arrival);
    add(running);
    counters.accept();
    clockWatch.compare(first);
    relay(running);
    media.install(candidate.burst, () -> carrier.carry(running, candidate.bridges));
    return true;
  }

  /// A stream without an authenticated packet starts where the newest map says; one that has some
  /// never moves (wire profile, section 3).
  private static void reseed(Burst burst, List<CryptoSession> sessions) {
    for (Stream stream : burst.streams()) {
      for (CryptoSession cs : sessions) {
        if (cs.ssrc() == stream.ssrc() && cs.indexKnown()) {
          stream.rtp().seed(cs.nextIndex());
        }
      }
    }
  }

  private record Refused(Refusal reason, String detail) {}

  /// What speaks against a new CSB, or null.
  private @Nullable Refused objection(VerifiedAnnouncement a, @Nullable RunningBurst before) {
    if (!services.duty().takesBursts()) {
      return new Refused(Refusal.DRAINING, DRAINING);
    }
    if (!isAllowed(a)) {
      return new Refused(Refusal.POLICY_NOT_ALLOWED, "the group no longer allows its profile");
    }
    if (!isPermitted(a)) {
      String missing = a.origin() == null ? "talk" : "relay";
      return new Refused(Refusal.NOT_PERMITTED, "the members list does not let it " + missing);
    }
    if (gmks.isBeyondGrace(a.gmk(), now())) {
      return new Refused(Refusal.GMK_NOT_OPEN, "a newer GMK is current and the grace time is over");
    }
    if (before != null && before.lastT().compareTo(a.timestamp()) >= 0) {
      return new Refused(Refusal.DUPLICATE, "the same talker has announced a newer burst");
    }
    RunningBurst holder = book.confusedWith(a);
    if (holder != null && holder != before) {
      holder.dispute();
      return new Refused(Refusal.CONFLICT, "SSRC and MKI belong to another burst");
    }
    if (before == null && book.size() >= settings.maxTalkers()) {
      return new Refused(Refusal.TALKER_LIMIT, settings.maxTalkers() + " talkers are speaking");
    }
    if (!media.hasRoom(a.sessions().size())) {
      return new Refused(Refusal.OVERLOAD, "the group has no room for more streams");
    }
    RunningBurst rival = rivalOf(a);
    if (rival != null && LowestUriCoordinator.precedes(rival.burst.talker(), a.talker())) {
      return new Refused(
          Refusal.LOOP, "the burst is heard already via " + rival.burst.talker().uri());
    }
    return null;
  }

  /// The gate lets repeats of what runs pass under rules that were; a new burst keeps those of now.
  private boolean isAllowed(VerifiedAnnouncement a) {
    return settings.policies().contains(SrtpKeying.policy(a))
        && (settings.mkiOptional() || SrtpKeying.mkiOctets(a) > 0);
  }

  /// The burst of another gateway that carries the same origin into this group.
  private @Nullable RunningBurst rivalOf(VerifiedAnnouncement a) {
    RunningBurst same = book.of(RunningBurst.Origin.of(a));
    return same == null || same.burst.talker().equals(a.talker()) ? null : same;
  }

  private void yieldTo(Identity gateway, RunningBurst rival) {
    LOG.atInfo()
        .addKeyValue("group", group().uri())
        .addKeyValue("gateway", gateway.uri())
        .addKeyValue("speaker", rival.burst.speaker())
        .log("another gateway with a lower URI carries this talker");
    counters.standDown();
    end(rival, BurstEnd.STANDBY);
  }

  /// Another gateway carries a talker into this group: the coordinator learns of it.
  private void noteOtherGateway(VerifiedAnnouncement a) {
    BridgeOrigin origin = a.origin();
    if (origin != null && roster.mayRelay(a.talker())) {
      services.coordinator().heard(a.talker(), origin.group(), group());
    }
  }

  // ---- the bursts of this group, as time and events end them ----

  private void add(RunningBurst running) {
    book.add(running);
    running.burst.mute(isMuted(running));
    BurstLog.started(running.burst);
    counters.running(book.size(), book.talkers());
  }

  /// Ends a burst and everything that hangs on it.
  void end(RunningBurst running, BurstEnd why) {
    book.remove(running);
    counters.running(book.size(), book.talkers());
    running.release(why);
    carrier.ended(running, why);
    media.retire(running.burst, why);
    running.burst.announcement().close();
    BurstLog.ended(running, why, now());
    if (!isHeard()) {
      media.silent();
    }
  }

  /// Ends everything that runs.
  public void endAll(BurstEnd why) {
    book.all().forEach(b -> end(b, why));
  }

  // ---- talkers whom the operator has muted ----

  /// Passes nothing on that this identity says, or vouches for as a gateway.
  public void mute(Identity talker) {
    muted.add(talker);
    book.all().forEach(b -> b.burst.mute(isMuted(b)));
  }

  /// Listeners get the announcements of what runs again at once.
  public void unmute(Identity talker) {
    muted.remove(talker);
    for (RunningBurst running : book.all()) {
      if (running.burst.isMuted() && !isMuted(running)) {
        running.burst.mute(false);
        if (isFresh(running)) {
          relay(running);
        }
      }
    }
  }

  public List<Identity> muted() {
    return List.copyOf(muted);
  }

  private boolean isMuted(RunningBurst running) {
    return muted.contains(running.burst.talker()) || muted.contains(running.origin.talker());
  }

  private void relay(RunningBurst running) {
    if (running.burst.isMuted()) {
      return;
    }
    if (running.isByTrunk()) {
      media.relayBeyondTrunks(running.lastOctets());
    } else {
      media.relay(running.lastOctets());
    }
  }

  /// Whether a receiver would still accept the newest announcement (wire profile, section 4).
  private boolean isFresh(RunningBurst running) {
    return now().isBefore(running.lastT().toInstant().plus(settings.window()));
  }

  /// Looks at the clock: what is silent, what outlived its GMK, what must be repeated.
  void tick() {
    Instant now = now();
    gmks.look(now);
    for (RunningBurst running : book.all()) {
      if (running.isSilent(now)) {
        end(running, BurstEnd.SILENT);
      } else if (gmks.isBeyondGrace(running.burst.announcement().gmk(), now)) {
        end(running, BurstEnd.GMK_GRACE);
      }
    }
    joins.tick(now);
    carrier.tick(now);
  }

  boolean hears(RunningBurst.Origin origin) {
    return book.of(origin) != null;
  }

  boolean runs(RunningBurst running) {
    return book.find(running.csbId()) == running;
  }

  /// What runs now, for the admin interface.
  public List<RunningBurst> running() {
    return book.all();
  }

  /// A relay leg that was added while bursts run gets their newest announcements, as long as a
  /// receiver would still accept them.
  public void addRelay(Leg leg) throws PortUnavailable {
    media.addRelay(leg);
    tell(leg);
  }

  /// Tells the receiver behind a relay leg what runs.
  public void tell(Leg leg) {
    for (RunningBurst running : book.all()) {
      if (isFresh(running) && !running.burst.isMuted() && running.mayGoTo(leg)) {
        media.relayTo(leg, running.lastOctets());
      }
    }
  }

  /// What a late receiver is told, by short keys.
  List<Octets> runningKeys() {
    List<Octets> keys = new ArrayList<>();
    for (RunningBurst running : book.all()) {
      if (isFresh(running) && !running.burst.isMuted() && keys.size() < JoinAnswer.MOST_RUNNING) {
        try {
          keys.add(UnverifiedAnnouncement.read(running.lastOctets()).shortKey());
        } catch (MalformedMessage e) {
          throw new IllegalStateException("an accepted announcement cannot be read", e);
        }
      }
    }
    return keys;
  }

  /// A gateway vouches for these announcements, though they are older than we.
  public void vouch(List<Octets> running) {
    gate.vouch(running);
  }

  /// Whether anybody speaks whom receivers would hear.
  boolean isHeard() {
    return book.all().stream().anyMatch(running -> !running.burst.isMuted());
  }

  @Override
  public void bye(Burst burst) {
    RunningBurst running = book.find(burst.csbId());
    if (running != null && running.burst == burst) {
      end(running, BurstEnd.BYE);
    }
  }

  @Override
  public void unknownStream(int ssrc, int mki, InetSocketAddress source) {
    LOG.atDebug()
        .addKeyValue("group", group().uri())
        .addKeyValue("ssrc", Integer.toUnsignedLong(ssrc))
        .addKeyValue("source", source)
        .log("media of a stream that no announcement maps");
  }

  @Override
  public void ivReuse(Burst burst, int ssrc) {
    LOG.atError()
        .addKeyValue("group", group().uri())
        .addKeyValue("speaker", burst.speaker())
        .addKeyValue("ssrc", Integer.toUnsignedLong(ssrc))
        .log("iv_reuse_detected: two transmitters share one key, the burst is disputed");
    RunningBurst running = book.find(burst.csbId());
    if (running != null) {
      running.dispute();
    }
  }

  @Override
  public void firstPacket(Burst burst) {
    BurstLog.firstPacket(burst, now());
  }

  /// Ends every burst; the planes are closed afterwards.
  public void close() {
    joins.close();
    closed = true;
    services.ticks().remove(loop(), tick);
    endAll(BurstEnd.CLOSED);
  }

  // ---- bursts that this gateway announces here for a talker of another group ----

  OwnAnnouncer own() {
    return own;
  }

  /// Announces an own burst to the relay legs and keeps it as one that runs.
  RunningBurst announceOwn(Burst out) {
    RunningBurst before = book.of(RunningBurst.Speaker.of(out.announcement()));
    if (before != null) {
      end(before, BurstEnd.NEW_BURST);
    }
    RunningBurst running = new RunningBurst(out, true, now());
    add(running);
    relay(running);
    return running;
  }

  void repeatOwn(RunningBurst out, OwnAnnouncer.Sealed repeat) {
    Instant now = now();
    out.heard(repeat.t(), repeat.octets(), now);
    relay(out);
    media.announced(out.burst, repeat.octets(), unixNanos(now));
  }

  private static long unixNanos(Instant t) {
    return Math.addExact(Math.multiplyExact(t.getEpochSecond(), 1_000_000_000L), t.getNano());
  }

  private void unhold(int csbId) {
    if (book.find(csbId) == null) {
      media.unhold(csbId);
    }
  }

  private static int[] ssrcs(List<CryptoSession> sessions) {
    return sessions.stream().mapToInt(CryptoSession::ssrc).toArray();
  }

  private Instant now() {
    return services.clock().instant();
  }
}
