package parley.gateway.kms;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.StartRefused;
import parley.gateway.admin.AccessRefused;
import parley.gateway.admin.AdminServer;
import parley.gateway.admin.LiveAccess;
import parley.gateway.admin.Readiness;
import parley.gateway.config.KmsServerConfig;
import parley.gateway.config.TlsConfig;
import parley.gateway.media.PortUnavailable;
import parley.keys.audit.AuditLog;
import parley.keys.http.HttpCounters;
import parley.keys.http.HttpsServer;
import parley.keys.http.PortTaken;
import parley.keys.http.PskKeys;
import parley.keys.http.ServerTls;
import parley.keys.http.Site;
import parley.keys.http.TlsRefused;
import parley.keys.kms.Issuer;
import parley.keys.kms.IssuerUnreachable;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.registry.KmsRegistry;
import parley.keys.kms.remote.RemoteIssuer;
import parley.keys.kms.remote.SocketPeers;
import parley.keys.store.StoreException;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.identity.KmsCertificate;

/// A key management server, from its configuration until it is closed.
///
/// All that it promises is in its tables and its audit log before an answer leaves, so it may be
/// killed at any moment; several of them may share one PostgreSQL database and one set of master
/// secrets. Any thread.
public final class KmsServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KmsServer.class);

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final KmsServerConfig config;
  private final InstantSource clock;
  private final LiveAccess access;
  private final KmsCounters counters = new KmsCounters();
  private volatile ServerTls tls;
  private @Nullable KmsRegistry registry;
  private @Nullable HttpsServer https;
  private @Nullable HttpsServer ksNaf;
  private @Nullable HttpsServer preshared;
  private @Nullable KmsAdmin content;
  private @Nullable AdminServer admin;

  private KmsServer(KmsServerConfig config, ServerTls tls, LiveAccess access, InstantSource clock) {
    this.config = config;
    this.tls = tls;
    this.access = access;
    this.clock = clock;
  }

  /// Whether the files that `config` names can be used; opens nothing.
  public static void check(KmsServerConfig config, InstantSource clock)
      throws StartRefused, AccessRefused {
    var _ = tls(config, clock);
    var _ = OtherKmss.load(config.vouchesFor());
    var _ = LiveAccess.open(config.admin(), clock);
  }

  /// Opens everything or nothing.
  ///
  /// @param vault with the master secrets, unless they are in another process; stays the caller's
  ///   and open
  /// @param version for the admin server
  /// @throws StartRefused for certificates and ports
  /// @throws IOException if the audit log cannot be read
  public static KmsServer start(
      KmsServerConfig config, Vault vault, String version, InstantSource clock, SecureRandom random)
      throws StartRefused,
          AccessRefused,
          VaultException,
          StoreException,
          IssuerUnreachable,
          IOException {
    var server =
        new KmsServer(config, tls(config, clock), LiveAccess.open(config.admin(), clock), clock);
    boolean isDone = false;
    try {
      server.begin(vault, version, random);
      isDone = true;
      return server;
    } catch (PortTaken | PortUnavailable e) {
      throw new StartRefused(StartRefused.Kind.PORT, e.getMessage(), e);
    } finally {
      if (!isDone) {
        server.close();
      }
    }
  }

  private static ServerTls tls(KmsServerConfig config, InstantSource clock) throws StartRefused {
    TlsConfig files = config.https().tls();
    try {
      return ServerTls.load(files.certificate(), files.key(), files.clientCa(), clock.instant());
    } catch (TlsRefused e) {
      throw refused("https", e);
    }
  }

  static StartRefused refused(String block, TlsRefused e) {
    String setting = e.setting().isEmpty() ? block : block + "." + e.setting();
    return new StartRefused(StartRefused.Kind.CONFIGURATION, setting + ": " + e.sentence(), e);
  }

  private void begin(Vault vault, String version, SecureRandom random)
      throws StartRefused,
          VaultException,
          StoreException,
          IssuerUnreachable,
          PortTaken,
          PortUnavailable,
          IOException {
    Issuer issuer = keep(issuer(config, vault, clock));
    KmsRegistry tables = keep(KmsTables.open(config.store(), vault, clock, random)).registry();
    AuditLog audit = keep(AuditLog.open(config.audit().file(), clock));
    KmsDoors doors = keep(new KmsDoors(config, tables, clock, random));
    Site site = doors.site(issuer, new KmsLines(audit, counters));
    var ports = new HashMap<String, HttpCounters>();
    https = keep(HttpsServer.start(config.https().listen(), () -> tls, doors.limits(), site));
    ports.put(KmsAdmin.HTTPS, https.counters());
    if (config.psk() != null) {
      preshared = keep(serve(config.psk(), doors.presharedKeys(), doors, site, random));
      ports.put("psk", preshared.counters());
    }
    InetSocketAddress pskListen = config.gba() == null ? null : config.gba().psk();
    PskKeys keys = doors.ksNaf();
    if (pskListen != null && keys != null) {
      ksNaf = keep(serve(pskListen, keys, doors, site, random));
      ports.put("ks-naf", ksNaf.counters());
    }
    registry = tables;
    KmsPush push = doors.push();
    if (push != null) {
      keep(push);
    }
    content = new KmsAdmin(issuer.certificate(), tables, counters, ports, push, () -> tls, clock);
    keep(new KmsSweeper(tables, audit)).start();
    admin = keep(AdminServer.start(access, content.content(version, access, audit)));
    LOG.atInfo()
        .addKeyValue("kms", issuer.certificate().kmsUri())
        .addKeyValue("listen", String.valueOf(https.local()))
        .addKeyValue("ks-naf", String.valueOf(ksNafLocal()))
        .addKeyValue("psk", String.valueOf(pskLocal()))
        .addKeyValue("admin", String.valueOf(admin.local()))
        .log("KMS ready");
  }

  private <T extends AutoCloseable> T keep(T thing) {
    open.push(thing);
    return thing;
  }

  private static HttpsServer serve(
      InetSocketAddress listen, PskKeys keys, KmsDoors doors, Site site, SecureRandom random)
      throws PortTaken {
    return HttpsServer.start(listen, keys, doors.hosts(), random, doors.limits(), site);
  }

  /// What everybody may know of the KMS that `config` names, from its vault or its issuer's
  /// process.
  public static KmsCertificate certificate(KmsServerConfig config, Vault vault, InstantSource clock)
      throws VaultException, IssuerUnreachable {
    try (Issuer issuer = issuer(config, vault, clock)) {
      return issuer.certificate();
    }
  }

  private static Issuer issuer(KmsServerConfig config, Vault vault, InstantSource clock)
      throws VaultException, IssuerUnreachable {
    KmsServerConfig.IssuerConfig other = config.issuer();
    if (other == null) {
      return KmsIssuer.open(vault).at(clock);
    }
    String user = other.user();
    return RemoteIssuer.connect(
        other.socket(), user == null ? SocketPeers.own() : new SocketPeers(Set.of(user)));
  }

  /// Reads the certificate and the access of the admin server again, both or neither; connections
  /// that stand keep what they began with. Other settings want a restart.
  ///
  /// @return one sentence for each difference
  public List<String> reload(KmsServerConfig next) throws StartRefused, AccessRefused {
    LiveAccess.Renewal renewal = access.prepare(next.admin());
    ServerTls read = tls(next, clock);
    List<String> changes = new ArrayList<>(renewal.commit());
    if (!tls.certificate().equals(read.certificate())) {
      changes.add("https: a new certificate, until %s".formatted(read.expiry()));
    }
    tls = read;
    if (!sameButForFiles(config, next)) {
      changes.add("other settings differ, too; they count after a restart");
    }
    return changes;
  }

  private static boolean sameButForFiles(KmsServerConfig one, KmsServerConfig other) {
    return one.url().equals(other.url())
        && Objects.equals(one.issuer(), other.issuer())
        && one.store().equals(other.store())
        && one.https().listen().equals(other.https().listen())
        && Objects.equals(one.gba(), other.gba())
        && Objects.equals(one.psk(), other.psk())
        && one.tunnels().equals(other.tunnels())
        && one.isClearInTls() == other.isClearInTls()
        && one.vouchesFor().equals(other.vouchesFor())
        && one.limits().equals(other.limits())
        && one.audit().equals(other.audit());
  }

  public InetSocketAddress local() {
    return started(https).local();
  }

  /// TLS by Ks_NAF; null without.
  public @Nullable InetSocketAddress ksNafLocal() {
    return ksNaf == null ? null : ksNaf.local();
  }

  /// TLS by the pre-shared keys of users; null without.
  public @Nullable InetSocketAddress pskLocal() {
    return preshared == null ? null : preshared.local();
  }

  public InetSocketAddress adminLocal() {
    return started(admin).local();
  }

  public Readiness readiness() {
    return started(content).readiness();
  }

  public KmsCounters counters() {
    return counters;
  }

  /// What its operator changes; the tables are shared with whoever else has them open.
  public KmsRegistry registry() {
    return started(registry);
  }

  private static <T> T started(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("the KMS has not started");
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
        LOG.atError().setCause(e).log("not closed");
      }
    }
  }
}
