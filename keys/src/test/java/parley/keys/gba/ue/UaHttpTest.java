package parley.keys.gba.ue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.Secrets;
import parley.keys.TestVault;
import parley.keys.gba.Fqdn;
import parley.keys.gba.GbaWorld;
import parley.keys.gba.NafId;
import parley.keys.gba.TestCa;
import parley.keys.gba.TestHttps;
import parley.keys.gba.UaProtocol;
import parley.keys.gba.aka.Usim;
import parley.keys.gba.hss.Subscribers;
import parley.keys.gba.naf.NafAuthenticator;
import parley.keys.gba.naf.NafKeys;
import parley.keys.gba.naf.NafOutcome;
import parley.keys.gba.zn.PushInfo;
import parley.keys.http.Reply;
import parley.keys.http.Request;
import parley.keys.http.Site;

/// A UE that does by itself whatever the server wants first.
class UaHttpTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final byte[] QUESTION = "who am I".getBytes(UTF_8);

  @TempDir Path directory;
  private final AtomicInteger bootstraps = new AtomicInteger();
  private final Usim usim = Subscribers.usim();
  private GbaWorld world;
  private TestCa ca;
  private TestVault vault;
  private TestHttps ub;
  private UbClient ubClient;
  private NafKeys keys;
  private NafAuthenticator naf;

  @BeforeEach
  void open() throws Exception {
    world = new GbaWorld(directory);
    ca = new TestCa();
    vault = new TestVault(directory, "vault");
    Site bsf = world.site();
    ub = new TestHttps(ca.tls("bsf.home1.net"), request -> counted(bsf.answer(request)));
    ubClient =
        new UbClient(
            ub.address(),
            GbaWorld.BSF,
            Subscribers.ALICE,
            usim,
            ca.tls(),
            PATIENCE,
            world.clock(),
            Secrets.RANDOM);
    keys =
        new NafKeys(GbaWorld.KMS, world.bsf().direct(GbaWorld.KMS), world.clock(), Secrets.RANDOM);
    naf = new NafAuthenticator(keys, world.clock(), Secrets.RANDOM);
  }

  @AfterEach
  void close() throws Exception {
    naf.close();
    keys.close();
    ubClient.close();
    ub.close();
    vault.close();
    usim.close();
    world.close();
  }

  private Reply counted(Reply reply) {
    if (reply.status() == 200) {
      bootstraps.incrementAndGet();
    }
    return reply;
  }

  @Test
  void bootstrapsOnceAndUsesItsKeyForManyRequests() throws Exception {
    try (TestHttps kms = server(this::greet);
        UaHttp http = client(kms, GbaWorld.KMS)) {
      for (int i = 0; i < 5; i++) {
        assertThat(text(ask(http))).isEqualTo("hello [sip:alice@home1.net]\n");
      }
      assertThat(bootstraps).hasValue(1);
    }
    try (TestHttps kms = server(this::greet);
        UaHttp another = client(kms, GbaWorld.KMS)) {
      assertThat(ask(another).statusCode()).isEqualTo(200);
      assertThat(bootstraps).hasValue(1);
    }
  }

  @Test
  void takesANewNonceWithTheSameKey() throws Exception {
    try (TestHttps kms = server(this::greet);
        UaHttp http = client(kms, GbaWorld.KMS)) {
      assertThat(ask(http).statusCode()).isEqualTo(200);
      world.clock().pass(Duration.ofMinutes(10));
      assertThat(ask(http).statusCode()).isEqualTo(200);
      assertThat(bootstraps).hasValue(1);
    }
  }

  @Test
  void bootstrapsAgainWhenItsKeyIsOver() throws Exception {
    try (TestHttps kms = server(this::greet);
        UaHttp http = client(kms, GbaWorld.KMS)) {
      assertThat(ask(http).statusCode()).isEqualTo(200);
      world.clock().pass(Duration.ofDays(1));
      assertThat(ask(http).statusCode()).isEqualTo(200);
      assertThat(bootstraps).hasValue(2);
    }
  }

  /// The BSF has lost its sessions; the UE does not know, and is told.
  @Test
  void bootstrapsAgainWhenTheServerDoesNotKnowItsKey() throws Exception {
    try (TestHttps kms = server(this::greet);
        UaHttp http = client(kms, GbaWorld.KMS)) {
      assertThat(ask(http).statusCode()).isEqualTo(200);
    }
    world
        .database()
        .write(c -> {
          try (var delete = c.createStatement()) {
            return delete.executeUpdate("DELETE FROM gba_session");
          }
        });
    keys.close();
    try (TestHttps kms = server(this::greet);
        UaHttp http = client(kms, GbaWorld.KMS)) {
      assertThat(ask(http).statusCode()).isEqualTo(200);
      assertThat(bootstraps).hasValue(2);
    }
  }

  @Test
  void givesUpWhenTheServerNeverTakesAKey() throws Exception {
    try (TestHttps kms =
            server(request -> {
              Request bare =
                  GbaWorld.request("GET", "/", request.tls(), java.util.Map.of(), QUESTION);
              return greet(bare);
            });
        UaHttp http = client(kms, GbaWorld.KMS)) {
      assertThatThrownBy(() -> ask(http))
          .isInstanceOf(BootstrapFailed.class)
          .hasMessageContaining("does not take a key that was just bootstrapped");
      assertThat(bootstraps).hasValue(2);
    }
  }

  @Test
  void writesWhatItSaysAnewForEachKey() throws Exception {
    List<String> written = new ArrayList<>();
    try (TestHttps kms = server(this::greet);
        UaHttp http = client(kms, GbaWorld.KMS)) {
      for (int i = 0; i < 2; i++) {
        var _ =
            http.send(
                "POST",
                "/",
                "",
                key -> {
                  String tid = key == null ? "nobody" : key.tid().text();
                  written.add(tid);
                  return tid.getBytes(UTF_8);
                },
                1000);
        world.clock().pass(Duration.ofDays(2));
      }
    }
    assertThat(written.getFirst()).isEqualTo("nobody");
    assertThat(written).as("nobody, and two bootstraps").doesNotContainNull();
    assertThat(Set.copyOf(written)).hasSize(3);
  }

  @Test
  void aServerThatIsTooBusyToProveItselfIsAskedLater() throws Exception {
    try (TestHttps kms =
            server(request ->
                request.header("authorization") == null
                    ? greet(request)
                    : Reply.text(503, "too busy"));
        UaHttp http = client(kms, GbaWorld.KMS)) {
      assertThatThrownBy(() -> ask(http))
          .isInstanceOfSatisfying(
              BootstrapFailed.class,
              e -> assertThat(e.kind()).isEqualTo(BootstrapFailed.Kind.LATER));
    }
  }

  @Test
  void believesNoAnswerWithoutItsProof() throws Exception {
    try (TestHttps kms =
            server(request -> {
              Reply reply = greet(request);
              return reply.status() == 200 ? Reply.text(200, "hello mallory") : reply;
            });
        UaHttp http = client(kms, GbaWorld.KMS)) {
      assertThatThrownBy(() -> ask(http))
          .isInstanceOf(BootstrapFailed.class)
          .hasMessageContaining("is not of one that knows the key");
    }
  }

  /// A realm of another server is not ours to bootstrap for.
  @Test
  void makesNoKeyForAServerOfAnotherName() throws Exception {
    try (TestHttps kms = server(this::greet);
        UaHttp http = client(kms, GbaWorld.OTHER)) {
      assertThatThrownBy(() -> ask(http))
          .isInstanceOf(BootstrapFailed.class)
          .hasMessageContaining("takes keys for the name kms.home1.net and is known here as");
      assertThat(bootstraps).hasValue(0);
    }
  }

  @Test
  void comesWithAPushedKey() throws Exception {
    var id = new NafId(GbaWorld.KMS, UaProtocol.HTTP_DIGEST);
    try (TestHttps kms = server(this::greet);
        PushInfo push =
            world.bsf().direct(GbaWorld.KMS).push(Subscribers.ALICE_PUBLIC, id).orElseThrow();
        UaHttp http =
            new UaHttp(
                kms.address(),
                GbaWorld.KMS,
                UaKeys.of(push.key()),
                ca.tls(),
                PATIENCE,
                Secrets.RANDOM)) {
      assertThat(text(ask(http))).isEqualTo("hello [sip:alice@home1.net]\n");
      assertThat(bootstraps).hasValue(0);
      world.clock().pass(Duration.ofHours(2));
      assertThatThrownBy(() -> ask(http)).hasMessageContaining("does not take the pushed key");
    }
  }

  private TestHttps server(Site site) throws Exception {
    return new TestHttps(ca.tls("kms.home1.net"), site);
  }

  private UaHttp client(TestHttps kms, Fqdn name) throws Exception {
    var bootstrap =
        new Bootstrap(
            ubClient, BootstrapMemory.in(vault.vault(), Subscribers.ALICE), world.clock());
    return new UaHttp(
        kms.address(), name, UaKeys.of(bootstrap), ca.tls(), PATIENCE, Secrets.RANDOM);
  }

  private static HttpResponse<byte[]> ask(UaHttp http) throws Exception {
    return http.send("POST", "/keymanagement/identity/v1/init?x=y", "text/plain", QUESTION, 10_000);
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), UTF_8);
  }

  private Reply greet(Request request) throws Exception {
    return switch (naf.authenticate(request)) {
      case NafOutcome.Refused(Reply reply) -> reply;
      case NafOutcome.Authenticated who -> {
        try (who) {
          yield who.prove(Reply.text(200, "hello " + who.identities()));
        }
      }
    };
  }
}
