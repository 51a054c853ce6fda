package parley.keys.gba.bsf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
import parley.keys.gba.aka.AgreedKeys;
import parley.keys.gba.aka.Usim;
import parley.keys.gba.aka.UsimAnswer;
import parley.keys.gba.digest.AuthenticationInfo;
import parley.keys.gba.digest.DigestAlgorithm;
import parley.keys.gba.digest.DigestChallenge;
import parley.keys.gba.digest.DigestCredentials;
import parley.keys.gba.digest.DigestCredentials.Freshness;
import parley.keys.gba.digest.Qop;
import parley.keys.gba.hss.Hss;
import parley.keys.gba.hss.Subscribers;
import parley.keys.http.Reply;
import parley.keys.http.RequestLimits;
import parley.keys.http.TlsPeer;
import parley.mikey.secret.SecretBytes;

/// Ub, request by request.
class BsfSiteTest {
  private static final byte[] NO_BODY = new byte[0];
  private static final String NOBODY = "nobody@home1.net";
  private static final Freshness FRESH = new Freshness(Qop.AUTH_INT, "Y25vbmNl", 1);

  @TempDir Path directory;
  private final Usim usim = Subscribers.usim();
  private GbaWorld world;
  private BsfSite site;

  @BeforeEach
  void open() throws Exception {
    world = new GbaWorld(directory);
    site = world.site();
  }

  @AfterEach
  void close() {
    usim.close();
    world.close();
  }

  @Test
  void bootstrapsASubscriberWhoseSimAnswers() throws Exception {
    DigestChallenge challenge = challenge(introduce(Subscribers.ALICE));
    assertThat(challenge.realm()).isEqualTo("bsf.home1.net");
    assertThat(challenge.algorithm()).isEqualTo(DigestAlgorithm.AKAV1_MD5);
    assertThat(challenge.qop()).containsExactly(Qop.AUTH_INT);
    assertThat(challenge.stale()).isFalse();
    try (AgreedKeys keys = agreed(challenge)) {
      DigestCredentials said = answered(challenge, keys.res());
      Reply reply = say(said);

      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.contentType()).isEqualTo("application/vnd.3gpp.bsf+xml");
      String btid = base64(Arrays.copyOf(nonce(challenge), 16)) + "@bsf.home1.net";
      assertThat(new String(reply.body(), UTF_8))
          .isEqualTo(
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?><BootstrappingInfo xmlns=\"uri:3gpp-gba\"><btid>"
                  + btid
                  + "</btid><lifetime>2026-11-24T12:00:00Z</lifetime></BootstrappingInfo>");
      var info = AuthenticationInfo.parse(header(reply, "Authentication-Info"));
      assertThat(info.isProvedBy(keys.res(), said, reply.body())).isTrue();
      assertThat(world.count("gba_session")).isEqualTo(1);
    }
  }

  /// Row 25 of the threats: a RES of 64 bits, once, and inside TLS alone.
  @Test
  void servesNothingOutsideTls() throws Exception {
    var introduction = DigestCredentials.introduction(Subscribers.ALICE, "bsf.home1.net", "/");
    Reply reply =
        site.answer(
            GbaWorld.request(
                "GET", "/", TlsPeer.none(1), authorization(introduction.header()), NO_BODY));
    assertThat(reply.status()).isEqualTo(403);
    assertThat(header(reply, "WWW-Authenticate")).isEmpty();
  }

  /// Rows 20 and 25: a copied answer opens nothing, neither now nor after a restart.
  @Test
  void takesEachAnswerOnce() throws Exception {
    DigestChallenge challenge = challenge(introduce(Subscribers.ALICE));
    try (AgreedKeys keys = agreed(challenge)) {
      assertThat(keys.res().length()).isEqualTo(8);
      DigestCredentials said = answered(challenge, keys.res());
      assertThat(say(said).status()).isEqualTo(200);
      assertThat(challenge(say(said)).nonce()).isNotEqualTo(challenge.nonce());
      assertThat(say(answered(challenge, keys.res())).status()).isEqualTo(401);
      world.restart();
      site = world.site();
      assertThat(say(said).status()).isEqualTo(401);
      assertThat(world.count("gba_session")).isEqualTo(1);
    }
  }

  /// A stranger gets what a subscriber gets, in all that can be seen, at every step.
  @Test
  void tellsNobodyWhoIsASubscriber() throws Exception {
    Reply known = introduce(Subscribers.ALICE);
    Reply unknown = introduce(NOBODY);
    assertThat(shape(unknown)).isEqualTo(shape(known));
    try (SecretBytes wrong = Secrets.hex("0011223344556677")) {
      Reply toKnown = say(answered(Subscribers.ALICE, challenge(known), wrong));
      Reply toUnknown = say(answered(NOBODY, challenge(unknown), wrong));
      assertThat(shape(toUnknown)).isEqualTo(shape(toKnown));
      assertThat(shape(toUnknown)).isEqualTo(shape(known));
      Reply resyncKnown =
          resynchronise(Subscribers.ALICE, challenge(toKnown), base64(new byte[14]));
      Reply resyncUnknown = resynchronise(NOBODY, challenge(toUnknown), base64(new byte[14]));
      assertThat(shape(resyncUnknown)).isEqualTo(shape(resyncKnown)).isEqualTo(shape(known));
    }
    assertThat(world.count("gba_spent")).isZero();
  }

  @Test
  void answersAWrongProofWithTheNextChallenge() throws Exception {
    DigestChallenge challenge = challenge(introduce(Subscribers.ALICE));
    try (AgreedKeys keys = agreed(challenge);
        SecretBytes wrong = Secrets.hex("0011223344556677")) {
      assertThat(challenge(say(answered(challenge, wrong))).stale()).isFalse();
      assertThat(say(answered(NOBODY, challenge, keys.res())).status()).isEqualTo(401);
      assertThat(world.count("gba_session")).isZero();
      assertThat(say(answered(challenge, keys.res())).status()).isEqualTo(200);
    }
  }

  @Test
  void saysThatANonceIsTooOld() throws Exception {
    DigestChallenge challenge = challenge(introduce(Subscribers.ALICE));
    try (AgreedKeys keys = agreed(challenge)) {
      world.clock().pass(Hss.CHALLENGE_LIFETIME.plusSeconds(1));
      assertThat(challenge(say(answered(challenge, keys.res()))).stale()).isTrue();
    }
  }

  /// Row 23: SQN moves by the SIM's word, once, and by nobody else's.
  @Test
  void resynchronisesByTheWordOfTheSim() throws Exception {
    try (Usim used = Subscribers.usim(new Subscribers.Memory().usedUntil(100_000))) {
      DigestChallenge challenge = challenge(introduce(Subscribers.ALICE));
      String auts = base64(auts(used, challenge));
      Reply reply = resynchronise(Subscribers.ALICE, challenge, auts);
      try (AgreedKeys keys = agreed(used, challenge(reply))) {
        assertThat(say(answered(challenge(reply), keys.res())).status()).isEqualTo(200);
      }
      long next = world.nextSeq();
      assertThat(next).isGreaterThan(100_000);
      assertThat(resynchronise(Subscribers.ALICE, challenge, auts).status()).isEqualTo(401);
      assertThat(world.nextSeq()).isEqualTo(next);
    }
  }

  /// Row 23.
  @Test
  void takesNoAutsThatIsForged() throws Exception {
    try (Usim used = Subscribers.usim(new Subscribers.Memory().usedUntil(100_000));
        SecretBytes wrong = Secrets.of("password")) {
      DigestChallenge challenge = challenge(introduce(Subscribers.ALICE));
      byte[] auts = auts(used, challenge);
      DigestChallenge other = challenge(introduce(Subscribers.ALICE));
      long before = world.nextSeq();
      assertThat(resynchronise(Subscribers.ALICE, other, base64(auts)).status()).isEqualTo(401);
      for (String text :
          List.of("", "!", base64(new byte[13]), base64(new byte[15]), "A".repeat(500))) {
        assertThat(resynchronise(Subscribers.ALICE, challenge, text).status()).isEqualTo(401);
      }
      DigestCredentials unsigned = answered(challenge, wrong);
      String header = unsigned.header() + ", auts=\"" + base64(auts) + "\"";
      assertThat(say(header).status()).isEqualTo(401);
      assertThat(world.nextSeq()).isEqualTo(before);
      assertThat(world.count("gba_spent")).isZero();
    }
  }

  /// Row 24: no weaker algorithm, no weaker protection.
  @Test
  void refusesToBeBiddenDown() throws Exception {
    DigestChallenge challenge = challenge(introduce(Subscribers.ALICE));
    try (AgreedKeys keys = agreed(challenge)) {
      String header = answered(challenge, keys.res()).header();
      assertThat(say(header.replace("AKAv1-MD5", "MD5")).status()).isEqualTo(400);
      assertThat(say(header.replace("AKAv1-MD5", "AKAv2-MD5")).status()).isEqualTo(400);
      assertThat(say(header.replace(", algorithm=AKAv1-MD5", "")).status()).isEqualTo(400);
      assertThat(say(header.replace("qop=auth-int", "qop=auth")).status()).isEqualTo(400);
      assertThat(say(header.replaceAll(", (qop|nc|cnonce)=[^,]*", "")).status()).isEqualTo(400);
      assertThat(say(header).status()).isEqualTo(200);
    }
  }

  /// The limit comes before SQN is touched (rows 11 and 23).
  @Test
  void countsBeforeItComputes() throws Exception {
    var few = new RequestLimits(3, Duration.ofSeconds(10), world.clock());
    var many = new RequestLimits(1000, Duration.ofSeconds(10), world.clock());
    site = BsfSite.of(world.bsf(), world.hss(), few, many, many);
    for (int i = 0; i < 3; i++) {
      assertThat(introduce(Subscribers.ALICE).status()).isEqualTo(401);
    }
    long before = world.nextSeq();
    for (int i = 0; i < 100; i++) {
      Reply refused = introduce(Subscribers.ALICE);
      assertThat(refused.status()).isEqualTo(429);
      assertThat(header(refused, "Retry-After")).isNotEmpty();
    }
    assertThat(world.nextSeq()).isEqualTo(before);
    world.clock().pass(Duration.ofSeconds(10));
    assertThat(introduce(Subscribers.ALICE).status()).isEqualTo(401);
    assertThat(introduce(Subscribers.ALICE).status()).isEqualTo(429);
  }

  /// Row 23: whoever asks in the name of one subscriber uses up neither SEQ nor the others' time.
  @Test
  void limitsChallengesAndResynchronisationsOfAnIdentity() throws Exception {
    var few = new RequestLimits(2, Duration.ofSeconds(10), world.clock());
    var many = new RequestLimits(1000, Duration.ofSeconds(10), world.clock());
    site = BsfSite.of(world.bsf(), world.hss(), many, few, many);
    for (String impi : List.of(Subscribers.ALICE, NOBODY)) {
      assertThat(introduce(impi).status()).isEqualTo(401);
      assertThat(introduce(impi).status()).isEqualTo(401);
      assertThat(introduce(impi).status()).isEqualTo(429);
    }
    var fewAgain = new RequestLimits(2, Duration.ofSeconds(10), world.clock());
    site = BsfSite.of(world.bsf(), world.hss(), many, many, fewAgain);
    for (String impi : List.of(Subscribers.ALICE, NOBODY)) {
      DigestChallenge challenge = challenge(introduce(impi));
      assertThat(resynchronise(impi, challenge, base64(new byte[14])).status()).isEqualTo(401);
      assertThat(resynchronise(impi, challenge, base64(new byte[14])).status()).isEqualTo(401);
      assertThat(resynchronise(impi, challenge, base64(new byte[14])).status()).isEqualTo(429);
    }
  }

  @Test
  void isAtOnePlace() throws Exception {
    var headers =
        authorization(
            DigestCredentials.introduction(Subscribers.ALICE, "bsf.home1.net", "/").header());
    assertThat(status("GET", "/", headers)).isEqualTo(401);
    assertThat(status("POST", "/", headers)).isEqualTo(405);
    assertThat(status("GET", "/other", headers)).isEqualTo(404);
    assertThat(status("GET", "/", Map.of())).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "alice", "a b@home1.net", "a\\\\b@home1.net", "@home1.net", "a@"})
  void refusesWhatIsNoPrivateIdentity(String impi) throws Exception {
    assertThat(
            say("Digest username=\""
                    + impi
                    + "\", realm=\"bsf.home1.net\", nonce=\"\", uri=\"/\", response=\"\"")
                .status())
        .isEqualTo(400);
  }

  @Test
  void refusesAnotherRealmAndAnotherUri() throws Exception {
    String good = DigestCredentials.introduction(Subscribers.ALICE, "bsf.home1.net", "/").header();
    assertThat(say(good).status()).isEqualTo(401);
    assertThat(say(good.replace("bsf.home1", "bsf.evil")).status()).isEqualTo(400);
    assertThat(say(good.replace("uri=\"/\"", "uri=\"/x\"")).status()).isEqualTo(400);
  }

  /// Every changed header is refused or challenged; none bootstraps and none fails.
  @Test
  void everyChangedAnswerIsRefused() throws Exception {
    DigestChallenge challenge = challenge(introduce(Subscribers.ALICE));
    var random = new Random(11);
    try (AgreedKeys keys = agreed(challenge)) {
      String good = answered(challenge, keys.res()).header();
      for (int i = 0; i < 400; i++) {
        var changed = new StringBuilder(good);
        int at = random.nextInt(good.length());
        char c = (char) (0x20 + random.nextInt(0x5f));
        changed.setCharAt(at, c);
        DigestCredentials read = tolerant(changed.toString());
        boolean same = read != null && read.equals(DigestCredentials.parse(good));
        if (!same) {
          assertThat(say(changed.toString()).status()).as(changed.toString()).isIn(400, 401);
        }
      }
      assertThat(world.count("gba_session")).isZero();
      assertThat(say(good).status()).isEqualTo(200);
    }
  }

  private static @org.jspecify.annotations.Nullable DigestCredentials tolerant(String header) {
    try {
      return DigestCredentials.parse(header);
    } catch (parley.keys.gba.digest.MalformedDigest _) {
      return null;
    }
  }

  @Test
  void keepsBootstrapsOfOneSubscriberFew() throws Exception {
    for (int i = 0; i < 7; i++) {
      world.bootstrapped().close();
    }
    assertThat(world.count("gba_session")).isEqualTo(SessionTable.MOST_OF_ONE);
    try (BootstrappedKey last = world.bootstrapped()) {
      var naf = new parley.keys.gba.NafId(GbaWorld.KMS, parley.keys.gba.UaProtocol.tls(0x1301));
      assertThat(world.bsf().nafKey(last.btid(), naf)).isPresent();
    }
  }

  private Reply introduce(String impi) throws Exception {
    return say(DigestCredentials.introduction(impi, "bsf.home1.net", "/"));
  }

  private Reply resynchronise(String impi, DigestChallenge challenge, String auts)
      throws Exception {
    return say(DigestCredentials.resynchronisation(challenge, impi, auts, "GET", "/", FRESH));
  }

  private Reply say(DigestCredentials said) throws Exception {
    return say(said.header());
  }

  private Reply say(String header) throws Exception {
    return site.answer(
        GbaWorld.request("GET", "/", GbaWorld.tls(1), authorization(header), NO_BODY));
  }

  private int status(String method, String path, Map<String, String> headers) throws Exception {
    return site.answer(GbaWorld.request(method, path, GbaWorld.tls(1), headers, NO_BODY)).status();
  }

  private static Map<String, String> authorization(String header) {
    return Map.of("authorization", header);
  }

  private static DigestCredentials answered(DigestChallenge challenge, SecretBytes res) {
    return answered(Subscribers.ALICE, challenge, res);
  }

  private static DigestCredentials answered(
      String impi, DigestChallenge challenge, SecretBytes res) {
    return DigestCredentials.answer(challenge, impi, res, "GET", "/", NO_BODY, FRESH);
  }

  private AgreedKeys agreed(DigestChallenge challenge) throws Exception {
    return agreed(usim, challenge);
  }

  private static AgreedKeys agreed(Usim usim, DigestChallenge challenge) throws Exception {
    return ((UsimAnswer.Agreed) ask(usim, challenge)).keys();
  }

  private static byte[] auts(Usim usim, DigestChallenge challenge) throws Exception {
    return ((UsimAnswer.SynchronisationFailure) ask(usim, challenge)).auts();
  }

  private static UsimAnswer ask(Usim usim, DigestChallenge challenge) throws Exception {
    byte[] nonce = nonce(challenge);
    return usim.authenticate(Arrays.copyOf(nonce, 16), Arrays.copyOfRange(nonce, 16, 32));
  }

  private static byte[] nonce(DigestChallenge challenge) {
    return Base64.getDecoder().decode(challenge.nonce());
  }

  private static DigestChallenge challenge(Reply reply) throws Exception {
    assertThat(reply.status()).isEqualTo(401);
    return DigestChallenge.parse(header(reply, "WWW-Authenticate"));
  }

  private static String header(Reply reply, String name) {
    return Objects.requireNonNullElse(GbaWorld.header(reply, name), "");
  }

  /// All of a reply but the nonce's own characters.
  private static String shape(Reply reply) {
    return reply.status()
        + new String(reply.body(), UTF_8)
        + reply.headers().toString().replaceAll("nonce=\"[A-Za-z0-9+/]{75}=\"", "nonce");
  }

  private static String base64(byte[] octets) {
    return Base64.getEncoder().encodeToString(octets);
  }
}
