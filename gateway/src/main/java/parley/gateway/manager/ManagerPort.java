package parley.gateway.manager;

import java.net.InetSocketAddress;
import java.time.InstantSource;
import parley.gateway.StartRefused;
import parley.gateway.config.HttpsConfig;
import parley.gateway.config.TlsConfig;
import parley.keys.http.HttpCounters;
import parley.keys.http.HttpLimits;
import parley.keys.http.HttpsServer;
import parley.keys.http.PortTaken;
import parley.keys.http.ServerTls;
import parley.keys.http.Site;
import parley.keys.http.TlsRefused;

/// The HTTPS port of a manager, and its certificate of now. Any thread.
final class ManagerPort implements AutoCloseable {
  private final InstantSource clock;
  private volatile ServerTls tls;
  private final HttpsServer server;

  private ManagerPort(HttpsConfig config, Site site, InstantSource clock)
      throws StartRefused, PortTaken {
    this.clock = clock;
    this.tls = load(config.tls(), clock);
    this.server = HttpsServer.start(config.listen(), this::tls, HttpLimits.standard(), site);
  }

  static ManagerPort open(HttpsConfig config, Site site, InstantSource clock)
      throws StartRefused, PortTaken {
    return new ManagerPort(config, site, clock);
  }

  /// @throws StartRefused when one of the files cannot be used
  static ServerTls load(TlsConfig files, InstantSource clock) throws StartRefused {
    try {
      return ServerTls.load(files.certificate(), files.key(), files.clientCa(), clock.instant());
    } catch (TlsRefused e) {
      String setting = e.setting().isEmpty() ? "https" : "https." + e.setting();
      throw new StartRefused(StartRefused.Kind.CONFIGURATION, setting + ": " + e.sentence(), e);
    }
  }

  /// The next connection has what these files say now.
  void renew(TlsConfig files) throws StartRefused {
    tls = load(files, clock);
  }

  ServerTls tls() {
    return tls;
  }

  HttpCounters counters() {
    return server.counters();
  }

  InetSocketAddress local() {
    return server.local();
  }

  @Override
  public void close() {
    server.close();
  }
}
