package parley.gateway.bsf;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.StartRefused;
import parley.gateway.admin.AccessRefused;
import parley.gateway.admin.AdminServer;
import parley.gateway.admin.LiveAccess;
import parley.gateway.admin.Readiness;
import parley.gateway.config.BsfConfig;
import parley.gateway.config.HttpsConfig;
import parley.gateway.config.TlsConfig;
import parley.gateway.media.PortUnavailable;
import parley.keys.audit.AuditLog;
import parley.keys.gba.bsf.BsfSite;
import parley.keys.gba.bsf.ZnSite;
import parley.keys.http.HttpLimits;
import parley.keys.http.HttpsServer;
import parley.keys.http.PortTaken;
import parley.keys.http.RequestLimits;
import parley.keys.http.ServerTls;
import parley.keys.http.Site;
import parley.keys.http.TlsRefused;
import parley.keys.store.StoreException;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;

/// A running BSF: Ub for UEs, Zn for NAFs, an admin server.
///
/// All that matters is in its tables before an answer leaves, so it may be killed at any moment,
/// and several may run on one database. Any thread.
public final class BsfServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BsfServer.class);
  private static final Duration BETWEEN_SWEEPS = Duration.ofMinutes(5);

  private final BsfConfig config;
  private final InstantSource clock;
  private final LiveAccess access;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private volatile Certificates certificates;
  private @Nullable HttpsServer ub;
  private @Nullable HttpsServer zn;
  private @Nullable AdminServer admin;
  private @Nullable Supplier<Readiness> readiness;
  private String notedHead = "";

  /// Those of both ports, read at one moment.
  private record Certificates(ServerTls ub, ServerTls zn) {
    static Certificates load(BsfConfig config, InstantSource clock) throws StartRefused {
      return new Certificates(
          load("ub", config.ub().tls(), clock), load("zn", config.zn().tls(), clock));
    }

    private static ServerTls load(String port, TlsConfig files, InstantSource clock)
        throws StartRefused {
      try {
        return ServerTls.load(files.certificate(), files.key(), files.clientCa(), clock.instant());
      } catch (TlsRefused e) {
        String setting = e.setting().isEmpty() ? port : port + "." + e.setting();
        throw new StartRefused(StartRefused.Kind.CONFIGURATION, setting + ": " + e.sentence(), e);
      }
    }
  }

  private BsfServer(
      BsfConfig config, Certificates certificates, LiveAccess access, InstantSource clock) {
    this.config = config;
    this.certificates = certificates;
    this.access = access;
    this.clock = clock;
  }

  /// Whether the files that `config` names can be used; opens nothing.
  public static void check(BsfConfig config, InstantSource clock)
      throws StartRefused, AccessRefused {
    var _ = Certificates.load(config, clock);
    var _ = LiveAccess.open(config.admin(), clock);
  }

  /// Opens everything or nothing.
  ///
  /// @param vault holds the key of the tables, or gets one; stays the caller's and is needed for
  ///   the start alone
  /// @param version for the admin server
  /// @throws StartRefused for certificates, ports, or a vault of another database
  /// @throws IOException if the audit log cannot be read
  public static BsfServer start(
      BsfConfig config, Vault vault, String version, InstantSource clock, SecureRandom random)
      throws StartRefused, AccessRefused, VaultException, StoreException, IOException {
    var server =
        new BsfServer(
            config,
            Certificates.load(config, clock),
            LiveAccess.open(config.admin(), clock),
            clock);
    boolean started = false;
    try {
      server.begin(vault, version, random);
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

  private void begin(Vault vault, String version, SecureRandom random)
      throws StartRefused, VaultException, StoreException, IOException, PortTaken, PortUnavailable {
    BsfStore opened = opened(BsfStore.open(config, vault, clock, random));
    AuditLog log = opened(AuditLog.open(config.audit().file(), clock));
    var notes = new BsfNotes(log, clock);
    log.note("bsf", "start", config.fqdn(), "done: parley " + version);
    Site site = BsfSite.of(opened.bsf(), opened.hss(), peers(), clock).noting(notes);
    ub = opened(serve(config.ub(), () -> certificates.ub(), site));
    zn = opened(serve(config.zn(), () -> certificates.zn(), new ZnSite(opened.bsf(), notes)));
    var ports =
        Map.of(
            "ub",
            new BsfAdmin.Port(ub.counters(), () -> certificates.ub()),
            "zn",
            new BsfAdmin.Port(zn.counters(), () -> certificates.zn()));
    var content = new BsfAdmin(opened, notes, ports, clock);
    readiness = content::readiness;
    admin = opened(AdminServer.start(access, content.content(version, access, log)));
    sweepNowAndThen(opened, log);
    LOG.atInfo()
        .addKeyValue("ub", ub.local())
        .addKeyValue("zn", zn.local())
        .addKeyValue("admin", admin.local())
        .log("BSF ready");
  }

  private <T extends AutoCloseable> T opened(T resource) {
    open.push(resource);
    return resource;
  }

  private RequestLimits peers() {
    Duration interval = Duration.ofSeconds(1).dividedBy(config.peers().perSecond());
    return new RequestLimits(config.peers().burst(), interval, clock);
  }

  private static HttpsServer serve(HttpsConfig port, Supplier<ServerTls> tls, Site site)
      throws PortTaken {
    return HttpsServer.start(port.listen(), tls, HttpLimits.standard(), site);
  }

  private void sweepNowAndThen(BsfStore store, AuditLog log) {
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("bsf-sweeper").daemon().factory());
    open.push(timer::shutdownNow);
    long seconds = BETWEEN_SWEEPS.toSeconds();
    var _ =
        timer.scheduleWithFixedDelay(() -> sweep(store, log), seconds, seconds, TimeUnit.SECONDS);
  }

  /// Also says the head of the audit log, for whoever keeps the log of this process elsewhere.
  private void sweep(BsfStore store, AuditLog log) {
    try {
      store.bsf().sweep();
    } catch (StoreException e) {
      LOG.warn("not swept: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).log("not swept");
    }
    String head = log.head();
    if (!head.equals(notedHead)) {
      notedHead = head;
      LOG.atInfo().addKeyValue("head", head).log("audit log goes on");
    }
  }

  /// Reads certificates and the access of the admin server again, both or neither; connections that
  /// stand keep what they began with. Other settings want a restart.
  ///
  /// @return one sentence for each difference
  public List<String> reload(BsfConfig next) throws StartRefused, AccessRefused {
    LiveAccess.Renewal renewal = access.prepare(next.admin());
    Certificates read = Certificates.load(next, clock);
    List<String> changes = new ArrayList<>(renewal.commit());
    changes.addAll(differences("ub", certificates.ub(), read.ub()));
    changes.addAll(differences("zn", certificates.zn(), read.zn()));
    certificates = read;
    if (!sameButForFiles(config, next)) {
      changes.add("other settings differ, too; they count after a restart");
    }
    return changes;
  }

  private static List<String> differences(String port, ServerTls before, ServerTls after) {
    return before.certificate().equals(after.certificate())
        ? List.of()
        : List.of("%s: a new certificate, until %s".formatted(port, after.expiry()));
  }

  private static boolean sameButForFiles(BsfConfig one, BsfConfig other) {
    return one.fqdn().equals(other.fqdn())
        && one.store().equals(other.store())
        && one.ub().listen().equals(other.ub().listen())
        && one.zn().listen().equals(other.zn().listen())
        && one.nafs().equals(other.nafs())
        && one.pushers().equals(other.pushers())
        && one.lifetime().equals(other.lifetime())
        && one.pushLifetime().equals(other.pushLifetime())
        && one.peers().equals(other.peers())
        && one.audit().equals(other.audit());
  }

  /// Where UEs bootstrap; tells the port when 0 was asked for.
  public InetSocketAddress ub() {
    return started(ub).local();
  }

  /// Where NAFs ask.
  public InetSocketAddress zn() {
    return started(zn).local();
  }

  public InetSocketAddress admin() {
    return started(admin).local();
  }

  public Readiness readiness() {
    return started(readiness).get();
  }

  private static <T> T started(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("the BSF has not started");
    }
    return part;
  }

  /// Lets running requests come to their end.
  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        LOG.atWarn().setCause(e).log("closing failed");
      }
    }
  }
}
