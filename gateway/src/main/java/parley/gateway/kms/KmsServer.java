package parley.gateway.kms;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.admin.AccessRefused;
import parley.gateway.admin.AdminServer;
import parley.gateway.admin.ControlRefused;
import parley.gateway.admin.LiveAccess;
import parley.gateway.admin.Readiness;
import parley.gateway.admin.RoleContent;
import parley.gateway.config.KmsServerConfig;
import parley.gateway.config.PeerConfig;
import parley.gateway.config.TlsConfig;
import parley.gateway.media.PortUnavailable;
import parley.keys.audit.AuditLog;
import parley.keys.gba.Fqdn;
import parley.keys.gba.UaProtocol;
import parley.keys.gba.naf.NafAuthenticator;
import parley.keys.gba.naf.NafKeys;
import parley.keys.gba.zn.HttpZnClient;
import parley.keys.http.ClientTls;
import parley.keys.http.HttpLimits;
import parley.keys.http.HttpsServer;
import parley.keys.http.PortTaken;
import parley.keys.http.PskKeys;
import parley.keys.http.ServerTls;
import parley.keys.http.Site;
import parley.keys.http.TlsRefused;
import parley.keys.kms.Issuer;
import parley.keys.kms.IssuerUnreachable;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.front.ByCertificate;
import parley.keys.kms.front.ByTicket;
import parley.keys.kms.front.ByTunnel;
import parley.keys.kms.front.KmsFrontSettings;
import parley.keys.kms.front.KmsSite;
import parley.keys.kms.front.WayToBeKnown;
import parley.keys.kms.registry.KmsRegistry;
import parley.keys.kms.registry.KmsUser;
import parley.keys.kms.remote.RemoteIssuer;
import parley.keys.kms.remote.SocketPeers;
import parley.keys.store.StoreException;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultException;
import parley.mikey.identity.Identity;

/// A key management server, from its configuration until it is closed.
///
/// Several of them may share one PostgreSQL database and one set of master secrets.
public final class KmsServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KmsServer.class);
  private static final Duration BSF_PATIENCE = Duration.ofSeconds(10);

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final KmsServerConfig config;
  private final InstantSource clock;
  private final KmsCounters counters = new KmsCounters();
  private final AtomicReference<ServerTls> tls;
  private final Issuer issuer;
  private final KmsRegistry registry;
  private final HttpsServer https;
  private final @Nullable HttpsServer psk;
  private final @Nullable KmsPush push;
  private final AdminServer admin;

  private KmsServer(
      KmsServerConfig config, Vault vault, String version, InstantSource clock, SecureRandom random)
      throws VaultException,
          StoreException,
          TlsRefused,
          PortTaken,
          PortUnavailable,
          IssuerUnreachable,
          AccessRefused,
          IOException {
    this.config = config;
    this.clock = clock;
    boolean isDone = false;
    try {
      tls = new AtomicReference<>(tls(config.https().tls()));
      issuer = keep(issuer(vault));
      registry = keep(KmsTables.open(config.store(), vault, clock, random)).registry();
      AuditLog audit = keep(AuditLog.open(config.audit().file(), clock));
      List<WayToBeKnown> ways = ways();
      KmsServerConfig.GbaConfig gba = config.gba();
      NafKeys naf = gba == null ? null : keep(nafKeys(gba, random));
      Site site = site(ways, naf, new KmsLines(audit, counters), random);
      https =
          keep(HttpsServer.start(config.https().listen(), tls::get, HttpLimits.standard(), site));
      psk =
          gba == null || gba.psk() == null || naf == null
              ? null
              : keep(psk(gba.psk(), gba.fqdn(), naf, site, random));
      push =
          gba == null || gba.push() == null || naf == null
              ? null
              : keep(KmsPush.open(gba, gba.push(), naf::keep));
      LiveAccess access = LiveAccess.open(config.admin(), clock);
      admin = keep(AdminServer.start(access, content(access, audit, version)));
      isDone = true;
    } finally {
      if (!isDone) {
        close();
      }
    }
  }

  /// Starts to serve.
  ///
  /// @param vault with the master secrets, unless they are in another process; stays the caller's
  public static KmsServer start(
      KmsServerConfig config, Vault vault, String version, InstantSource clock, SecureRandom random)
      throws VaultException,
          StoreException,
          TlsRefused,
          PortTaken,
          PortUnavailable,
          IssuerUnreachable,
          AccessRefused,
          IOException {
    KmsServer server = new KmsServer(config, vault, version, clock, random);
    LOG.atInfo()
        .addKeyValue("kms", server.issuer.certificate().kmsUri())
        .addKeyValue("listen", String.valueOf(server.https.local()))
        .addKeyValue("psk", String.valueOf(server.pskLocal()))
        .addKeyValue("admin", String.valueOf(server.admin.local()))
        .log("KMS ready");
    return server;
  }

  private <T extends AutoCloseable> T keep(T thing) {
    open.push(thing);
    return thing;
  }

  private ServerTls tls(TlsConfig files) throws TlsRefused {
    return ServerTls.load(files.certificate(), files.key(), files.clientCa(), clock.instant());
  }

  private Issuer issuer(Vault vault) throws VaultException, IssuerUnreachable {
    KmsServerConfig.IssuerConfig other = config.issuer();
    if (other == null) {
      return KmsIssuer.open(vault).at(clock);
    }
    String user = other.user();
    return RemoteIssuer.connect(
        other.socket(), user == null ? SocketPeers.own() : new SocketPeers(Set.of(user)));
  }

  private List<WayToBeKnown> ways() {
    List<WayToBeKnown> ways = new ArrayList<>();
    if (!config.tunnels().isEmpty()) {
      List<String> names = config.tunnels().stream().map(name -> "DNS:" + name).toList();
      ways.add(new ByTunnel(registry.users(), names));
    }
    ways.add(new ByCertificate(registry.users()));
    ways.add(new ByTicket(registry.tickets()));
    return ways;
  }

  private NafKeys nafKeys(KmsServerConfig.GbaConfig gba, SecureRandom random) throws TlsRefused {
    PeerConfig bsf = gba.bsf();
    ClientTls.Own own = ClientTls.Own.of(bsf.certificate(), bsf.key());
    HttpZnClient zn =
        keep(new HttpZnClient(bsf.url(), ClientTls.load(bsf.ca(), own), BSF_PATIENCE));
    return new NafKeys(Fqdn.of(gba.fqdn()), zn, clock, random);
  }

  private Site site(
      List<WayToBeKnown> ways, @Nullable NafKeys naf, KmsLines lines, SecureRandom random) {
    if (naf == null) {
      return new KmsSite(issuer, registry, ways, settings(), lines, clock);
    }
    NafAuthenticator authenticator = keep(new NafAuthenticator(naf, clock, random));
    return new GbaDoor(
        authenticator,
        naf,
        registry.users(),
        gba -> {
          List<WayToBeKnown> all = new ArrayList<>(ways);
          all.add(gba);
          return new KmsSite(issuer, registry, all, settings(), lines, clock);
        });
  }

  private KmsFrontSettings settings() {
    KmsFrontSettings settings = KmsFrontSettings.of(config.url().toString());
    return config.isClearInTls() ? settings.allowingClear() : settings;
  }

  private static HttpsServer psk(
      InetSocketAddress listen, String fqdn, NafKeys naf, Site site, SecureRandom random)
      throws PortTaken {
    PskKeys keys =
        (identity, suite) ->
            Optional.of(
                naf.pskFor(
                    identity, suite == 0 ? UaProtocol.SHARED_KEY_TLS_13 : UaProtocol.tls(suite)));
    return HttpsServer.start(listen, keys, Set.of(fqdn), random, HttpLimits.standard(), site);
  }

  private RoleContent content(LiveAccess access, AuditLog audit, String version) {
    RoleContent content =
        new RoleContent("kms", version, this::readiness, counters::bindTo, access, audit, clock);
    KmsPush calls = push;
    if (calls != null) {
      var _ =
          content.act(
              "POST",
              "/users/{id}/push",
              "push",
              (_, path) -> calls.called(known(path.getFirst())));
    }
    return content
        .view("/kms", _ -> view())
        .view("/users/{id}", path -> user(path.getFirst()))
        .act("PUT", "/users/{id}/revocation", "revoke", (_, path) -> revoke(path.getFirst()))
        .act(
            "DELETE",
            "/users/{id}/revocation",
            "reinstate",
            (_, path) -> reinstate(path.getFirst()));
  }

  private Readiness readiness() {
    List<String> missing = new ArrayList<>();
    try {
      var _ = registry.users().find(new Identity("sip:nobody@invalid"));
    } catch (StoreException e) {
      missing.add("the tables cannot be read: " + e.getMessage());
    }
    if (clock.instant().isAfter(tls.get().expiry())) {
      missing.add("the certificate of https has expired; renew it and send SIGHUP");
    }
    return new Readiness(missing);
  }

  private Map<String, ?> view() {
    Instant now = clock.instant();
    var view = new LinkedHashMap<String, Object>();
    view.put("uri", issuer.certificate().kmsUri());
    view.put("userIdFormat", issuer.certificate().userIdFormat().name());
    view.put("period", issuer.certificate().periodAt(now).number());
    view.put("periodUntil", issuer.certificate().periodAt(now).until().toString());
    view.put("keySets", counters.keySets());
    return view;
  }

  private Map<String, ?> user(String uri) throws ControlRefused {
    KmsUser user = known(uri);
    var view = new LinkedHashMap<String, Object>();
    view.put("identity", user.identity().uri());
    view.put("homeKms", user.homeKms());
    view.put("revoked", user.revoked());
    view.put("devices", user.devices().stream().sorted().toList());
    view.put("manages", user.managed().stream().map(Identity::uri).sorted().toList());
    return view;
  }

  private KmsUser known(String uri) throws ControlRefused {
    try {
      return registry
          .users()
          .find(new Identity(uri))
          .orElseThrow(
              () -> new ControlRefused(ControlRefused.Kind.UNKNOWN, uri + " is no user here"));
    } catch (IllegalArgumentException _) {
      throw new ControlRefused(ControlRefused.Kind.UNKNOWN, uri + " is no identity");
    } catch (StoreException e) {
      throw unavailable(e);
    }
  }

  private static ControlRefused unavailable(StoreException e) {
    return new ControlRefused(
        ControlRefused.Kind.UNAVAILABLE, String.valueOf(e.getMessage()), List.of(), e);
  }

  private Map<String, ?> revoke(String uri) throws ControlRefused {
    KmsUser user = known(uri);
    try {
      var _ = registry.users().revoke(user.identity(), "by the operator");
    } catch (StoreException e) {
      throw unavailable(e);
    }
    return Map.of("identity", uri, "revoked", true);
  }

  private Map<String, ?> reinstate(String uri) throws ControlRefused {
    KmsUser user = known(uri);
    try {
      var _ = registry.users().reinstate(user.identity());
    } catch (StoreException e) {
      throw unavailable(e);
    }
    return Map.of("identity", uri, "revoked", false);
  }

  /// Reads the TLS files again; the next connection has them.
  public void renewTls() throws TlsRefused {
    tls.set(tls(config.https().tls()));
  }

  public InetSocketAddress local() {
    return https.local();
  }

  /// Null without TLS by Ks_NAF.
  public @Nullable InetSocketAddress pskLocal() {
    return psk == null ? null : psk.local();
  }

  public InetSocketAddress adminLocal() {
    return admin.local();
  }

  public KmsCounters counters() {
    return counters;
  }

  /// What its operator changes; the tables are shared with whoever else has them open.
  public KmsRegistry registry() {
    return registry;
  }

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
