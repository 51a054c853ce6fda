package parley.gateway;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.admin.GatewayStatus;
import parley.gateway.config.GatewayConfig;
import parley.gateway.config.GroupConfig;
import parley.gateway.keying.GmkCounters;
import parley.gateway.keying.GmkFolder;
import parley.gateway.keying.GmkInbox;
import parley.gateway.keying.GroupKeyingSettings;
import parley.gateway.keying.GroupRoster;
import parley.gateway.keying.KeyingServices;
import parley.gateway.keying.LowestUriCoordinator;
import parley.gateway.keying.MikeyInbox;
import parley.gateway.keying.MikeyPort;
import parley.gateway.keying.Rehearsal;
import parley.gateway.keying.VerifyPool;
import parley.gateway.media.GroupMediaSettings;
import parley.gateway.media.Leg;
import parley.gateway.media.MediaLimits;
import parley.gateway.media.MediaTap;
import parley.gateway.media.MediaTransport;
import parley.gateway.media.NettyTransport;
import parley.gateway.media.PortUnavailable;
import parley.gateway.record.PayloadTypes;
import parley.gateway.record.Recorder;
import parley.gateway.record.RecorderEvents;
import parley.gateway.record.RecorderSettings;
import parley.keys.manager.MemberList;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.keys.vault.RecordingKey;
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
  private static final int POOL_PER_SOURCE = 64;
  private static final int POOL_TOTAL = 1024;
  private static final Duration CLOCK_BEHIND = Duration.ofSeconds(60);

  private final GatewayConfig config;
  private final GatewayServices services;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Map<Identity, GroupPlane> planes = new HashMap<>();
  private final Member member;
  private final MediaTransport transport;
  private final GmkInbox gmks;
  private final MikeyInbox inbox;
  private final @Nullable Recorder recorder;
  private final MikeyPort mikeyPort;

  private Gateway(GatewayConfig config, Vault vault, GatewayServices services)
      throws StartRefused, KeysMissing, VaultException, PortUnavailable, IOException {
    this.config = config;
    this.services = services;
    try {
      this.member = opened(Member.open(vault, config.identity(), services.clock()));
      checkKeysAndClock();
      this.transport = opened(NettyTransport.select(config.media().io(), config.media().loops()));
      this.recorder = isRecording() ? opened(recorder()) : null;
      this.gmks = opened(new GmkInbox(member));
      this.inbox = new MikeyInbox(gmks);
      KeyingServices keying = keyingServices(vault);
      rehearse(keying);
      openPlanes(keying);
      openFolders();
      this.mikeyPort = opened(MikeyPort.open(transport, config.mikeyListen(), inbox));
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  /// Opens every port of `config`; `vault` stays the caller's and must outlive the gateway.
  public static Gateway start(GatewayConfig config, Vault vault, GatewayServices services)
      throws StartRefused {
    try {
      Gateway started = new Gateway(config, vault, services);
      LOG.atInfo()
          .addKeyValue("identity", config.identity().uri())
          .addKeyValue("groups", config.groups().size())
          .addKeyValue("transport", started.transport.name())
          .addKeyValue("mikey", started.mikeyPort.local())
          .log("gateway ready");
      return started;
    } catch (KeysMissing e) {
      throw new StartRefused(StartRefused.Kind.KEYS, e.getMessage(), e);
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

  private boolean isRecording() {
    return config.groups().stream().anyMatch(GroupConfig::record);
  }

  private Recorder recorder() throws IOException {
    RecorderSettings settings =
        RecorderSettings.defaults()
            .withWarnBelow(config.record().warnBelowOctets())
            .withPayloadTypes(PayloadTypes.with(config.media().payloadTypes()));
    return new Recorder(
        config.record().directory(),
        config.identity(),
        settings,
        services.clock(),
        RecorderEvents.logging());
  }

  private KeyingServices keyingServices(Vault vault) throws VaultException {
    RecordingKey recordingKey = isRecording() ? vault.recordingKey() : null;
    CipherEngine engine =
        services.engine() == null ? CipherEngines.select(config.srtpEngine()) : services.engine();
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    return new KeyingServices(
        member,
        opened(new VerifyPool("parley-verify", threads, POOL_PER_SOURCE, POOL_TOTAL)),
        new EccsiVerifier(CACHED_SIGNERS),
        engine,
        services.coordinator() == null
            ? new LowestUriCoordinator(config.identity())
            : services.coordinator(),
        recordingKey,
        services.random(),
        services.clock());
  }

  /// Once, with the first group whose GMK is there: the first real announcement must not be the
  /// first that this process ever verified.
  private void rehearse(KeyingServices keying) {
    var rehearsal = new Rehearsal(member, keying.engine(), services.clock(), services.random());
    for (GroupConfig group : config.groups()) {
      if (rehearsal.play(group.id(), group.profiles().getFirst())) {
        return;
      }
    }
  }

  private void openPlanes(KeyingServices keying) throws StartRefused, PortUnavailable {
    for (List<GroupConfig> island : LoopPlan.islands(config.groups())) {
      EventLoop loop = transport.nextLoop();
      for (GroupConfig group : island) {
        planes.put(group.id(), opened(plane(group, loop, keying)));
      }
      for (GroupConfig group : island) {
        group.bridges().forEach(to -> plane(group.id()).bridgeTo(plane(to)));
      }
    }
    for (GroupConfig group : config.groups()) {
      plane(group.id()).open(inbox);
    }
  }

  /// Managers that deliver by file; those that deliver by network come to MIKEY's port.
  private void openFolders() {
    config.groups().stream()
        .map(GroupConfig::manager)
        .filter(manager -> manager != null && "file".equals(manager.getScheme()))
        .distinct()
        .forEach(folder -> opened(GmkFolder.open(Path.of(folder), gmks)));
  }

  private GroupPlane plane(GroupConfig group, EventLoop loop, KeyingServices keying)
      throws StartRefused {
    Recorder wanted = group.record() ? recorder : null;
    return GroupPlane.of(
        new GroupMediaSettings(
            group.id(),
            group.listen(),
            group.relay(),
            MediaLimits.defaults().withWindow(group.window())),
        new GroupKeyingSettings(
            config.identity(),
            group.id(),
            group.profiles(),
            group.window(),
            group.grace(),
            group.maxTalkers(),
            group.listen().stream().anyMatch(Leg::mkiOptional)),
        roster(group),
        transport,
        loop,
        wanted == null ? MediaTap.none() : wanted,
        wanted == null ? keying.withoutRecording() : keying);
  }

  private static GroupRoster roster(GroupConfig group) throws StartRefused {
    if (group.members() == null) {
      return GroupRoster.withoutList();
    }
    try {
      return GroupRoster.of(MemberList.load(group.members()));
    } catch (Exception e) {
      throw new StartRefused(StartRefused.Kind.CONFIGURATION, e.getMessage(), e);
    }
  }

  /// The plane of a configured group.
  public GroupPlane plane(Identity group) {
    GroupPlane plane = planes.get(group);
    if (plane == null) {
      throw new IllegalArgumentException(group.uri() + " is none of this gateway's groups");
    }
    return plane;
  }

  /// What the admin interface shows; any thread.
  public GatewayStatus status() {
    return new LiveStatus(this);
  }

  public GatewayConfig config() {
    return config;
  }

  public Member member() {
    return member;
  }

  public GmkCounters gmkCounters() {
    return gmks.counters();
  }

  public @Nullable Recorder recordings() {
    return recorder;
  }

  /// Where MIKEY messages are heard; the port that the system chose when the configured one is 0.
  public InetSocketAddress mikeyAddress() {
    return mikeyPort.local();
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
