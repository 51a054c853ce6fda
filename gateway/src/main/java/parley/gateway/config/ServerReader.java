package parley.gateway.config;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import parley.keys.store.PostgresSettings;

/// Reads the blocks that the servers of the key plane have in common.
final class ServerReader {
  private static final int MOST_CONNECTIONS = 64;
  private static final int HIGHEST_PORT = 65_535;

  private final ConfigFolder folder;

  ServerReader(ConfigFolder folder) {
    this.folder = folder;
  }

  /// `NAME: {listen: ..., certificate: ..., key: ..., client-ca: ...}`; null where a finding was
  /// recorded.
  ///
  /// @param needsClients whether every client is known by its certificate
  @Nullable HttpsConfig https(
      Section top, String name, InetSocketAddress listenByDefault, boolean needsClients) {
    Setting found = top.find(name);
    if (found == null) {
      top.setting()
          .absent(name)
          .wrong(
              "is missing; for example %s: {listen: %s, certificate: server.pem, key: server-key.pem%s}"
                  .formatted(
                      name,
                      Addresses.shown(listenByDefault),
                      needsClients ? ", client-ca: clients.pem" : ""));
      return null;
    }
    Section https = found.section("listen", "certificate", "key", "client-ca");
    InetSocketAddress listen = https.value("listen", Addresses::server, listenByDefault);
    Path certificate = https.required("certificate", folder::readableFile, "server.pem");
    Path key = https.required("key", folder::readableFile, "server-key.pem");
    Path clientCa =
        needsClients
            ? https.required("client-ca", folder::readableFile, "clients.pem")
            : https.optional("client-ca", folder::readableFile);
    return certificate == null || key == null
        ? null
        : new HttpsConfig(listen, new TlsConfig(certificate, key, clientCa));
  }

  /// `store: {file: kms.db}` or `store: {postgresql: {...}}`; null where a finding was recorded.
  @Nullable StoreConfig store(Section top, String fileByDefault) {
    Setting found = top.find("store");
    if (found == null) {
      return new StoreConfig.Sqlite(folder.path(fileByDefault));
    }
    Section store = found.section("file", "postgresql");
    Setting postgresql = store.find("postgresql");
    if (postgresql == null) {
      return new StoreConfig.Sqlite(store.value("file", this::file, folder.path(fileByDefault)));
    }
    if (store.has("file")) {
      postgresql.wrong("stands beside file; keep one of them");
    }
    return postgresql(postgresql);
  }

  private Path file(String text) {
    Path file = folder.path(text);
    Path parent = file.getParent();
    if (parent == null || !parent.toFile().isDirectory()) {
      throw new IllegalArgumentException("there is no folder for " + file + "; make it");
    }
    return file;
  }

  private StoreConfig.@Nullable Postgresql postgresql(Setting found) {
    Section server =
        found.section(
            "host",
            "port",
            "database",
            "user",
            "password-file",
            "root-certificate",
            "certificate",
            "key",
            "connections");
    String host = server.required("host", Values::name, "db.example.org");
    String database = server.required("database", Values::name, "parley");
    String user = server.required("user", Values::name, "parley");
    Path password = server.optional("password-file", folder::readableFile);
    Path root = server.optional("root-certificate", folder::readableFile);
    Path certificate = server.optional("certificate", folder::readableFile);
    Path key = server.optional("key", folder::readableFile);
    int port = server.value("port", Values.integer(1, HIGHEST_PORT), PostgresSettings.DEFAULT_PORT);
    int connections =
        server.value(
            "connections",
            Values.integer(1, MOST_CONNECTIONS),
            PostgresSettings.DEFAULT_CONNECTIONS);
    requirePair(server, certificate, key);
    if (host == null || database == null || user == null) {
      return null;
    }
    return new StoreConfig.Postgresql(
        new PostgresSettings(
            host, port, database, user, password, root, certificate, key, connections));
  }

  static void requirePair(Section section, @Nullable Path certificate, @Nullable Path key) {
    if ((certificate == null) != (key == null)) {
      section.setting().wrong("has a certificate without its key, or a key alone; give both");
    }
  }

  /// `NAME: {url: https://..., ca: ..., certificate: ..., key: ...}`; null where a finding was
  /// recorded.
  @Nullable PeerConfig peer(Setting found, String example) {
    return peer(found.section("url", "ca", "certificate", "key"), folder, Values::https, example);
  }

  /// The same in a section that may have more.
  static @Nullable PeerConfig peer(
      Section peer, ConfigFolder folder, Function<String, URI> parser, String example) {
    URI url = peer.required("url", parser, example);
    Path ca = peer.optional("ca", folder::readableFile);
    Path certificate = peer.optional("certificate", folder::readableFile);
    Path key = peer.optional("key", folder::readableFile);
    requirePair(peer, certificate, key);
    return url == null ? null : new PeerConfig(url, ca, certificate, key);
  }

  /// A list of single values; empty where the key is absent.
  static <T> List<T> list(Section top, String key, Function<String, T> parser) {
    List<T> all = new ArrayList<>();
    for (Setting item : top.items(key)) {
      T value = item.as(parser);
      if (value != null) {
        all.add(value);
      }
    }
    return all;
  }
}
