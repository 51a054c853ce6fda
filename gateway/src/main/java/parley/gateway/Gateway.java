package parley.gateway;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.admin.GatewayControl;
import parley.gateway.admin.GatewayStatus;
import parley.gateway.admin.ReloadReport;
import parley.gateway.config.ConfigSource;
import parley.gateway.config.GatewayConfig;
import parley.gateway.config.GroupConfig;
import parley.gateway.config.KmsConfig;
import parley.gateway.enrol.SelfEnrolment;
import parley.gateway.keying.Duty;
import parley.gateway.keying.GmkCounters;
import parley.gateway.keying.GmkInbox;
import parley.gateway.keying.GroupTicks;
import parley.gateway.keying.GskWrapping;
import parley.gateway.keying.KeyingServices;
import parley.gateway.keying.LowestUriCoordinator;
import parley.gateway.keying.MikeyHttpCounters;
import parley.gateway.keying.MikeyHttpPort;
import parley.gateway.keying.MikeyInbox;
import parley.gateway.keying.MikeyPort;
import parley.gateway.keying.PoolBounds;
import parley.gateway.keying.Rehearsal;
import parley.gateway.keying.VerifyPool;
import parley.gateway.media.MediaTransport;
import parley.gateway.media.NettyTransport;
import parley.gateway.media.PacketLatency;
import parley.gateway.media.PortUnavailable;
import parley.gateway.media.TrunkCounters;
import parley.gateway.record.Recorder;
import parley.keys.enrol.Enrolled;
import parley.keys.enrol.KeyRenewal;
import parley.keys.enrol.NotEnrolled;
import parley.keys.enrol.ReceiptOutcome;
import parley.keys.enrol.RenewalState;
import parley.keys.manager.HeldMemberList;
import parley.keys.manager.MemberListKeeper;
import parley.keys.member.GmkAcceptance;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.srtp.CipherEngine;
import parley.srtp.CipherEngines;

/// The group peering entity: a member of several groups that relays, carries talkers between them,
/// and records.
///
/// `start` opens everything or nothing. Thread-safe; the planes live on loops of their own.
public final class Gateway implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
  private static final int CACHED_SIGNERS = 4096;
  private static final PoolBounds POOL = new PoolBounds(64, 256, 4096);
  private static final Duration CLOCK_BEHIND = Duration.ofSeconds(60);

  private static final Duration LOOK_AT_CLOCK = Duration.ofSeconds(10);

  private final ConfigSource source;
  private final GatewayServices services;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Duty duty = new Duty();
  private final GskWrapping wrapping = GskWrapping.none();
  private final Operations operations = new Operations();
  private final CipherEngine cipherEngine;
  private final Member member;
  private final MediaTransport transport;
  private final Recordings recordings;
  private final GmkInbox gmks;
  private final MikeyPort mikeyPort;
  private final @Nullable MikeyHttpPort mikeyHttp;
  private final Planes planes;
  private final ManagerFolders folders;
  private final ManagerRegistrations registrations;
  private final ClockGuard clockGuard;
  private final Drain drain;
  private final LiveControl control;
  private final ManagerConversations managers;
  private final @Nullable KeyRenewal renewal;
  private volatile GatewayConfig config;

  private Gateway(WholeConfig whole, ConfigSource source, Vault vault, GatewayServices services)
      throws StartRefused, NotEnrolled, KeysMissing, VaultException, PortUnavailable, IOException {
    this.config = whole.gateway();
    this.source = source;
    this.services = services;
    try {
      SelfEnrolment own = ownKeys(vault);
      if (own != null) {
        open.push(own);
      }
      Enrolled fetched = own == null ? null : own.fetchIfMissing();
      this.member = opened(Member.open(vault, config.identity(), services.clock()));
      checkKeysAndClock();
      this.cipherEngine =
          services.engine() == null ? select(config.srtpEngine()) : services.engine();
      this.clockGuard = new ClockGuard(services.clockSync());
      duty.announceWhile(clockGuard::mayAnnounce);
      this.transport =
          opened(
              NettyTransport.select(
                  config.media().io(), config.media().loops(), config.media().tick()));
      this.recordings = opened(new Recordings(vault, wrapping, services.clock()));
      this.gmks = opened(new GmkInbox(member));
      MikeyInbox inbox = new MikeyInbox(gmks);
      this.mikeyPort = opened(MikeyPort.bind(transport, config.mikeyListen(), inbox));
      this.mikeyHttp = mikeyHttp(inbox);
      KeyingServices keying = keyingServices();
      this.planes = opened(new Planes(config.identity(), transport, keying, inbox));
      this.folders = opened(new ManagerFolders(gmks, services.clock()));
      this.registrations =
          opened(
              new ManagerRegistrations(
                  member, mikeyPort, inbox, services.clock(), services.random()));
      ScheduledExecutorService timer = opened(timer());
      this.drain = new Drain(planes, duty, services.clock(), timer);
      this.control = new LiveControl(this, planes, drain, operations);
      this.managers =
          opened(
              new ManagerConversations(
                  vault,
                  member,
                  gmks,
                  control::membersChanged,
                  services.clock(),
                  services.random()));
      open.push(control::close);
      become(whole, () -> rehearse(keying));
      if (fetched != null) {
        take(fetched);
      }
      this.renewal = own == null ? null : opened(own.renewing(services.random(), this::take));
      if (own != null) {
        open.push(own::hearNoMore);
      }
      mikeyPort.start();
      if (mikeyHttp != null) {
        mikeyHttp.start();
      }
      lookAtClock(timer);
      managers.start();
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  /// Opens every port of `config`, and only then writes to the vault, which stays the caller's and
  /// must outlive the gateway. A reload reads no more than the members lists again.
  public static Gateway start(GatewayConfig config, Vault vault, GatewayServices services)
      throws StartRefused {
    return start(config, () -> config, vault, services);
  }

  /// The same, and a reload reads `source` again.
  public static Gateway start(
      GatewayConfig config, ConfigSource source, Vault vault, GatewayServices services)
      throws StartRefused {
    try {
      Gateway started = new Gateway(whole(config, vault), source, vault, services);
      LOG.atInfo()
          .addKeyValue("identity", config.identity().uri())
          .addKeyValue("groups", config.groups().size())
          .addKeyValue("engine", started.cipherEngine())
          .addKeyValue("transport", started.transport.name())
          .addKeyValue("mikey", started.mikeyPort.local())
          .log("gateway ready");
      if (started.mikeyHttp != null) {
        LOG.atInfo().addKeyValue("mikey", started.mikeyHttp.local()).log("MIKEY by HTTP ready");
      }
      return started;
    } catch (WholeConfig.WrongMembers e) {
      throw new StartRefused(StartRefused.Kind.CONFIGURATION, e.getMessage(), e);
    } catch (KeysMissing e) {
      throw new StartRefused(StartRefused.Kind.KEYS, e.getMessage(), e);
    } catch (NotEnrolled e) {
      throw new StartRefused(kind(e.kind()), e.getMessage(), e);
    } catch (VaultException e) {
      throw new StartRefused(StartRefused.Kind.VAULT, e.getMessage(), e);
    } catch (PortUnavailable e) {
      throw new StartRefused(StartRefused.Kind.PORT, e.getMessage(), e);
    } catch (IOException e) {
      throw new StartRefused(
          StartRefused.Kind.RECORDINGS,
          "cannot record to " + config.record().directory() + ": " + e.getMessage(),
          e);
    }
  }

  private static WholeConfig whole(GatewayConfig config, Vault vault)
      throws WholeConfig.WrongMembers {
    return WholeConfig.of(
        config,
        group ->
            MemberListKeeper.held(vault, config.identity(), group).map(HeldMemberList::members));
  }

  private static StartRefused.Kind kind(NotEnrolled.Kind kind) {
    return switch (kind) {
      case TLS -> StartRefused.Kind.CONFIGURATION;
      case VAULT -> StartRefused.Kind.VAULT;
      case PORT -> StartRefused.Kind.PORT;
      case LATER, NOT_KNOWN, REFUSED, NOT_GOOD -> StartRefused.Kind.KEYS;
    };
  }

  /// Null where the configuration names no KMS.
  private @Nullable SelfEnrolment ownKeys(Vault vault) throws NotEnrolled {
    KmsConfig kms = config.kms();
    return kms == null
        ? null
        : SelfEnrolment.of(kms, vault, config.identity(), config.device(), services.clock());
  }

  /// New keys are made ready here, so that no loop waits for it when their period begins. Which
  /// groups there are is for the configuration to say, not for the KMS. No manager is waited for.
  private void take(Enrolled enrolled) {
    try {
      enrolled
          .trust(member)
          .forEach(sentence -> LOG.atInfo().addKeyValue("kms", sentence).log("another KMS"));
    } catch (VaultException e) {
      LOG.atError().setCause(e).log("another KMS is not stored");
    }
    enrolled.prepare(member);
    List<GmkAcceptance> judged = enrolled.accept(member);
    judged.forEach(one ->
        LOG.atInfo().addKeyValue("message", one.toString()).log("a GMK message came with keys"));
    if (!judged.isEmpty()) {
      var _ =
          Thread.ofVirtual()
              .name("parley-receipts")
              .start(() -> enrolled.confirm(member, judged).forEach(Gateway::log));
    }
  }

  private static void log(ReceiptOutcome outcome) {
    if (outcome.problem() == null) {
      LOG.atInfo().addKeyValue("group", outcome.group().uri()).log("the manager has the receipt");
    } else {
      LOG.atWarn().addKeyValue("reason", outcome.problem()).log("receipt not handed in");
    }
  }

  private @Nullable MikeyHttpPort mikeyHttp(MikeyInbox inbox) throws PortUnavailable {
    InetSocketAddress listen = config.mikeyHttp();
    return listen == null ? null : opened(MikeyHttpPort.bind(listen, inbox, services.clock()));
  }

  private <T extends AutoCloseable> T opened(T part) {
    open.push(part);
    return part;
  }

  /// A gateway without keys for now could neither carry nor answer for anything it says; one whose
  /// clock is behind what it has accepted before would take old messages for new ones.
  private void checkKeysAndClock() throws StartRefused, KeysMissing {
    Instant now = services.clock().instant();
    for (GroupConfig group : config.groups()) {
      for (var gmk : member.gmkBook().all(group.id())) {
        Instant issued = gmk.issued().toInstant();
        if (issued.isAfter(now.plus(CLOCK_BEHIND))) {
          throw new StartRefused(
              StartRefused.Kind.CLOCK,
              "the clock says %s, but a GMK of %s was issued at %s; set the clock and start again"
                  .formatted(now, group.id().uri(), issued),
              null);
        }
      }
    }
    member.signer(NtpTimestamp.of(now));
  }

  private static CipherEngine select(String name) {
    CipherEngines.Selection chosen = CipherEngines.selection(name);
    chosen.passedOver().forEach(why -> LOG.warn("a faster cipher engine is passed over: {}", why));
    return chosen.engine();
  }

  private KeyingServices keyingServices() {
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    return new KeyingServices(
        member,
        opened(new VerifyPool("parley-verify", threads, POOL)),
        new EccsiVerifier(CACHED_SIGNERS),
        cipherEngine,
        services.coordinator() == null
            ? new LowestUriCoordinator(config.identity())
            : services.coordinator(),
        wrapping,
        duty,
        new GroupTicks(),
        services.random(),
        services.clock());
  }

  private static ScheduledExecutorService timer() {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().daemon().name("parley-timer").factory());
  }

  private void lookAtClock(ScheduledExecutorService timer) {
    clockGuard.look();
    var _ =
        timer.scheduleWithFixedDelay(
            clockGuard::look,
            LOOK_AT_CLOCK.toSeconds(),
            LOOK_AT_CLOCK.toSeconds(),
            TimeUnit.SECONDS);
  }

  /// Becomes what `whole` says. From one thread at a time: the start, then [LiveControl].
  ///
  /// @throws PortUnavailable when a port is not to be had; nothing has changed
  /// @throws VaultException when the vault cannot be written; nothing has changed
  ReloadReport become(WholeConfig whole, Runnable beforeOpening)
      throws PortUnavailable, VaultException, IOException {
    ConfigChange change = new ConfigChange(planes, recordings, new Memberships(member), whole);
    ReloadReport report = change.apply(beforeOpening);
    clockGuard.require(whole.gateway().clock().requireSynchronised());
    folders.follow(whole.gateway().groups());
    registrations.follow(whole.gateway().groups());
    managers.follow(whole.gateway().groups());
    config = whole.gateway();
    return report;
  }

  /// The first real announcement must not be the first that this process ever verified. No group is
  /// better for it than another.
  private void rehearse(KeyingServices keying) {
    var rehearsal = new Rehearsal(member, keying.engine(), services.clock(), services.random());
    GroupConfig group = config.groups().getFirst();
    rehearsal.play(group.id(), group.profiles().getFirst());
  }

  /// The plane of a configured group.
  public GroupPlane plane(Identity group) {
    ServedGroup served = planes.find(group);
    if (served == null) {
      throw new IllegalArgumentException(group.uri() + " is none of this gateway's groups");
    }
    return served.plane();
  }

  /// The managers that are asked over HTTPS, and the lists of members that came from them.
  ManagerConversations managers() {
    return managers;
  }

  List<ServedGroup> served() {
    return planes.served();
  }

  /// What an operator may do while it runs.
  public GatewayControl control() {
    return control;
  }

  /// How often that was done.
  public Operations operations() {
    return operations;
  }

  /// How long packets stay in this gateway, for each loop that has sockets.
  public List<PacketLatency> latencies() {
    return transport.latencies();
  }

  /// What each trunk has counted, one for each direction and place.
  public List<TrunkCounters> trunks() {
    return transport.trunks();
  }

  /// The name of the SRTP engine in use.
  public String cipherEngine() {
    return cipherEngine.name();
  }

  /// Whether the system clock follows a reference, as far as the kernel tells; asks it now.
  public ClockSync.State clockSync() {
    return clockGuard.state();
  }

  ConfigSource source() {
    return source;
  }

  InstantSource clock() {
    return services.clock();
  }

  /// What the admin interface shows; any thread.
  public GatewayStatus status() {
    return new LiveStatus(this);
  }

  /// What it was told last.
  public GatewayConfig config() {
    return config;
  }

  public Member member() {
    return member;
  }

  /// How the renewal of its keys goes; null where the configuration names no KMS.
  public @Nullable RenewalState keyRenewal() {
    return renewal == null ? null : renewal.state();
  }

  public GmkCounters gmkCounters() {
    return gmks.counters();
  }

  /// Null as long as no group is recorded.
  public @Nullable Recorder recordings() {
    return recordings.recorder();
  }

  /// Where MIKEY messages are heard; the port that the system chose when the configured one is 0.
  public InetSocketAddress mikeyAddress() {
    return mikeyPort.local();
  }

  /// Where MIKEY messages come by HTTP; null where they do not.
  public @Nullable InetSocketAddress mikeyHttpAddress() {
    return mikeyHttp == null ? null : mikeyHttp.local();
  }

  /// What became of them; null where there are none.
  public @Nullable MikeyHttpCounters mikeyHttpCounters() {
    return mikeyHttp == null ? null : mikeyHttp.counters();
  }

  /// Ends every burst, closes every port, and waits until the recordings are closed.
  @Override
  public void close() {
    while (!open.isEmpty()) {
      AutoCloseable part = open.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.atWarn().setCause(e).log("closing {} failed", part);
      }
    }
  }
}
