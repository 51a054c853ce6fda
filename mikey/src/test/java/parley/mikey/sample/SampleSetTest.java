package parley.mikey.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.mikey.Vectors.octets;
import static parley.mikey.Vectors.text;
import static parley.mikey.Vectors.word;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import parley.mikey.eccsi.EccsiPublicKey;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.group.CryptoSession;
import parley.mikey.group.GmkBook;
import parley.mikey.group.GmkReceipt;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.JoinAdmission;
import parley.mikey.group.JoinAnswer;
import parley.mikey.group.JoinGate;
import parley.mikey.group.JoinVerb;
import parley.mikey.group.JoinVerifier;
import parley.mikey.group.RegistrationAnswer;
import parley.mikey.group.RegistrationVerb;
import parley.mikey.group.UnverifiedAnnouncement;
import parley.mikey.group.UnverifiedGmkDistribution;
import parley.mikey.group.UnverifiedJoin;
import parley.mikey.group.UnverifiedKeyTransport;
import parley.mikey.group.UnverifiedRegistration;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KmsCertificate;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.identity.UserIdFormat;
import parley.mikey.message.Dissection;
import parley.mikey.message.MikeyReader;
import parley.mikey.message.MikeyWriter;
import parley.mikey.prf.MikeyKeys;
import parley.mikey.prf.MikeyPrf;
import parley.mikey.sakke.SakkePublicKey;
import parley.mikey.sakke.SakkeReceiver;
import parley.mikey.secret.SecretBytes;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The published samples are what the code makes today, and what they say of themselves is true.
class SampleSetTest {
  private static final String FOLDER = "/sample/";
  private static final JsonNode FILE =
      JsonMapper.shared()
          .readTree(new String(published("samples.json"), StandardCharsets.US_ASCII));

  private final EccsiVerifier verifier = new EccsiVerifier(8);

  @TempDir Path folder;

  private static byte[] published(String file) {
    try (InputStream in = SampleSetTest.class.getResourceAsStream(FOLDER + file)) {
      return Objects.requireNonNull(in, file).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<JsonNode> samples() {
    return FILE.required("samples").valueStream();
  }

  /// Whoever changes the wire sees it here, and publishes the set anew: `parley mikey sample --out
  /// mikey/src/test/resources/sample`.
  @Test
  void areTheSameOctetsAtEveryRun() throws Exception {
    SampleSet.make().write(folder);
    List<String> names = new ArrayList<>();
    try (var files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        names.add(name);
        assertThat(Files.readAllBytes(file)).as(name).isEqualTo(published(name));
      }
    }
    assertThat(names).hasSize(FILE.required("samples").size() + 4);
    assertThat(names).containsAll(samples().map(sample -> text(sample, "file")).toList());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void areReadAndWrittenAgain(JsonNode sample) throws Exception {
    byte[] message = octets(sample, "message");
    assertThat(published(text(sample, "file"))).isEqualTo(message);
    assertThat(MikeyWriter.write(MikeyReader.read(message))).isEqualTo(message);
    assertThat(Dissection.of(message).parts().getLast().name()).isIn("SIGN", "V");
  }

  @ParameterizedTest
  @MethodSource("samples")
  void areGenuine(JsonNode sample) throws Exception {
    String name = text(sample, "name");
    byte[] message = octets(sample, "message");
    switch (name.substring(0, name.lastIndexOf('-'))) {
      case "gmk" -> distribution(sample, UnverifiedGmkDistribution.read(message));
      case "gmk-receipt" -> receipt(sample, GmkReceipt.read(message));
      case "pck", "csk" -> transport(sample, UnverifiedKeyTransport.read(message));
      case "join", "join-again", "refresh", "leave" -> join(sample, UnverifiedJoin.read(message));
      case "register", "withdraw" -> registration(sample, UnverifiedRegistration.read(message));
      case "registered" -> answer(sample, message, RegistrationAnswer.read(message));
      case "join-cookie", "join-done" -> answer(sample, JoinAnswer.read(message));
      default -> announcement(sample, UnverifiedAnnouncement.read(message));
    }
  }

  private void distribution(JsonNode sample, UnverifiedGmkDistribution message) throws Exception {
    Identity group = identity(sample, "initiator");
    Identity ue = identity(sample, "responder");
    assertThat(message.timestamp()).isEqualTo(t(sample));
    assertThat(message.csbId()).isEqualTo(word(sample, "csbId"));
    assertThat(message.isSigned(group, kms(sample), verifier)).isTrue();
    try (var receiver = receiver(sample, ue);
        var gmk = message.open(group, ue, receiver).orElseThrow()) {
      assertThat(gmk.gmkId()).isEqualTo(word(sample, "keyId"));
      assertThat(gmk.key()).isEqualTo(secret(sample, "key"));
      assertThat(gmk.activation()).isEqualTo(Instant.parse(text(sample, "activation")));
      assertThat(gmk.expiry()).isEqualTo(Instant.parse(text(sample, "expiry")));
    }
  }

  private void receipt(JsonNode sample, GmkReceipt receipt) throws Exception {
    String of = text(sample, "name").replace("gmk-receipt", "gmk");
    JsonNode sent = samples().filter(one -> text(one, "name").equals(of)).findFirst().orElseThrow();
    try (GroupMasterKey gmk = gmk(word(sample, "keyId"), secret(sample, "key"))) {
      assertThat(receipt.isValid(UnverifiedGmkDistribution.read(octets(sent, "message")), gmk))
          .isTrue();
    }
    assertThat(receipt.ue()).isEqualTo(identity(sample, "responder"));
  }

  private void transport(JsonNode sample, UnverifiedKeyTransport message) throws Exception {
    Identity responder = identity(sample, "responder");
    assertThat(message.timestamp()).isEqualTo(t(sample));
    assertThat(message.isSigned(identity(sample, "initiator"), kms(sample), verifier)).isTrue();
    try (var receiver = receiver(sample, responder);
        var key = message.open(responder, kms(sample), receiver).orElseThrow()) {
      assertThat(key.id()).isEqualTo(word(sample, "keyId"));
      assertThat(key.key()).isEqualTo(secret(sample, "key"));
      assertThat(key.activation()).isEqualTo(Instant.parse(text(sample, "activation")));
      assertThat(key.expiry()).isEqualTo(Instant.parse(text(sample, "expiry")));
    }
  }

  private void announcement(JsonNode sample, UnverifiedAnnouncement message) throws Exception {
    assertThat(message.timestamp()).isEqualTo(t(sample));
    assertThat(message.talker()).isEqualTo(identity(sample, "talker"));
    assertThat(message.csbId()).isEqualTo(word(sample, "csbId"));
    assertThat(message.rand()).isEqualTo(octets(sample, "RAND"));
    assertThat(message.isRandBound()).isTrue();
    assertThat(message.isSigned(kms(sample), verifier)).isTrue();
    assertThat(String.valueOf(message.policy())).isEqualTo(text(sample, "policy"));
    var origin = message.origin();
    assertThat(origin != null).isEqualTo(sample.has("originTalker"));
    if (origin != null) {
      assertThat(origin.talker()).isEqualTo(identity(sample, "originTalker"));
      assertThat(origin.group()).isEqualTo(identity(sample, "originGroup"));
      assertThat(origin.csbId()).isEqualTo(word(sample, "originCsbId"));
    }
    try (GroupMasterKey gmk = gmk(message.gmkId(), secret(sample, "gmk"))) {
      assertThat(message.isMacValid(gmk)).isTrue();
      try (var gsk = message.unwrap(gmk)) {
        assertThat(gsk.gskId()).isEqualTo(word(sample, "gskId"));
        assertThat(gsk.key()).isEqualTo(secret(sample, "gsk"));
      }
    }
    assertThat(message.sessions()).hasSize(sample.required("streams").size());
    for (CryptoSession stream : message.sessions()) {
      stream(sample, message, stream);
    }
  }

  private static void stream(
      JsonNode sample, UnverifiedAnnouncement message, CryptoSession stream) {
    JsonNode facts = sample.required("streams").get(stream.csId() - CryptoSession.FIRST_CS_ID);
    assertThat(stream.ssrc()).isEqualTo(word(facts, "ssrc"));
    assertThat(stream.roc()).isEqualTo(facts.required("roc").asLong());
    assertThat(stream.seq()).isEqualTo(facts.required("seq").asInt());
    var suite = Objects.requireNonNull(message.policy()).suite();
    byte[] gsk = octets(sample, "gsk");
    var prf = MikeyPrf.HMAC_SHA_256;
    assertThat(
            MikeyKeys.tek(
                prf, gsk, stream.csId(), message.csbId(), message.rand(), suite.masterKeyOctets()))
        .isEqualTo(octets(facts, "srtpMasterKey"));
    assertThat(
            MikeyKeys.salt(
                prf, gsk, stream.csId(), message.csbId(), message.rand(), suite.masterSaltOctets()))
        .isEqualTo(octets(facts, "srtpMasterSalt"));
  }

  private void registration(JsonNode sample, UnverifiedRegistration message) throws Exception {
    assertThat(message.ue()).isEqualTo(identity(sample, "ue"));
    assertThat(message.group()).isEqualTo(identity(sample, "group"));
    assertThat(message.address().getAddress().getHostAddress() + ":" + message.address().getPort())
        .isEqualTo(sample.required("address").asString());
    assertThat(message.isSigned(kms(sample), verifier)).isTrue();
  }

  /// As a signed message: its signature is all that nobody else could have made.
  private void answer(JsonNode sample, byte[] octets, RegistrationAnswer answer) throws Exception {
    assertThat(answer.verb()).isEqualTo(RegistrationVerb.REGISTER);
    assertThat(Long.toString(answer.kept().toSeconds()))
        .isEqualTo(sample.required("seconds").asString());
    int signed = octets.length - EccsiSigner.SIGNATURE_OCTETS;
    KmsCertificate kms = kms(sample);
    NtpTimestamp t = UnverifiedRegistration.read(registered(sample)).timestamp();
    assertThat(
            verifier.verify(
                kms.authKey(),
                kms.identifier(identity(sample, "signer"), t),
                octets,
                0,
                signed,
                Arrays.copyOfRange(octets, signed, octets.length)))
        .isTrue();
  }

  /// The request that an answer answers.
  private static byte[] registered(JsonNode answer) {
    String file = text(answer, "file").replace("registered", "register");
    return published(file);
  }

  private void join(JsonNode sample, UnverifiedJoin message) throws Exception {
    assertThat(message.timestamp()).isEqualTo(t(sample));
    assertThat(message.ue()).isEqualTo(identity(sample, "ue"));
    assertThat(message.verb()).isEqualTo(JoinVerb.valueOf(text(sample, "kind").split(" ", 2)[0]));
    try (var book = new GmkBook()) {
      book.add(gmk(word(sample, "gmkId"), secret(sample, "gmk")));
      Instant now = t(sample).toInstant();
      var gate =
          new JoinGate(
              identity(sample, "group"),
              new Identity("sip:gateway@example.org"),
              Duration.ofSeconds(60),
              book,
              () -> now.minusSeconds(1));
      KmsCertificate kms = kms(sample);
      assertThat(gate.admit(octets(sample, "message")))
          .isInstanceOfSatisfying(
              JoinAdmission.Admitted.class,
              admitted ->
                  assertThat(new JoinVerifier(verifier, () -> now).refusal(admitted, _ -> kms))
                      .isNull());
    }
    var cookie = message.cookie();
    assertThat(cookie != null).isEqualTo(sample.has("cookie"));
    if (cookie != null) {
      assertThat(cookie.bytes()).isEqualTo(octets(sample, "cookie"));
    }
  }

  private static void answer(JsonNode sample, JoinAnswer answer) {
    assertThat(answer.outcome().name()).isEqualTo(text(sample, "outcome"));
    assertThat(Objects.requireNonNull(answer.cookie()).bytes()).isEqualTo(octets(sample, "cookie"));
  }

  @Test
  void certificatesAreThoseOfTheFacts() throws Exception {
    for (JsonNode kms : FILE.required("kms")) {
      var certificate = KmsCertificate.decode(published(text(kms, "certificate")));
      assertThat(certificate.kmsUri()).isEqualTo(text(kms, "uri"));
      assertThat(certificate.authKey().octets()).isEqualTo(octets(kms, "kpak"));
      assertThat(certificate.encKey().octets()).isEqualTo(octets(kms, "Z"));
      assertThat(certificate.userIdFormat().code()).isEqualTo(kms.required("userIdFormat").asInt());
    }
  }

  /// From the facts alone.
  private static KmsCertificate kms(JsonNode sample) throws Exception {
    for (JsonNode kms : FILE.required("kms")) {
      if (text(kms, "uri").equals(text(sample, "kms"))) {
        return KmsCertificate.of(
            text(kms, "uri"),
            UserIdFormat.withCode(kms.required("userIdFormat").asInt()).orElseThrow(),
            kms.required("periodSeconds").asLong(),
            kms.required("offsetSeconds").asLong(),
            EccsiPublicKey.of(octets(kms, "kpak")),
            SakkePublicKey.of(octets(kms, "Z")));
      }
    }
    throw new AssertionError(text(sample, "kms"));
  }

  private static SakkeReceiver receiver(JsonNode sample, Identity who) throws Exception {
    KmsCertificate kms = kms(sample);
    for (JsonNode user : FILE.required("users")) {
      if (text(user, "kms").equals(kms.kmsUri()) && text(user, "uri").equals(who.uri())) {
        byte[] id = octets(user, "identifier");
        assertThat(id).isEqualTo(kms.identifier(who, t(sample)));
        try (var rsk = secret(user, "rsk")) {
          return SakkeReceiver.of(kms.encKey(), id, rsk);
        }
      }
    }
    throw new AssertionError(who);
  }

  private static GroupMasterKey gmk(int id, SecretBytes key) {
    return GroupMasterKey.of(
        new Identity("sip:fire@example.org"),
        id,
        key,
        new NtpTimestamp(0),
        Instant.EPOCH,
        Instant.MAX,
        false);
  }

  private static Identity identity(JsonNode sample, String field) {
    return new Identity(text(sample, field));
  }

  private static NtpTimestamp t(JsonNode sample) {
    return new NtpTimestamp(HexFormat.fromHexDigitsToLong(text(sample, "T")));
  }

  private static SecretBytes secret(JsonNode node, String field) {
    return SecretBytes.take(octets(node, field), field);
  }
}
