package parley.keys.gba;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.keys.FakeClock;
import parley.keys.Secrets;
import parley.keys.gba.bsf.Bsf;
import parley.keys.gba.bsf.BsfSettings;
import parley.keys.gba.bsf.BsfSite;
import parley.keys.gba.hss.Hss;
import parley.keys.gba.hss.NewSubscriber;
import parley.keys.gba.hss.Subscribers;
import parley.keys.gba.push.CompactGpi;
import parley.keys.http.Reply;
import parley.keys.http.Request;
import parley.keys.http.RequestLimits;
import parley.keys.http.TlsPeer;
import parley.keys.store.Database;
import parley.keys.store.StoreException;
import parley.mikey.secret.SecretBytes;

/// A home network with one subscriber, Alice, and a clock that the test sets.
public final class GbaWorld implements AutoCloseable {
  public static final Fqdn BSF = new Fqdn("bsf.home1.net");
  public static final Fqdn KMS = new Fqdn("kms.home1.net");
  public static final Fqdn OTHER = new Fqdn("other.home1.net");
  public static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  public static final int SUITE = 0x1301;

  private final FakeClock clock = new FakeClock(NOW);
  private final SecretBytes master = Subscribers.master();
  private final Database database;
  private final Path file;
  private Hss hss;
  private Bsf bsf;

  public GbaWorld(Path directory) throws StoreException {
    file = directory.resolve("bsf.db");
    database = Database.sqlite(file, Bsf.TABLES);
    hss = newHss();
    bsf = newBsf();
    try (NewSubscriber alice = Subscribers.alice()) {
      boolean _ = hss.add(alice);
    }
  }

  private Hss newHss() {
    return new Hss(database, master, clock, Secrets.RANDOM);
  }

  private Bsf newBsf() {
    var settings = new BsfSettings(BSF, Duration.ofDays(1), Duration.ofHours(1), Set.of(KMS));
    return new Bsf(settings, database, hss, master, new CompactGpi(BSF), clock, Secrets.RANDOM);
  }

  /// As after a restart: the tables stay, memory is new.
  public void restart() {
    bsf.close();
    hss.close();
    hss = newHss();
    bsf = newBsf();
  }

  public FakeClock clock() {
    return clock;
  }

  public Database database() {
    return database;
  }

  public Path file() {
    return file;
  }

  public Hss hss() {
    return hss;
  }

  public Bsf bsf() {
    return bsf;
  }

  /// Ub without limits.
  public BsfSite site() {
    var all = new RequestLimits(1_000_000, Duration.ofSeconds(1), clock);
    return BsfSite.of(bsf, hss, all, all, all);
  }

  /// A bootstrap of Alice, with its Ks, made without Ub.
  public BootstrappedKey bootstrapped() throws Exception {
    return bootstrapped(Subscribers.ALICE);
  }

  public BootstrappedKey bootstrapped(String impi) throws Exception {
    return parley.keys.gba.bsf.Bootstraps.of(bsf, hss, impi);
  }

  public long count(String table) throws StoreException {
    return database.read(c -> {
      try (var select = c.createStatement();
          var row = select.executeQuery("SELECT count(*) FROM " + table)) {
        return row.next() ? row.getLong(1) : -1;
      }
    });
  }

  public long nextSeq() throws StoreException {
    return database.read(c -> {
      try (var select = c.createStatement();
          var row =
              select.executeQuery(
                  "SELECT next_seq FROM gba_subscriber WHERE impi = '" + Subscribers.ALICE + "'")) {
        return row.next() ? row.getLong(1) : -1;
      }
    });
  }

  /// A connection of this number, with a server certificate alone.
  public static TlsPeer tls(long connection) {
    return new TlsPeer("TLSv1.3", "TLS_AES_128_GCM_SHA256", SUITE, connection, null, null);
  }

  public static TlsPeer tls(X509Certificate certificate) {
    return new TlsPeer("TLSv1.3", "TLS_AES_128_GCM_SHA256", SUITE, 1, certificate, null);
  }

  /// A request of 192.0.2.1; headers by name in lower case.
  public static Request request(
      String method, String path, TlsPeer tls, Map<String, String> headers, byte[] body) {
    Map<String, List<String>> lists = new HashMap<>();
    headers.forEach((name, value) -> lists.put(name, List.of(value)));
    return new Request(
        method, path, null, lists, body, new InetSocketAddress("192.0.2.1", 4711), tls);
  }

  /// A header of a reply; null where there is none.
  public static @Nullable String header(Reply reply, String name) {
    return reply.headers().stream()
        .filter(header -> header.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  @Override
  public void close() {
    bsf.close();
    hss.close();
    database.close();
  }
}
