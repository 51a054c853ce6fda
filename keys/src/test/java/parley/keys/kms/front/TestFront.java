package parley.keys.kms.front;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.keys.FakeClock;
import parley.keys.Secrets;
import parley.keys.TestVault;
import parley.keys.http.Reply;
import parley.keys.http.Request;
import parley.keys.http.TlsPeer;
import parley.keys.kms.Issuer;
import parley.keys.kms.KmsIssuer;
import parley.keys.kms.KmsSettings;
import parley.keys.kms.client.KeyProvisioning;
import parley.keys.kms.client.KmsAddress;
import parley.keys.kms.client.KmsConversation.Asker;
import parley.keys.kms.message.TransportKeys;
import parley.keys.kms.registry.KmsRegistry;
import parley.keys.store.Database;
import parley.keys.store.StoreException;
import parley.mikey.identity.Identity;
import parley.mikey.secret.SecretBytes;

/// A whole KMS with its front end, asked without a network. Its notes are kept.
public final class TestFront implements AutoCloseable {
  public static final String BASE = "https://kms.example.org";
  public static final KmsAddress ADDRESS = new KmsAddress(BASE, "kms.example.org");
  public static final Identity ALICE = new Identity("sip:alice@example.org");
  public static final Identity BOB = new Identity("sip:bob@example.org");
  public static final Identity FIRE = new Identity("sip:fire@example.org");

  public final FakeClock clock = new FakeClock(Instant.parse("2026-11-20T12:00:00Z"));
  public final List<KmsEvent> notes = new ArrayList<>();
  public final KmsRegistry registry;
  public final Issuer issuer;
  public boolean auditFails;

  private final TestVault vault;
  private final Database database;
  private final SecretBytes sealing = SecretBytes.random(32, Secrets.RANDOM, "sealing key");

  public TestFront(Path directory) throws Exception {
    vault = new TestVault(directory, "kms");
    issuer =
        KmsIssuer.create(KmsSettings.monthly("kms.example.org"), vault.vault(), Secrets.RANDOM)
            .at(clock);
    database = Database.sqlite(directory.resolve("kms.db"), KmsRegistry.MIGRATIONS);
    registry = new KmsRegistry(database, sealing, clock, Secrets.RANDOM);
    registry.users().add(ALICE, null);
    registry.users().add(BOB, null);
  }

  /// With every way to be known that there is here.
  public KmsSite site(KmsFrontSettings settings, WayToBeKnown... more) {
    return site(issuer, settings, more);
  }

  public KmsSite site(Issuer behind, KmsFrontSettings settings, WayToBeKnown... more) {
    List<WayToBeKnown> ways = new ArrayList<>();
    ways.add(new ByTunnel(registry.users(), List.of("DNS:tunnel.example.org")));
    ways.add(new ByCertificate(registry.users()));
    ways.add(new ByPresharedKey(registry.users(), registry.presharedKeys()));
    ways.add(new ByTicket(registry.tickets()));
    ways.addAll(List.of(more));
    return new KmsSite(behind, registry, ways, settings, this::note, clock);
  }

  private void note(KmsEvent event) throws IOException {
    if (auditFails) {
      throw new IOException("no space left on device");
    }
    notes.add(event);
  }

  /// One request as the HTTPS server hands it over.
  public static Request request(String path, byte[] body, Caller caller) {
    Map<String, List<String>> headers = new HashMap<>();
    caller
        .headers()
        .forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), List.of(value)));
    return new Request(
        "POST",
        path,
        null,
        headers,
        body,
        new InetSocketAddress(caller.address(), 40_000),
        new TlsPeer("TLSv1.3", "x", 0x1301, 1, caller.certificate(), caller.pskIdentity()));
  }

  /// What TLS and HTTP say of a caller.
  public record Caller(
      @Nullable X509Certificate certificate,
      @Nullable String pskIdentity,
      Map<String, String> headers,
      String address) {
    public static Caller nobody() {
      return new Caller(null, null, Map.of(), "192.0.2.1");
    }

    public static Caller psk(String identity) {
      return new Caller(null, identity, Map.of(), "192.0.2.1");
    }

    public static Caller certificate(X509Certificate certificate) {
      return new Caller(certificate, null, Map.of(), "192.0.2.1");
    }

    public Caller with(String header, String value) {
      return new Caller(certificate, pskIdentity, Map.of(header, value), address);
    }

    public Caller from(String other) {
      return new Caller(certificate, pskIdentity, headers, other);
    }
  }

  /// A client of `site` that TLS and HTTP see as `caller`.
  public KeyProvisioning client(KmsSite site, Caller caller, Asker asker) {
    return KeyProvisioning.over(
        (url, body) -> {
          try {
            Reply reply =
                site.answer(request(URI.create(url.toString()).getRawPath(), body, caller));
            return new KeyProvisioning.Answer(reply.status(), reply.body());
          } catch (StoreException e) {
            throw new IOException(e);
          }
        },
        asker,
        clock);
  }

  public static Asker asker(Identity who, String device, @Nullable TransportKeys keys) {
    return new Asker(ADDRESS, who, device, keys, keys == null);
  }

  public static String text(Reply reply) {
    return new String(reply.body(), UTF_8);
  }

  @Override
  public void close() {
    issuer.close();
    database.close();
    vault.close();
    sealing.close();
  }
}
