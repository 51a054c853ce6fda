package parley.gateway.manager;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.StartRefused;
import parley.gateway.admin.AccessRefused;
import parley.gateway.admin.AdminServer;
import parley.gateway.admin.ControlRefused;
import parley.gateway.admin.LiveAccess;
import parley.gateway.config.HttpsConfig;
import parley.gateway.config.ManagedGroupConfig;
import parley.gateway.config.ManagerConfig;
import parley.gateway.config.ManagerKmsConfig;
import parley.gateway.config.Way;
import parley.gateway.enrol.SelfEnrolment;
import parley.gateway.media.PortUnavailable;
import parley.keys.audit.AuditLog;
import parley.keys.enrol.NotEnrolled;
import parley.keys.http.PortTaken;
import parley.keys.http.TlsRefused;
import parley.keys.manager.Delivery;
import parley.keys.manager.WrongSetting;
import parley.keys.member.KeysMissing;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.identity.Identity;

/// A running group manager: the groups of one vault behind one UDP port, an HTTPS port and an admin
/// server.
///
/// Everything that matters is in the vault before it goes out, so it may be killed at any moment; a
/// new one goes on where the board stands. All work is done on the thread of its [ManagerLoop].
public final class ManagerServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ManagerServer.class);

  private final ManagerConfig config;
  private final Vault vault;
  private final InstantSource clock;
  private final SecureRandom random;
  private final AuditLog audit;
  private final ManagerNotes notes;
  private final ManagerLoop loop;
  private final ManagerGroups groups;
  private final ManagerDesk desk;
  private final ReceiptFolders folders;
  private final Thread thread;
  private final @Nullable LiveAccess access;

  /// What others come in by; closed before the loop ends, because who is inside waits for it.
  private final Deque<AutoCloseable> doors = new ArrayDeque<>();

  private final Deque<AutoCloseable> renewals = new ArrayDeque<>();
  private @Nullable ManagerPort port;
  private @Nullable AdminServer admin;
  private volatile boolean stopped;

  private ManagerServer(ManagerConfig config, Vault vault, InstantSource clock, SecureRandom random)
      throws StartRefused, AccessRefused, IOException {
    this.config = config;
    this.vault = vault;
    this.clock = clock;
    this.random = random;
    this.access = config.admin() == null ? null : LiveAccess.open(config.admin(), clock);
    this.audit = AuditLog.open(config.audit().file(), clock);
    this.notes = new ManagerNotes(audit, clock);
    this.loop = bind(config, clock, notes);
    this.groups = new ManagerGroups(loop, vault, notes, clock, random);
    this.desk = new ManagerDesk(loop, groups);
    this.folders = new ReceiptFolders(loop::receipt);
    this.thread =
        Thread.ofPlatform()
            .name("parley-manager")
            .unstarted(() -> loop.run(() -> stopped, Long.MAX_VALUE));
  }

  private static ManagerLoop bind(ManagerConfig config, InstantSource clock, ManagerNotes notes)
      throws StartRefused {
    try {
      return ManagerLoop.bind(config.listen(), clock, notes);
    } catch (IOException e) {
      notes.close();
      throw new StartRefused(
          StartRefused.Kind.PORT,
          "cannot listen on %s: %s; is another manager running?"
              .formatted(config.listen(), e.getMessage()),
          e);
    }
  }

  /// Whether the files that `config` names can be used; opens nothing.
  public static void check(ManagerConfig config, InstantSource clock)
      throws StartRefused, AccessRefused, WrongSetting, IOException {
    var _ = ManagerGroups.wanted(config);
    if (config.https() != null) {
      var _ = ManagerPort.load(config.https().tls(), clock);
    }
    if (config.admin() != null) {
      var _ = LiveAccess.open(config.admin(), clock);
    }
    for (ManagedGroupConfig group : config.groups()) {
      for (Way way : group.ways().values()) {
        if (way instanceof Way.Https(var server)) {
          try {
            var _ = server.tls();
          } catch (TlsRefused e) {
            throw new StartRefused(
                StartRefused.Kind.CONFIGURATION,
                "ways of %s, %s: %s".formatted(group.id(), server.url(), e.sentence()),
                e);
          }
        }
      }
    }
  }

  /// Binds the ports, opens the groups, and makes those that `vault`, which stays the caller's,
  /// does not know yet; then works until it is closed.
  ///
  /// @param version for the admin server
  /// @throws NotEnrolled if such keys do not come from the KMS of `config` either
  /// @throws KeysMissing if a group's signer has no keys in the vault
  /// @throws WrongSetting if a members file is wrong; nothing has been sent
  /// @throws StartRefused for ports and certificates
  public static ManagerServer start(
      ManagerConfig config, Vault vault, String version, InstantSource clock, SecureRandom random)
      throws IOException,
          VaultException,
          KeysMissing,
          WrongSetting,
          NotEnrolled,
          StartRefused,
          AccessRefused {
    List<ManagerGroups.Wanted> wanted = ManagerGroups.wanted(config);
    var server = new ManagerServer(config, vault, clock, random);
    boolean started = false;
    try {
      server.begin(wanted, version);
      started = true;
      return server;
    } catch (PortTaken | PortUnavailable e) {
      throw new StartRefused(StartRefused.Kind.PORT, e.getMessage(), e);
    } finally {
      if (!started) {
        server.close();
      }
    }
  }

  private void begin(List<ManagerGroups.Wanted> wanted, String version)
      throws IOException,
          VaultException,
          KeysMissing,
          NotEnrolled,
          StartRefused,
          PortTaken,
          PortUnavailable {
    notes.now("manager", "start", "", "done: parley " + version);
    fetchKeys();
    groups.follow(wanted);
    follow(config);
    doors.push(ManagerDoor.open(config.vault().file(), new ManagerCommands(desk, notes)::obey));
    HttpsConfig https = config.https();
    if (https != null) {
      var site = new ManagerSite(loop, groups, notes, https.tls().clientCa() != null, clock);
      port = ManagerPort.open(https, site, clock);
      doors.push(port);
    }
    if (access != null) {
      var content = new ManagerAdmin(groups, desk, loop.counters(), port, clock);
      admin = AdminServer.start(access, content.content(version, access, audit));
      doors.push(admin);
    }
    thread.start();
    LOG.atInfo()
        .addKeyValue("listen", local())
        .addKeyValue("https", port == null ? "none" : port.local())
        .addKeyValue("admin", admin == null ? "none" : admin.local())
        .addKeyValue("groups", config.groups().size())
        .log("manager ready");
  }

  /// The keys of every signer, now where they are missing, and again before they end. The groups
  /// that a reload adds have theirs from the next start on.
  private void fetchKeys() throws NotEnrolled {
    ManagerKmsConfig kms = config.kms();
    if (kms == null) {
      return;
    }
    var own = SelfEnrolment.of(kms.kms(), vault, kms.user(), kms.device(), clock);
    renewals.push(own);
    for (ManagedGroupConfig group : config.groups()) {
      Identity manager = group.managerIdentity();
      Identity signer = manager == null ? group.id() : manager;
      var _ = own.fetchIfMissing(signer);
      renewals.push(own.renewing(signer, random, _ -> {}));
    }
  }

  public InetSocketAddress local() {
    return loop.local();
  }

  /// Null without HTTPS.
  public @Nullable InetSocketAddress httpsLocal() {
    return port == null ? null : port.local();
  }

  /// Null without an admin server.
  public @Nullable InetSocketAddress adminLocal() {
    return admin == null ? null : admin.local();
  }

  public ManagerCounters counters() {
    return loop.counters();
  }

  /// The delivery board of a group; empty for one that is not managed here. Any thread but the
  /// loop.
  public List<Delivery> deliveries(Identity group) {
    try {
      return loop.call(
          () -> groups.find(group).map(found -> found.manager().deliveries()).orElse(List.of()));
    } catch (VaultException | KeysMissing | ControlRefused e) {
      throw new IllegalStateException("reading the board writes nothing", e);
    }
  }

  /// Reads the members files again and takes over what `next` says otherwise; groups come and go,
  /// certificates and the access of the admin server are read again. A file that is wrong changes
  /// nothing. Ports and the audit log want a restart. Any thread but the loop.
  ///
  /// @return one sentence for each difference that is not of the groups
  public List<String> reload(ManagerConfig next)
      throws IOException, WrongSetting, VaultException, KeysMissing, StartRefused, AccessRefused {
    List<ManagerGroups.Wanted> wanted = ManagerGroups.wanted(next);
    List<String> changes = new ArrayList<>();
    if (access != null && next.admin() != null) {
      LiveAccess.Renewal renewal = access.prepare(next.admin());
      renewTls(next);
      changes.addAll(renewal.commit());
    } else {
      renewTls(next);
    }
    try {
      loop.call(() -> {
        groups.follow(wanted);
        return null;
      });
    } catch (ControlRefused e) {
      throw new IllegalStateException("a reload refuses nothing by itself", e);
    }
    follow(next);
    if (!sameButForFiles(next)) {
      changes.add("other settings differ, too; they count after a restart");
    }
    return changes;
  }

  private void renewTls(ManagerConfig next) throws StartRefused {
    ManagerPort open = port;
    HttpsConfig https = next.https();
    if (open != null && https != null) {
      open.renew(https.tls());
    }
  }

  private boolean sameButForFiles(ManagerConfig next) {
    InetSocketAddress before = config.https() == null ? null : config.https().listen();
    InetSocketAddress after = next.https() == null ? null : next.https().listen();
    return config.listen().equals(next.listen())
        && config.audit().equals(next.audit())
        && (config.admin() == null) == (next.admin() == null)
        && (before == null ? after == null : before.equals(after));
  }

  private void follow(ManagerConfig next) {
    Set<Path> wanted = new HashSet<>();
    for (ManagedGroupConfig group : next.groups()) {
      for (Way way : group.ways().values()) {
        switch (way) {
          case Way.Folder(Path folder) -> wanted.add(folder);
          case Way.Sms(Path folder) -> wanted.add(folder);
          case Way.Udp _, Way.Http _, Way.Https _ -> {}
        }
      }
    }
    folders.follow(wanted);
  }

  /// Stops after the present turn and zeroes the keys; the vault stays the caller's.
  @Override
  public void close() {
    doors.forEach(ManagerServer::close);
    stopped = true;
    loop.execute(() -> {});
    try {
      if (thread.isAlive()) {
        thread.join();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    loop.close();
    renewals.forEach(ManagerServer::close);
    List.of(folders, groups, notes, audit).forEach(ManagerServer::close);
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      LOG.atWarn().setCause(e).log("closing failed");
    }
  }
}
