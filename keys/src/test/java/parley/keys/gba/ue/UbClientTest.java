package parley.keys.gba.ue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import parley.keys.Secrets;
import parley.keys.TestVault;
import parley.keys.gba.BootstrappedKey;
import parley.keys.gba.GbaWorld;
import parley.keys.gba.NafId;
import parley.keys.gba.TestCa;
import parley.keys.gba.TestHttps;
import parley.keys.gba.UaProtocol;
import parley.keys.gba.aka.SqnMemory;
import parley.keys.gba.aka.Usim;
import parley.keys.gba.hss.Subscribers;
import parley.keys.gba.zn.NafKey;
import parley.keys.http.Reply;
import parley.keys.http.Site;
import parley.mikey.secret.SecretBytes;

/// Ub from end to end over TLS on the loopback, and with a BSF that lies.
class UbClientTest {
  private static final NafId NAF = new NafId(GbaWorld.KMS, UaProtocol.tls(0x1301));
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;
  private GbaWorld world;
  private TestCa ca;

  @BeforeEach
  void open() throws Exception {
    world = new GbaWorld(directory);
    ca = new TestCa();
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void bootstrapsByTheSim() throws Exception {
    try (TestHttps server = server(world.site());
        Usim usim = Subscribers.usim();
        UbClient client = client(server.address(), usim)) {
      for (int i = 0; i < 3; i++) {
        try (BootstrappedKey key = client.bootstrap()) {
          assertThat(key.until()).isEqualTo(GbaWorld.NOW.plus(Duration.ofDays(1)));
          requireSameAtTheBsf(key);
        }
      }
    }
  }

  private void requireSameAtTheBsf(BootstrappedKey key) throws Exception {
    try (NafKey theirs = world.bsf().direct(GbaWorld.KMS).nafKey(key.btid(), NAF).orElseThrow();
        SecretBytes ours = key.ksNaf(NAF)) {
      assertThat(theirs.key()).isEqualTo(ours);
    }
  }

  /// Row 23 of the threats: once, without help.
  @Test
  void resynchronisesOnce() throws Exception {
    var requests = new AtomicInteger();
    Site site = world.site();
    try (TestHttps server =
            server(request -> {
              requests.incrementAndGet();
              return site.answer(request);
            });
        Usim usim = Subscribers.usim(new Subscribers.Memory().usedUntil(1_000_000));
        UbClient client = client(server.address(), usim);
        BootstrappedKey key = client.bootstrap()) {
      requireSameAtTheBsf(key);
      assertThat(requests).hasValue(3);
    }
  }

  /// A BSF that never follows is not asked for ever.
  @Test
  void givesUpWhenTheBsfDoesNotFollow() throws Exception {
    Site site = world.site();
    try (TestHttps server =
            server(request -> {
              String said = Objects.requireNonNull(request.header("authorization"));
              String first = said.replaceAll(", auts=\"[^\"]*\"", "");
              return site.answer(
                  GbaWorld.request(
                      "GET", "/", request.tls(), Map.of("authorization", first), new byte[0]));
            });
        Usim usim = Subscribers.usim(new Subscribers.Memory().usedUntil(1_000_000));
        UbClient client = client(server.address(), usim)) {
      assertThatThrownBy(client::bootstrap)
          .isInstanceOf(BootstrapFailed.class)
          .hasMessageContaining("did not follow the SIM's sequence number");
    }
  }

  @Test
  void aBsfThatIsTooBusyIsAskedLater() throws Exception {
    try (TestHttps server = server(_ -> Reply.empty(429));
        Usim usim = Subscribers.usim();
        UbClient client = client(server.address(), usim)) {
      assertThatThrownBy(client::bootstrap)
          .isInstanceOfSatisfying(
              BootstrapFailed.class,
              e -> assertThat(e.kind()).isEqualTo(BootstrapFailed.Kind.LATER))
          .hasMessageContaining("is too busy (429); ask again later");
    }
  }

  @Test
  void saysThatTheSimIsUnknown() throws Exception {
    assertThat(world.hss().remove(Subscribers.ALICE)).isTrue();
    try (TestHttps server = server(world.site());
        Usim usim = Subscribers.usim();
        UbClient client = client(server.address(), usim)) {
      assertThatThrownBy(client::bootstrap)
          .isInstanceOf(BootstrapFailed.class)
          .hasMessageContaining("does not know the key of this SIM")
          .hasMessageContaining(Subscribers.ALICE);
    }
  }

  /// Each lie of a BSF that has the certificate but not K.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 Authentication-Info rspauth=\"[0-9a-f] rspauth=\"x|cannot have made",
        "200 Authentication-Info nc=00000001 nc=00000002|cannot have made",
        "200 Authentication-Info auth-int auth|cannot have made",
        "200 Authentication-Info rspauth nspauth|Authentication-Info that is none",
        "200 body 2026-11-24 2036-11-24|cannot have made",
        "200 body I I<|cannot have made",
        "401 WWW-Authenticate bsf.home1.net bsf.home2.net|not AKAv1-MD5",
        "401 WWW-Authenticate AKAv1-MD5 MD5|not AKAv1-MD5",
        "401 WWW-Authenticate auth-int auth|not AKAv1-MD5",
        "401 WWW-Authenticate ^.* x|a challenge that is none",
        "401 WWW-Authenticate nonce=\"[^\"]* nonce=\"AAAA|without RAND and AUTN",
        "401 WWW-Authenticate nonce=\"[^\"]* nonce=\"!|without RAND and AUTN",
        "401 WWW-Authenticate nonce=\"[^\"]{8} nonce=\"AAAAAAAA|does not know the key of this SIM",
      })
  void believesNothingThatTheSimCannotCheck(String lie, String complaint) throws Exception {
    String[] parts = lie.split(" ", 4);
    Site site = world.site();
    UnaryOperator<Reply> lying =
        reply ->
            reply.status() == Integer.parseInt(parts[0])
                ? changed(reply, parts[1], parts[2], parts[3])
                : reply;
    try (TestHttps server = server(request -> lying.apply(site.answer(request)));
        Usim usim = Subscribers.usim();
        UbClient client = client(server.address(), usim)) {
      assertThatThrownBy(client::bootstrap)
          .isInstanceOf(BootstrapFailed.class)
          .hasMessageContaining(complaint);
    }
  }

  private static Reply changed(Reply reply, String where, String from, String to) {
    byte[] body =
        where.equals("body")
            ? new String(reply.body(), UTF_8).replaceFirst(from, to).getBytes(UTF_8)
            : reply.body();
    Reply changed = Reply.of(reply.status(), reply.contentType(), body);
    for (Map.Entry<String, String> header : reply.headers()) {
      boolean here = header.getKey().equals(where);
      String value = here ? header.getValue().replaceFirst(from, to) : header.getValue();
      changed = changed.with(header.getKey(), value);
    }
    return changed;
  }

  @Test
  void saysWhatAnsweredInsteadOfABsf() throws Exception {
    try (Usim usim = Subscribers.usim();
        TestHttps server = server(_ -> Reply.text(200, "hello"));
        UbClient client = client(server.address(), usim)) {
      assertThatThrownBy(client::bootstrap)
          .hasMessageContaining("answered 200 instead of a challenge");
    }
  }

  /// TLS first: a server without a certificate that we trust sees no private identity.
  @Test
  void namesItselfToTheRightServerAlone() throws Exception {
    var requests = new AtomicInteger();
    try (Usim usim = Subscribers.usim();
        TestHttps server =
            new TestHttps(
                new TestCa().tls("bsf.home1.net"),
                _ -> {
                  requests.incrementAndGet();
                  return Reply.empty(200);
                });
        UbClient client = client(server.address(), usim)) {
      assertThatThrownBy(client::bootstrap)
          .isInstanceOf(BootstrapFailed.class)
          .hasMessageContaining("cannot be reached");
      assertThat(requests).hasValue(0);
      assertThatThrownBy(() -> client(URI.create("http://127.0.0.1:1"), usim))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void saysThatItsClockIsWrong() throws Exception {
    Site site = world.site();
    try (Usim usim = Subscribers.usim();
        TestHttps server = server(site);
        UbClient client =
            new UbClient(
                server.address(),
                GbaWorld.BSF,
                Subscribers.ALICE,
                usim,
                ca.tls(),
                PATIENCE,
                () -> GbaWorld.NOW.plus(Duration.ofDays(2)),
                Secrets.RANDOM)) {
      assertThatThrownBy(client::bootstrap).hasMessageContaining("is this clock right");
    }
  }

  @Test
  void doesNotAnswerWhenTheSimCannotRemember() throws Exception {
    SqnMemory full =
        new SqnMemory() {
          @Override
          public long[] load() {
            return new long[32];
          }

          @Override
          public void store(long[] seqs) throws IOException {
            throw new IOException("no space left");
          }
        };
    try (Usim usim = Subscribers.usim(full);
        TestHttps server = server(world.site());
        UbClient client = client(server.address(), usim)) {
      assertThatThrownBy(client::bootstrap).hasMessageContaining("no space left");
      assertThat(world.count("gba_session")).isZero();
    }
  }

  @Test
  void keepsItsKeyInAVaultUntilItEnds() throws Exception {
    try (TestVault stored = new TestVault(directory, "vault");
        TestHttps server = server(world.site());
        Usim usim = Subscribers.usim();
        UbClient client = client(server.address(), usim)) {
      var bootstrap =
          new Bootstrap(
              client, BootstrapMemory.in(stored.vault(), Subscribers.ALICE), world.clock());
      try (BootstrappedKey one = bootstrap.current();
          BootstrappedKey same = bootstrap.current()) {
        assertThat(same.btid()).isEqualTo(one.btid());
        assertThat(same.ks()).isEqualTo(one.ks());
        assertThat(same.impi()).isEqualTo(Subscribers.ALICE);
        assertThat(same.until()).isEqualTo(one.until());
        world.clock().set(one.until().minusSeconds(60));
        try (BootstrappedKey next = bootstrap.current();
            BootstrappedKey wanted = bootstrap.renewed()) {
          assertThat(next.btid()).isNotEqualTo(one.btid());
          assertThat(wanted.btid()).isNotEqualTo(next.btid());
        }
      }
    }
  }

  private TestHttps server(Site site) throws Exception {
    return new TestHttps(ca.tls("bsf.home1.net"), site);
  }

  private UbClient client(URI address, Usim usim) throws Exception {
    return new UbClient(
        address,
        GbaWorld.BSF,
        Subscribers.ALICE,
        usim,
        ca.tls(),
        PATIENCE,
        world.clock(),
        Secrets.RANDOM);
  }
}
