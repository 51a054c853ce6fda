package parley.gateway.kms;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.StartRefused;
import parley.gateway.config.KmsServerConfig;
import parley.gateway.config.KmsServerLimits;
import parley.keys.gba.Fqdn;
import parley.keys.gba.UaProtocol;
import parley.keys.gba.naf.NafAuthenticator;
import parley.keys.gba.naf.NafKeys;
import parley.keys.gba.zn.HttpZnClient;
import parley.keys.http.HttpLimits;
import parley.keys.http.PskKeys;
import parley.keys.http.RequestLimits;
import parley.keys.http.Site;
import parley.keys.http.TlsRefused;
import parley.keys.kms.Issuer;
import parley.keys.kms.front.ByCertificate;
import parley.keys.kms.front.ByPresharedKey;
import parley.keys.kms.front.ByTicket;
import parley.keys.kms.front.ByTunnel;
import parley.keys.kms.front.KmsAudit;
import parley.keys.kms.front.KmsFrontSettings;
import parley.keys.kms.front.KmsSite;
import parley.keys.kms.front.WayToBeKnown;
import parley.keys.kms.registry.KmsRegistry;
import parley.keys.kms.registry.PresharedKey;
import parley.keys.store.StoreException;

/// Who is let in, by which ways and how often: the KMS's site as its configuration has it, and the
/// pre-shared keys that its other ports prove.
final class KmsDoors implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KmsServer.class);
  private static final Duration A_FAILURE_EACH = Duration.ofSeconds(1);
  private static final double SECONDS_PER_MINUTE = 60;

  private final KmsServerConfig config;
  private final KmsRegistry registry;
  private final InstantSource clock;
  private final @Nullable Bootstraps bootstraps;

  /// What there is with GBA alone.
  private record Bootstraps(HttpZnClient zn, NafKeys keys, NafAuthenticator authenticator) {}

  /// @param registry stays the caller's, and open
  /// @throws StartRefused for the certificates of `gba.bsf`
  KmsDoors(KmsServerConfig config, KmsRegistry registry, InstantSource clock, SecureRandom random)
      throws StartRefused {
    this.config = config;
    this.registry = registry;
    this.clock = clock;
    KmsServerConfig.GbaConfig gba = config.gba();
    this.bootstraps = gba == null ? null : bootstraps(gba, random);
  }

  private Bootstraps bootstraps(KmsServerConfig.GbaConfig gba, SecureRandom random)
      throws StartRefused {
    try {
      HttpZnClient zn = KmsPush.zn(gba.bsf());
      var keys = new NafKeys(Fqdn.of(gba.fqdn()), zn, clock, random);
      var failures = new RequestLimits(config.limits().peerFailures(), A_FAILURE_EACH, clock);
      return new Bootstraps(zn, keys, new NafAuthenticator(keys, failures, clock, random));
    } catch (TlsRefused e) {
      throw KmsServer.refused("gba.bsf", e);
    }
  }

  /// What all ports answer.
  ///
  /// @throws StartRefused for the certificates of `vouches-for`
  Site site(Issuer issuer, KmsAudit audit) throws StartRefused {
    KmsFrontSettings settings = settings();
    List<WayToBeKnown> ways = ways();
    Bootstraps known = bootstraps;
    if (known == null) {
      return new KmsSite(issuer, registry, ways, settings, audit, clock);
    }
    return new GbaDoor(
        known.authenticator(),
        known.keys(),
        registry.users(),
        gba -> {
          List<WayToBeKnown> all = new ArrayList<>(ways);
          all.add(gba);
          return new KmsSite(issuer, registry, all, settings, audit, clock);
        });
  }

  private List<WayToBeKnown> ways() {
    List<WayToBeKnown> ways = new ArrayList<>();
    if (!config.tunnels().isEmpty()) {
      List<String> names = config.tunnels().stream().map(name -> "DNS:" + name).toList();
      ways.add(new ByTunnel(registry.users(), names));
    }
    ways.add(new ByCertificate(registry.users()));
    if (config.psk() != null) {
      ways.add(new ByPresharedKey(registry.users(), registry.presharedKeys()));
    }
    ways.add(new ByTicket(registry.tickets()));
    return ways;
  }

  private KmsFrontSettings settings() throws StartRefused {
    OtherKmss others = OtherKmss.load(config.vouchesFor());
    KmsServerLimits limits = config.limits();
    KmsFrontSettings settings =
        KmsFrontSettings.of(config.url().toString())
            .reachedBy(bases())
            .limiting(
                new KmsFrontSettings.Rates(
                    limits.peerBurst(),
                    limits.peerPerSecond(),
                    limits.clientBurst(),
                    limits.clientPerMinute() / SECONDS_PER_MINUTE,
                    limits.strangersPerSecond()))
            .vouchingFor(others.number(), others.certificates());
    return config.isClearInTls() ? settings.allowingClear() : settings;
  }

  /// The ports of TLS by pre-shared keys are other URLs of this KMS.
  private Set<String> bases() {
    Set<String> bases = new HashSet<>(Set.of(config.url().toString()));
    InetSocketAddress ksNaf = config.gba() == null ? null : config.gba().psk();
    for (InetSocketAddress port : Arrays.asList(ksNaf, config.psk())) {
      if (port != null) {
        bases.add("https://%s:%d".formatted(config.url().getHost(), port.getPort()));
      }
    }
    return bases;
  }

  /// How much each port bears.
  HttpLimits limits() {
    KmsServerLimits limits = config.limits();
    HttpLimits standard = HttpLimits.standard();
    return new HttpLimits(
        limits.connections(),
        limits.peerConnections(),
        limits.peerConnectionsPerSecond(),
        limits.requests(),
        standard.bodyOctets(),
        standard.patience());
  }

  /// The keys of TLS by Ks_NAF; null without GBA.
  @Nullable PskKeys ksNaf() {
    Bootstraps known = bootstraps;
    return known == null
        ? null
        : (identity, suite) ->
            Optional.of(
                known
                    .keys()
                    .pskFor(
                        identity,
                        suite == 0 ? UaProtocol.SHARED_KEY_TLS_13 : UaProtocol.tls(suite)));
  }

  /// The pre-shared keys of users.
  PskKeys presharedKeys() {
    return (name, _) -> {
      try (PresharedKey key = registry.presharedKeys().find(name).orElse(null)) {
        return key == null ? Optional.empty() : Optional.of(key.secret().duplicate());
      } catch (StoreException e) {
        LOG.atWarn().addKeyValue("reason", String.valueOf(e.getMessage())).log("no pre-shared key");
        return Optional.empty();
      }
    };
  }

  /// Calls UEs; null where nothing says how. The caller closes it, before this.
  ///
  /// @throws IOException if there is no socket, or no folder, for what is pushed
  @Nullable KmsPush push() throws IOException {
    KmsServerConfig.GbaConfig gba = config.gba();
    if (gba == null || gba.push() == null || bootstraps == null) {
      return null;
    }
    return KmsPush.over(bootstraps.zn(), gba, gba.push(), bootstraps.keys()::keep);
  }

  /// The names of this KMS that a client may ask for in TLS.
  Set<String> hosts() {
    Set<String> hosts = new HashSet<>(Set.of(config.url().getHost().toLowerCase(Locale.ROOT)));
    if (config.gba() != null) {
      hosts.add(config.gba().fqdn());
    }
    return hosts;
  }

  @Override
  public void close() {
    if (bootstraps != null) {
      bootstraps.authenticator().close();
      bootstraps.keys().close();
      bootstraps.zn().close();
    }
  }
}
