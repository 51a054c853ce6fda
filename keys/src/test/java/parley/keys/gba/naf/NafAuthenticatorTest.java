package parley.keys.gba.naf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.Secrets;
import parley.keys.gba.BootstrappedKey;
import parley.keys.gba.GbaWorld;
import parley.keys.gba.NafId;
import parley.keys.gba.Tid;
import parley.keys.gba.UaProtocol;
import parley.keys.gba.digest.DigestChallenge;
import parley.keys.gba.digest.DigestCredentials;
import parley.keys.gba.hss.Subscribers;
import parley.keys.gba.naf.NafOutcome.Authenticated;
import parley.keys.gba.naf.NafOutcome.Refused;
import parley.keys.gba.ue.UaDigestClient;
import parley.keys.gba.zn.NafKey;
import parley.keys.gba.zn.PushInfo;
import parley.keys.gba.zn.ZnClient;
import parley.keys.http.Reply;
import parley.keys.http.Request;
import parley.keys.http.RequestLimits;
import parley.keys.http.TlsPeer;
import parley.mikey.identity.Identity;
import parley.mikey.secret.SecretBytes;

/// Ua at the server, request by request; rows 20, 22, 24 and 25 of the threats.
class NafAuthenticatorTest {
  private static final NafId NAF = new NafId(GbaWorld.KMS, UaProtocol.tls(GbaWorld.SUITE));
  private static final String PATH = "/keymanagement/identity/v1/init";
  private static final byte[] BODY = "<KmsRequest/>".getBytes(UTF_8);

  @TempDir Path directory;
  private final List<Tid> asked = new ArrayList<>();
  private GbaWorld world;
  private NafKeys keys;
  private NafAuthenticator naf;

  @BeforeEach
  void open() throws Exception {
    world = new GbaWorld(directory);
    keys = new NafKeys(GbaWorld.KMS, counting(), world.clock(), Secrets.RANDOM);
    naf = authenticator(1000);
  }

  @AfterEach
  void close() {
    naf.close();
    keys.close();
    world.close();
  }

  private NafAuthenticator authenticator(int failures) {
    var limits = new RequestLimits(failures, Duration.ofSeconds(10), world.clock());
    return new NafAuthenticator(keys, limits, world.clock(), Secrets.RANDOM);
  }

  private ZnClient counting() {
    return new ZnClient() {
      @Override
      public Optional<NafKey> nafKey(Tid tid, NafId id) throws IOException {
        asked.add(tid);
        return world.bsf().direct(GbaWorld.KMS).nafKey(tid, id);
      }

      @Override
      public Optional<PushInfo> push(Identity user, NafId id) throws IOException {
        return world.bsf().direct(GbaWorld.KMS).push(user, id);
      }
    };
  }

  @Test
  void saysThatBootstrappingIsRequired() throws Exception {
    Reply reply = refused(request(1, null, BODY));
    String header = header(reply, "WWW-Authenticate");

    assertThat(reply.status()).isEqualTo(401);
    assertThat(header)
        .startsWith("Digest realm=\"3GPP-bootstrapping@kms.home1.net\", nonce=")
        .contains("algorithm=MD5, qop=\"auth-int\"")
        .doesNotContain("stale");
    assertThat(UaDigestClient.wantsBootstrapping(header)).contains(GbaWorld.KMS);
    assertThat(UaDigestClient.wantsBootstrapping("Basic realm=\"x\"")).isEmpty();
  }

  @Test
  void knowsWhoHasTheKeyAndProvesItself() throws Exception {
    try (BootstrappedKey ue = world.bootstrapped();
        UaDigestClient client = client(ue)) {
      assertThat(client.take(challengeOf(1))).isTrue();
      for (int i = 0; i < 3; i++) {
        DigestCredentials said = client.authorize("POST", PATH, BODY);
        try (Authenticated who = known(request(1, said.header(), BODY))) {
          assertThat(who.impi()).isEqualTo(Subscribers.ALICE);
          assertThat(who.identities()).containsExactly(Subscribers.ALICE_PUBLIC);
          assertThat(who.tid()).isEqualTo(ue.btid());
          assertThat(who.until()).isEqualTo(ue.until());
          Reply reply = who.prove(Reply.text(200, "keys"));
          String info = header(reply, "Authentication-Info");
          assertThat(client.isOfServer(info, said, reply.body())).isTrue();
          assertThat(client.isOfServer(info, said, BODY)).isFalse();
          assertThat(client.isOfServer(null, said, reply.body())).isFalse();
          assertThat(client.isOfServer("x", said, reply.body())).isFalse();
        }
      }
      assertThat(asked).containsExactly(ue.btid());
    }
  }

  /// Row 20: a captured Authorization is worth nothing on its own connection and on a new one.
  @Test
  void refusesACopyOnEachConnection() throws Exception {
    try (BootstrappedKey ue = world.bootstrapped();
        UaDigestClient client = client(ue)) {
      assertThat(client.take(challengeOf(1))).isTrue();
      String said = client.authorize("POST", PATH, BODY).header();
      known(request(1, said, BODY)).close();
      assertThat(refused(request(1, said, BODY)).status()).isEqualTo(401);
      assertThat(refused(request(2, said, BODY)).status()).isEqualTo(401);
      String next = client.authorize("POST", PATH, BODY).header();
      assertThat(refused(request(2, next, BODY)).status()).isEqualTo(401);
      known(request(1, next, BODY)).close();
    }
  }

  /// Row 20: nc rises, and a later request does not open the door for an earlier one.
  @Test
  void takesCountsThatRiseAlone() throws Exception {
    try (BootstrappedKey ue = world.bootstrapped();
        UaDigestClient client = client(ue)) {
      assertThat(client.take(challengeOf(1))).isTrue();
      String first = client.authorize("POST", PATH, BODY).header();
      String second = client.authorize("POST", PATH, BODY).header();
      known(request(1, second, BODY)).close();
      assertThat(refused(request(1, first, BODY)).status()).isEqualTo(401);
    }
  }

  @Test
  void coversMethodPlaceAndBody() throws Exception {
    try (BootstrappedKey ue = world.bootstrapped();
        UaDigestClient client = client(ue)) {
      assertThat(client.take(challengeOf(1))).isTrue();
      String said = client.authorize("POST", PATH, BODY).header();
      byte[] other = "<KmsRequest>x</KmsRequest>".getBytes(UTF_8);
      assertThat(refused(request(1, said, other)).status()).isEqualTo(401);
      assertThat(refused(request("PUT", PATH, 1, said)).status()).isEqualTo(401);
      assertThat(refused(request("POST", PATH + "/x", 1, said)).status()).isEqualTo(401);
      known(request(1, said, BODY)).close();
    }
  }

  /// Row 22: the name is the configured one, whatever a request says.
  @Test
  void takesItsNameFromItsConfiguration() throws Exception {
    Map<String, List<String>> evil = new HashMap<>(Map.of("host", List.of("evil.home1.net")));
    Reply reply = refused(request("POST", PATH, GbaWorld.tls(1), evil, BODY));
    assertThat(header(reply, "WWW-Authenticate")).contains("@kms.home1.net\"");
    try (BootstrappedKey ue = world.bootstrapped();
        SecretBytes foreign = ue.ksNaf(new NafId(GbaWorld.OTHER, NAF.ua()));
        UaDigestClient client =
            new UaDigestClient(ue.btid(), GbaWorld.KMS, foreign, Secrets.RANDOM)) {
      assertThat(client.take(header(reply, "WWW-Authenticate"))).isTrue();
      evil.put("authorization", List.of(client.authorize("POST", PATH, BODY).header()));
      assertThat(refused(request("POST", PATH, GbaWorld.tls(1), evil, BODY)).status())
          .isEqualTo(401);
    }
  }

  /// Rows 20 and 24: the key is of one cipher suite; under another it proves nothing.
  @Test
  void bindsTheKeyToTheCipherSuite() throws Exception {
    var other = new TlsPeer("TLSv1.3", "TLS_AES_256_GCM_SHA384", 0x1302, 1, null, null);
    try (BootstrappedKey ue = world.bootstrapped();
        UaDigestClient client = client(ue)) {
      assertThat(client.take(challengeOf(1))).isTrue();
      var headers = Map.of("authorization", List.of(client.authorize("POST", PATH, BODY).header()));
      assertThat(refused(request("POST", PATH, other, headers, BODY)).status()).isEqualTo(401);
      known(request("POST", PATH, GbaWorld.tls(1), headers, BODY)).close();
    }
  }

  /// An unknown name, a name whose time is over and a wrong password: one answer, one question to
  /// the BSF each, even where the key is kept.
  @Test
  void answersUnknownNamesAndWrongPasswordsAlike() throws Exception {
    try (BootstrappedKey ue = world.bootstrapped();
        UaDigestClient client = client(ue)) {
      assertThat(client.take(challengeOf(1))).isTrue();
      known(request(1, client.authorize("POST", PATH, BODY).header(), BODY)).close();
      Tid unknown = Tid.bootstrapped(new byte[16], GbaWorld.BSF);
      Reply toUnknown = wrong(unknown);
      Reply toKnown = wrong(ue.btid());
      assertThat(shape(toUnknown)).isEqualTo(shape(toKnown));
      assertThat(asked).containsExactly(ue.btid(), unknown, ue.btid());
      world.clock().set(ue.until());
      assertThat(client.take(challengeOf(1))).isTrue();
      Reply over = refused(request(1, client.authorize("POST", PATH, BODY).header(), BODY));
      assertThat(shape(over)).isEqualTo(shape(toKnown));
      assertThat(asked).hasSize(4);
    }
  }

  private Reply wrong(Tid tid) throws Exception {
    try (SecretBytes key = SecretBytes.random(32, Secrets.RANDOM, "wrong");
        UaDigestClient client = new UaDigestClient(tid, GbaWorld.KMS, key, Secrets.RANDOM)) {
      assertThat(client.take(challengeOf(1))).isTrue();
      return refused(request(1, client.authorize("POST", PATH, BODY).header(), BODY));
    }
  }

  @Test
  void saysThatANonceIsTooOld() throws Exception {
    try (BootstrappedKey ue = world.bootstrapped();
        UaDigestClient client = client(ue)) {
      assertThat(client.take(challengeOf(1))).isTrue();
      world.clock().pass(ServerNonces.LIFETIME);
      Reply reply = refused(request(1, client.authorize("POST", PATH, BODY).header(), BODY));
      assertThat(header(reply, "WWW-Authenticate")).contains("stale=true");
      assertThat(client.take(header(reply, "WWW-Authenticate"))).isTrue();
      known(request(1, client.authorize("POST", PATH, BODY).header(), BODY)).close();
    }
  }

  /// Row 24.
  @Test
  void refusesToBeBiddenDown() throws Exception {
    try (BootstrappedKey ue = world.bootstrapped();
        UaDigestClient client = client(ue)) {
      assertThat(client.take(challengeOf(1))).isTrue();
      String said = client.authorize("POST", PATH, BODY).header();
      for (String weaker :
          List.of(
              said.replace("qop=auth-int", "qop=auth"),
              said.replace("algorithm=MD5", "algorithm=AKAv1-MD5"),
              said.replaceAll(", (qop|nc|cnonce)=[^,]*", ""),
              said.replace("kms.home1", "kms.evil"))) {
        assertThat(refused(request(1, weaker, BODY)).status()).isEqualTo(401);
      }
      assertThat(refused(request(1, said.replace("=MD5", "=MD5-sess"), BODY)).status())
          .isEqualTo(400);
      assertThat(client.take(challengeOf(1).replace("MD5", "AKAv1-MD5"))).isFalse();
      assertThat(client.take(challengeOf(1).replace("auth-int", "auth"))).isFalse();
      assertThat(client.take(challengeOf(1).replace("kms.", "evil."))).isFalse();
      known(request(1, client.authorize("POST", PATH, BODY).header(), BODY)).close();
    }
  }

  /// Row 25: MD5 inside TLS alone.
  @Test
  void servesNothingOutsideTls() throws Exception {
    Request bare = request("POST", PATH, TlsPeer.none(1), Map.of(), BODY);
    assertThat(refused(bare).status()).isEqualTo(403);
  }

  @Test
  void listensToNobodyWhoFailsTooOften() throws Exception {
    naf.close();
    naf = authenticator(3);
    try (BootstrappedKey ue = world.bootstrapped();
        UaDigestClient client = client(ue)) {
      for (int i = 0; i < 3; i++) {
        assertThat(wrong(ue.btid()).status()).isEqualTo(401);
      }
      int questions = asked.size();
      assertThat(client.take(challengeOf(1))).isTrue();
      String said = client.authorize("POST", PATH, BODY).header();
      assertThat(refused(request(1, said, BODY)).status()).isEqualTo(429);
      assertThat(asked).hasSize(questions);
      world.clock().pass(Duration.ofSeconds(10));
      known(request(1, said, BODY)).close();
    }
  }

  @Test
  void everyChangedProofIsRefused() throws Exception {
    var random = new Random(17);
    try (BootstrappedKey ue = world.bootstrapped();
        UaDigestClient client = client(ue)) {
      assertThat(client.take(challengeOf(1))).isTrue();
      DigestCredentials good = client.authorize("POST", PATH, BODY);
      for (int i = 0; i < 400; i++) {
        var changed = new StringBuilder(good.header());
        int at = random.nextInt(changed.length());
        changed.setCharAt(at, (char) (0x20 + random.nextInt(0x5f)));
        if (!sameAs(good, changed.toString())) {
          assertThat(refused(request(1, changed.toString(), BODY)).status())
              .as(changed.toString())
              .isIn(400, 401);
        }
      }
      known(request(1, good.header(), BODY)).close();
    }
  }

  private static boolean sameAs(DigestCredentials good, String changed) {
    try {
      return DigestCredentials.parse(changed).equals(good);
    } catch (parley.keys.gba.digest.MalformedDigest _) {
      return false;
    }
  }

  @Test
  void refusesTwoAuthorizations() throws Exception {
    Map<String, List<String>> two = Map.of("authorization", List.of("Digest a=b", "Digest a=b"));
    assertThat(refused(request("POST", PATH, GbaWorld.tls(1), two, BODY)).status()).isEqualTo(400);
  }

  @Test
  void takesAPushedKeyWhateverTheSuite() throws Exception {
    var id = new NafId(GbaWorld.KMS, UaProtocol.HTTP_DIGEST);
    try (PushInfo push =
            world.bsf().direct(GbaWorld.KMS).push(Subscribers.ALICE_PUBLIC, id).orElseThrow();
        UaDigestClient client =
            new UaDigestClient(push.key().tid(), GbaWorld.KMS, push.key().key(), Secrets.RANDOM)) {
      assertThat(client.take(challengeOf(1))).isTrue();
      try (Authenticated who =
          known(request(1, client.authorize("POST", PATH, BODY).header(), BODY))) {
        assertThat(who.impi()).isEqualTo(Subscribers.ALICE);
      }
    }
  }

  /// The PSK of TLS is that of the suite with 1.2 and the fixed one with 1.3; nobody's for a
  /// stranger.
  @Test
  void givesTlsTheKeyOfAnIdentity() throws Exception {
    try (BootstrappedKey ue = world.bootstrapped();
        SecretBytes one = ue.ksNaf(new NafId(GbaWorld.KMS, UaProtocol.tls(0x00AA)));
        SecretBytes other = ue.ksNaf(new NafId(GbaWorld.KMS, UaProtocol.SHARED_KEY_TLS_13))) {
      String identity = PskIdentity.of(ue.btid());
      assertThat(identity).isEqualTo("3GPP-bootstrapping;" + ue.btid());
      assertThat(keys.pskFor(identity, UaProtocol.tls(0x00AA))).isEqualTo(one);
      assertThat(keys.pskFor(identity, UaProtocol.SHARED_KEY_TLS_13)).isEqualTo(other);
      for (String stranger :
          List.of("", "x", ue.btid().text(), identity + " ", "3gpp-bootstrapping;" + ue.btid())) {
        SecretBytes key = keys.pskFor(stranger, UaProtocol.SHARED_KEY_TLS_13);
        assertThat(key.length()).isEqualTo(32);
        assertThat(key).isNotEqualTo(other);
      }
    }
  }

  @Test
  void knowsWhoProvedAPreSharedKeyUntilItsEnd() throws Exception {
    try (BootstrappedKey ue = world.bootstrapped()) {
      var tls =
          new TlsPeer(
              "TLSv1.3", "TLS_AES_128_GCM_SHA256", 0x1301, 1, null, PskIdentity.of(ue.btid()));
      try (Authenticated who = known(request("POST", PATH, tls, Map.of(), BODY))) {
        assertThat(who.impi()).isEqualTo(Subscribers.ALICE);
        assertThat(who.prove(Reply.text(200, "x")).headers()).isEmpty();
      }
      world.clock().set(ue.until());
      assertThat(refused(request("POST", PATH, tls, Map.of(), BODY)).status()).isEqualTo(401);
    }
  }

  @Test
  void keepsNoKeyBeyondItsEnd() throws Exception {
    for (int i = 0; i < 3; i++) {
      try (BootstrappedKey ue = world.bootstrapped()) {
        keys.keyFor(ue.btid(), NAF.ua()).orElseThrow().close();
      }
    }
    assertThat(keys.size()).isEqualTo(3);
    world.clock().pass(Duration.ofDays(2));
    try (BootstrappedKey ue = world.bootstrapped()) {
      keys.keyFor(ue.btid(), NAF.ua()).orElseThrow().close();
    }
    assertThat(keys.size()).isEqualTo(1);
  }

  private UaDigestClient client(BootstrappedKey ue) {
    try (SecretBytes ksNaf = ue.ksNaf(NAF)) {
      return new UaDigestClient(ue.btid(), GbaWorld.KMS, ksNaf, Secrets.RANDOM);
    }
  }

  private String challengeOf(long connection) throws Exception {
    return header(refused(request(connection, null, BODY)), "WWW-Authenticate");
  }

  private Reply refused(Request request) throws Exception {
    return ((Refused) naf.authenticate(request)).reply();
  }

  private Authenticated known(Request request) throws Exception {
    return (Authenticated) naf.authenticate(request);
  }

  private static Request request(
      long connection, @org.jspecify.annotations.Nullable String authorization, byte[] body) {
    Map<String, List<String>> headers =
        authorization == null ? Map.of() : Map.of("authorization", List.of(authorization));
    return request("POST", PATH, GbaWorld.tls(connection), headers, body);
  }

  private static Request request(
      String method, String path, long connection, String authorization) {
    return request(
        method,
        path,
        GbaWorld.tls(connection),
        Map.of("authorization", List.of(authorization)),
        BODY);
  }

  private static Request request(
      String method, String path, TlsPeer tls, Map<String, List<String>> headers, byte[] body) {
    return new Request(
        method, path, null, headers, body, new java.net.InetSocketAddress("192.0.2.1", 4711), tls);
  }

  private static String header(Reply reply, String name) {
    return Objects.requireNonNullElse(GbaWorld.header(reply, name), "");
  }

  private static String shape(Reply reply) throws Exception {
    var challenge = DigestChallenge.parse(header(reply, "WWW-Authenticate"));
    return reply.toString()
        + challenge.nonce().length()
        + reply.headers().toString().replace(challenge.nonce(), "");
  }
}
