package parley.keys.gba.bsf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import parley.keys.Secrets;
import parley.keys.gba.BootstrappedKey;
import parley.keys.gba.GbaWorld;
import parley.keys.gba.NafId;
import parley.keys.gba.TestCa;
import parley.keys.gba.UaProtocol;
import parley.keys.gba.hss.Subscribers;
import parley.keys.http.Reply;
import parley.mikey.secret.SecretBytes;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Zn: each server its own keys. Rows 21 and 22 of the threats.
class ZnSiteTest {
  private static final String KEY = "/zn/v1/bootstrapping-info";
  private static final String PUSH = "/zpn/v1/push-info";
  private static final NafId NAF = new NafId(GbaWorld.KMS, UaProtocol.tls(0x1301));

  @TempDir Path directory;
  private final JsonMapper json = JsonMapper.builder().build();
  private GbaWorld world;
  private ZnSite site;
  private TestCa ca;
  private X509Certificate kms;

  @BeforeEach
  void open() throws Exception {
    world = new GbaWorld(directory);
    site = new ZnSite(world.bsf());
    ca = new TestCa();
    kms = ca.certify("CN=somebody", "kms.home1.net");
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void givesAServerItsKey() throws Exception {
    try (BootstrappedKey ue = world.bootstrapped();
        SecretBytes expected = ue.ksNaf(NAF)) {
      Reply reply = ask(kms, KEY, question(ue));
      JsonNode answer = json.readTree(reply.body());

      assertThat(reply.status()).isEqualTo(200);
      assertThat(GbaWorld.header(reply, "Cache-Control")).isEqualTo("no-store");
      assertThat(answer.get("meKeyMaterial").stringValue()).isEqualTo(Secrets.hex(expected));
      assertThat(answer.get("impi").stringValue()).isEqualTo(Subscribers.ALICE);
      assertThat(answer.get("identities").get(0).stringValue()).isEqualTo("sip:alice@home1.net");
      assertThat(answer.get("keyExpiryTime").stringValue()).isEqualTo("2026-11-24T12:00:00Z");
      assertThat(answer.get("gbaType").stringValue()).isEqualTo("GBA_ME");
      assertThat(answer.size()).isEqualTo(5);
    }
  }

  /// Row 21: the certificate's name decides; neither case, nor a name among several, nor the
  /// subject does.
  @Test
  void givesNoServerTheKeyOfAnother() throws Exception {
    try (BootstrappedKey ue = world.bootstrapped()) {
      String question = question(ue);
      assertThat(ask(ca.certify("CN=x", "other.home1.net"), KEY, question).status()).isEqualTo(403);
      assertThat(ask(ca.certify("CN=x", "*.home1.net"), KEY, question).status()).isEqualTo(403);
      assertThat(ask(ca.certify("CN=kms.home1.net"), KEY, question).status()).isEqualTo(403);
      assertThat(ask(ca.certify("CN=x", "kms.home1.net.evil.net"), KEY, question).status())
          .isEqualTo(403);
      assertThat(ask(ca.certify("CN=x", "xkms.home1.net"), KEY, question).status()).isEqualTo(403);
      assertThat(ask(ca.certify("CN=x", "KMS.Home1.net"), KEY, question).status()).isEqualTo(200);
      assertThat(ask(ca.certify("CN=x", "a.home1.net", "kms.home1.net"), KEY, question).status())
          .isEqualTo(200);
    }
  }

  /// Row 22: what a Host header says changes nothing.
  @Test
  void takesNoNameFromTheHostHeader() throws Exception {
    try (BootstrappedKey ue = world.bootstrapped()) {
      var headers = Map.of("host", "kms.home1.net");
      X509Certificate other = ca.certify("CN=x", "other.home1.net");
      Reply reply =
          site.answer(
              GbaWorld.request(
                  "POST", KEY, GbaWorld.tls(other), headers, question(ue).getBytes(UTF_8)));
      assertThat(reply.status()).isEqualTo(403);
    }
  }

  @Test
  void answersNobodyWithoutACertificate() throws Exception {
    try (BootstrappedKey ue = world.bootstrapped()) {
      Reply reply =
          site.answer(
              GbaWorld.request(
                  "POST", KEY, GbaWorld.tls(1), Map.of(), question(ue).getBytes(UTF_8)));
      assertThat(reply.status()).isEqualTo(403);
    }
  }

  @Test
  void saysWhenThereIsNoSuchBootstrap() throws Exception {
    try (BootstrappedKey ue = world.bootstrapped()) {
      world.clock().set(ue.until());
      Reply reply = ask(kms, KEY, question(ue));
      assertThat(reply.status()).isEqualTo(404);
      assertThat(new String(reply.body(), UTF_8))
          .isEqualTo("{\"cause\":\"TRANSACTION_IDENTIFIER_INVALID\"}");
    }
  }

  @Test
  void letsOnlyListedServersPush() throws Exception {
    String question =
        "{\"userId\":\"sip:alice@home1.net\",\"nafFqdn\":\"%s\",\"uaProtocolId\":\"0100000002\"}";
    assertThat(ask(kms, PUSH, question.formatted("kms.home1.net")).status()).isEqualTo(200);
    X509Certificate other = ca.certify("CN=x", "other.home1.net");
    assertThat(ask(other, PUSH, question.formatted("other.home1.net")).status()).isEqualTo(403);
    assertThat(ask(other, PUSH, question.formatted("kms.home1.net")).status()).isEqualTo(403);
    String nobody = question.formatted("kms.home1.net").replace("alice", "nobody");
    assertThat(ask(kms, PUSH, nobody).status()).isEqualTo(404);
  }

  @Test
  void answersAPushWithItsMessageAndItsKey() throws Exception {
    Reply reply =
        ask(
            kms,
            PUSH,
            "{\"userId\":\"sip:alice@home1.net\",\"nafFqdn\":\"kms.home1.net\",\"uaProtocolId\":\"0100000002\"}");
    JsonNode answer = json.readTree(reply.body());
    assertThat(answer.get("gbaPushInfo").stringValue()).matches("01([0-9a-f]{2}){70,139}");
    assertThat(answer.get("ptid").stringValue()).endsWith("@push.bsf.home1.net");
    assertThat(answer.get("meKeyMaterial").stringValue()).hasSize(64);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "\"x\"",
        "{",
        "{}",
        "{'btid':1}",
        "GOOD GOOD",
        "GOOD x",
        "[GOOD]",
        "{\"a\":GOOD}",
        "{\"btid\":1,\"nafFqdn\":\"kms.home1.net\",\"uaProtocolId\":\"0100011301\"}",
        "{\"btid\":\"x\",\"nafFqdn\":\"kms.home1.net\",\"uaProtocolId\":\"0100011301\"}",
        "{\"btid\":null,\"nafFqdn\":\"kms.home1.net\",\"uaProtocolId\":\"0100011301\"}",
        "{\"btid\":[\"x\"],\"nafFqdn\":\"kms.home1.net\",\"uaProtocolId\":\"0100011301\"}",
        "{\"nafFqdn\":\"kms.home1.net\",\"uaProtocolId\":\"0100011301\"}",
        "{\"impi\":\"a@b.c\",\"nafFqdn\":\"kms.home1.net\",\"uaProtocolId\":\"0100011301\"}",
      })
  void refusesJsonOfAnotherForm(String body) throws Exception {
    try (BootstrappedKey ue = world.bootstrapped()) {
      assertThat(ask(kms, KEY, body.replace("GOOD", question(ue))).status()).isEqualTo(400);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"nafFqdn\":\"kms.home1.net\",\"nafFqdn\":\"other.home1.net\"",
        "\"nafFqdn\":\"other.home1.net\",\"nafFqdn\":\"kms.home1.net\"",
        "\"nafFqdn\":\"kms.home1.net\",\"extra\":\"x\"",
        "\"nafFqdn\":\"Kms.home1.net\"",
        "\"nafFqdn\":\"*.home1.net\"",
        "\"nafFqdn\":\"kms.home1.net\\u0000\"",
      })
  void refusesFieldsThatComeTwiceOrAreNoName(String field) throws Exception {
    try (BootstrappedKey ue = world.bootstrapped()) {
      String body = question(ue).replace("\"nafFqdn\":\"kms.home1.net\"", field);
      assertThat(ask(kms, KEY, body).status()).isEqualTo(400);
    }
  }

  @Test
  void refusesDepthAndLength() throws Exception {
    assertThat(ask(kms, KEY, "[".repeat(10_000)).status()).isEqualTo(400);
    assertThat(ask(kms, KEY, "{\"btid\":".repeat(2_000)).status()).isEqualTo(400);
    assertThat(ask(kms, KEY, " ".repeat(20_000)).status()).isEqualTo(400);
  }

  @Test
  void everyCutAndChangeIsAnsweredWithoutAKey() throws Exception {
    var random = new Random(3);
    try (BootstrappedKey ue = world.bootstrapped()) {
      String good = question(ue);
      for (int at = 0; at < good.length(); at++) {
        assertThat(ask(kms, KEY, good.substring(0, at)).status()).isEqualTo(400);
        var changed = new StringBuilder(good);
        changed.setCharAt(at, (char) (good.charAt(at) ^ (1 + random.nextInt(31))));
        assertThat(ask(kms, KEY, changed.toString()).status())
            .as(changed.toString())
            .isIn(200, 400, 403, 404);
      }
    }
  }

  @Test
  void hasTwoPlacesAndOneMethod() throws Exception {
    assertThat(ask(kms, "/zn/v1/other", "{}").status()).isEqualTo(404);
    Reply get = site.answer(GbaWorld.request("GET", KEY, GbaWorld.tls(kms), Map.of(), new byte[0]));
    assertThat(get.status()).isEqualTo(405);
  }

  private Reply ask(X509Certificate certificate, String path, String body) throws Exception {
    return site.answer(
        GbaWorld.request("POST", path, GbaWorld.tls(certificate), Map.of(), body.getBytes(UTF_8)));
  }

  private static String question(BootstrappedKey ue) {
    return "{\"btid\":\"%s\",\"nafFqdn\":\"kms.home1.net\",\"uaProtocolId\":\"0100011301\"}"
        .formatted(ue.btid());
  }
}
