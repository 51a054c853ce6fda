package parley.keys.gba.zn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import parley.keys.gba.BootstrappedKey;
import parley.keys.gba.GbaWorld;
import parley.keys.gba.NafId;
import parley.keys.gba.TestCa;
import parley.keys.gba.TestHttps;
import parley.keys.gba.UaProtocol;
import parley.keys.gba.bsf.ZnSite;
import parley.keys.gba.hss.Subscribers;
import parley.keys.http.Reply;
import parley.mikey.secret.SecretBytes;

/// Zn over mutual TLS on the loopback.
class HttpZnClientTest {
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
  void getsTheKeyOfItsOwnName() throws Exception {
    try (TestHttps server = new TestHttps(ca.tls("bsf.home1.net"), new ZnSite(world.bsf()));
        HttpZnClient kms = client(server, "kms.home1.net");
        BootstrappedKey ue = world.bootstrapped();
        NafKey key = kms.nafKey(ue.btid(), NAF).orElseThrow();
        SecretBytes expected = ue.ksNaf(NAF)) {
      assertThat(key.key()).isEqualTo(expected);
      assertThat(key.impi()).isEqualTo(Subscribers.ALICE);
      assertThat(key.identities()).containsExactly(Subscribers.ALICE_PUBLIC);
      assertThat(key.until()).isEqualTo(ue.until());
      world.clock().set(ue.until());
      assertThat(kms.nafKey(ue.btid(), NAF)).isEmpty();
    }
  }

  @Test
  void getsAPush() throws Exception {
    var naf = new NafId(GbaWorld.KMS, UaProtocol.HTTP_DIGEST);
    try (TestHttps server = new TestHttps(ca.tls("bsf.home1.net"), new ZnSite(world.bsf()));
        HttpZnClient kms = client(server, "kms.home1.net");
        PushInfo push = kms.push(Subscribers.ALICE_PUBLIC, naf).orElseThrow();
        NafKey again = kms.nafKey(push.key().tid(), naf).orElseThrow()) {
      assertThat(again.key()).isEqualTo(push.key().key());
      assertThat(push.gpi().length).isLessThanOrEqualTo(140);
    }
  }

  /// Row 21 of the threats, with two real certificates.
  @Test
  void getsNothingInTheNameOfAnother() throws Exception {
    try (TestHttps server = new TestHttps(ca.tls("bsf.home1.net"), new ZnSite(world.bsf()));
        HttpZnClient other = client(server, "other.home1.net");
        HttpZnClient bare = new HttpZnClient(server.address(), ca.tls(), PATIENCE);
        HttpZnClient stranger =
            new HttpZnClient(server.address(), new TestCa().tls("kms.home1.net"), PATIENCE);
        BootstrappedKey ue = world.bootstrapped()) {
      assertThatThrownBy(() -> other.nafKey(ue.btid(), NAF))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("answered 403");
      assertThatThrownBy(() -> bare.nafKey(ue.btid(), NAF)).hasMessageContaining("answered 403");
      assertThatThrownBy(() -> stranger.nafKey(ue.btid(), NAF))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot be asked");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "GOOD,",
        "[GOOD]",
        "{\"impi\":\"a@b.c\",\"identities\":[],\"keyExpiryTime\":\"x\",\"gbaType\":\"GBA_ME\",\"meKeyMaterial\":\"KEY\"}",
        "{\"impi\":\"a@b.c\",\"identities\":[1],\"keyExpiryTime\":\"2026-11-24T12:00:00Z\",\"gbaType\":\"GBA_ME\",\"meKeyMaterial\":\"KEY\"}",
        "{\"impi\":\"a@b.c\",\"identities\":[\"no uri\"],\"keyExpiryTime\":\"2026-11-24T12:00:00Z\",\"gbaType\":\"GBA_ME\",\"meKeyMaterial\":\"KEY\"}",
        "{\"impi\":\"a@b.c\",\"identities\":[],\"keyExpiryTime\":\"2026-11-24T12:00:00Z\",\"gbaType\":\"GBA_ME\",\"meKeyMaterial\":\"00\"}",
        "{\"impi\":\"a@b.c\",\"identities\":[],\"keyExpiryTime\":\"2026-11-24T12:00:00Z\",\"gbaType\":\"GBA_ME\",\"meKeyMaterial\":\"xKEY\"}",
        "{\"impi\":\"a@b.c\",\"identities\":[],\"keyExpiryTime\":\"2026-11-24T12:00:00Z\",\"gbaType\":\"GBA_U\",\"meKeyMaterial\":\"KEY\"}",
      })
  void refusesAnAnswerOfAnotherForm(String answer) throws Exception {
    String body = answer.replace("KEY", "5a".repeat(32)).replace("GOOD", "{\"impi\":\"a@b.c\"}");
    try (TestHttps server =
            new TestHttps(
                ca.tls("bsf.home1.net"),
                _ -> Reply.of(200, ZnJson.CONTENT_TYPE, body.getBytes(UTF_8)));
        HttpZnClient kms = client(server, "kms.home1.net");
        BootstrappedKey ue = world.bootstrapped()) {
      assertThatThrownBy(() -> kms.nafKey(ue.btid(), NAF)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void refusesAnAnswerWithoutAnEnd() throws Exception {
    try (TestHttps server =
            new TestHttps(ca.tls("bsf.home1.net"), _ -> Reply.of(200, "", new byte[100_000]));
        HttpZnClient kms = client(server, "kms.home1.net");
        BootstrappedKey ue = world.bootstrapped()) {
      assertThatThrownBy(() -> kms.nafKey(ue.btid(), NAF)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void asksOverHttpsAlone() throws Exception {
    var tls = ca.tls("kms.home1.net");
    assertThatThrownBy(() -> new HttpZnClient(URI.create("http://127.0.0.1"), tls, PATIENCE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private HttpZnClient client(TestHttps server, String name) throws Exception {
    return new HttpZnClient(server.address(), ca.tls(name), PATIENCE);
  }
}
