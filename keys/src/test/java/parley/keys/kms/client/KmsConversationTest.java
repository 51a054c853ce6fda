package parley.keys.kms.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import parley.keys.Secrets;
import parley.keys.TestKms;
import parley.keys.kms.MemberKeys;
import parley.keys.kms.client.KmsConversation.Asker;
import parley.keys.kms.client.KmsRefusal.Kind;
import parley.keys.kms.message.CertificateEntry;
import parley.keys.kms.message.KeySet;
import parley.keys.kms.message.KmsAnswer;
import parley.keys.kms.message.KmsKeyProv;
import parley.keys.kms.message.KmsRequest;
import parley.keys.kms.message.KmsResponse;
import parley.keys.kms.message.TransportKeys;
import parley.keys.kms.message.UserIdForm;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.identity.KmsCertificate;

/// What a client takes of an answer, and what it throws away (threats, rows 8 and 26).
class KmsConversationTest {
  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");
  private static final Identity ALICE = new Identity("sip:alice@example.org");
  private static final Identity BOB = new Identity("sip:bob@example.org");
  private static final KmsAddress ADDRESS =
      new KmsAddress("https://kms.example.org", "kms.example.org");
  private static final KmsCertificate KMS = TestKms.HOME.certificate();

  private final TransportKeys keys =
      TransportKeys.of("t", Secrets.of("t".repeat(32)), "i", Secrets.of("i".repeat(32)));
  private final Asker asker = Asker.of(ADDRESS, ALICE, "phone", keys);
  private final KmsConversation question = asker.keysOf(ALICE, NOW);

  @Test
  void asksAtTheResourceOfTheStandard() {
    assertThat(question.url())
        .isEqualTo(
            "https://kms.example.org/keymanagement/identity/v1/keyprov/sip%3Aalice%40example.org");
    assertThat(asker.keysOf(ALICE, Instant.parse("2014-02-23T08:39:14Z"), NOW).url())
        .endsWith("/keyprov/sip%3Aalice%40example.org/D6B4323200000000");
  }

  @Test
  void takesWhatFits() throws Exception {
    try (Provision got = question.keys(200, answer(ALICE, NOW).sign(keys), ALICE, KMS, NOW);
        MemberKeys expected = TestKms.HOME.keys(ALICE, NOW)) {
      assertThat(got.keys().getFirst().rsk()).isEqualTo(expected.rsk());
      assertThat(got.keys().getFirst().device()).isEqualTo("phone");
    }
  }

  @Test
  void takesNoKeysOfAnotherIdentityKmsOrPeriod() throws Exception {
    notGood(answer(BOB, NOW), "another identity, KMS or key period");
    notGood(answer(ALICE, NOW.minusSeconds(86_400 * 30)), "another identity, KMS or key period");
    notGood(answer(ALICE, NOW.plusSeconds(86_400 * 40)), "another identity, KMS or key period");
    question
        .keys(200, answer(ALICE, NOW.plusSeconds(86_400 * 5)).sign(keys), ALICE, KMS, NOW)
        .close();
    try (MemberKeys foreign = TestKms.FOREIGN.keys(ALICE, NOW)) {
      KmsCertificate other = TestKms.FOREIGN.certificate();
      notGood(
          response(KeySet.wrapped(other, foreign, keys, UserIdForm.HEX)),
          "another identity, KMS or key period");
    }
    notGood(response(), "it sent no keys");
    try (MemberKeys bobs = TestKms.HOME.keys(BOB, NOW);
        MemberKeys renamed =
            MemberKeys.of(
                ALICE,
                bobs.period(),
                "x",
                bobs.rsk().duplicate(),
                bobs.ssk().duplicate(),
                bobs.pvt())) {
      // under her name and identifier, and so for Member.install to notice
      question
          .keys(
              200,
              response(KeySet.wrapped(KMS, renamed, keys, UserIdForm.HEX)).sign(keys),
              ALICE,
              KMS,
              NOW)
          .close();
    }
  }

  @Test
  void takesNoAnswerToAnotherQuestion() throws Exception {
    KmsAnswer answer = answer(ALICE, NOW).answer();
    for (KmsResponse other :
        List.of(
            new KmsResponse(BOB.uri(), "kms.example.org", NOW, null, question.url(), answer),
            new KmsResponse(ALICE.uri(), "kms.elsewhere.org", NOW, null, question.url(), answer),
            new KmsResponse(
                ALICE.uri(), "kms.example.org", NOW, null, question.url() + "/", answer))) {
      notGood(other, "it is the answer to another question");
    }
    for (Instant time : List.of(NOW.minusSeconds(301), NOW.plusSeconds(301))) {
      notGood(
          new KmsResponse(ALICE.uri(), "kms.example.org", time, null, question.url(), answer),
          "301 seconds from our clock");
    }
    notGood(
        KmsResponse.to(request(), NOW, new KmsAnswer.KmsInit(CertificateEntry.root(KMS))),
        "it answered another question");
  }

  @Test
  void takesNoAnswerThatIsNotSignedByItsKms() throws Exception {
    byte[] unsigned = answer(ALICE, NOW).write();
    assertThat(refusal(200, unsigned)).hasMessageContaining("is not signed");
    try (TransportKeys others =
        TransportKeys.of("t", Secrets.of("t".repeat(32)), "i", Secrets.of("x".repeat(32)))) {
      assertThat(refusal(200, answer(ALICE, NOW).sign(others)))
          .hasMessageContaining("the signature is by another key than ours");
    }
    assertThat(refusal(200, "<html>".getBytes(UTF_8)).kind()).isEqualTo(Kind.NOT_GOOD);
    assertThat(refusal(200, new byte[0]).kind()).isEqualTo(Kind.NOT_GOOD);
  }

  @Test
  void takesNoKeysInTheClearUnlessAllowed() throws Exception {
    try (MemberKeys own = TestKms.HOME.keys(ALICE, NOW)) {
      byte[] clear = response(KeySet.unsafeClear(KMS, own, UserIdForm.BASE64)).write();
      byte[] wrapped = answer(ALICE, NOW).write();
      KmsConversation strict = new Asker(ADDRESS, ALICE, "phone", null, false).keysOf(ALICE, NOW);
      KmsConversation lenient = new Asker(ADDRESS, ALICE, "phone", null, true).keysOf(ALICE, NOW);
      assertThatThrownBy(() -> strict.keys(200, clear, ALICE, KMS, NOW))
          .hasMessageContaining("keys that are not wrapped");
      lenient.keys(200, clear, ALICE, KMS, NOW).close();
      assertThatThrownBy(() -> lenient.keys(200, wrapped, ALICE, KMS, NOW))
          .hasMessageContaining("under a transport key that this device does not have");
      assertThat(refusal(200, response(KeySet.unsafeClear(KMS, own, UserIdForm.HEX)).sign(keys)))
          .hasMessageContaining("keys that are not wrapped");
    }
  }

  @Test
  void takesTheCertificateOfItsOwnKmsAlone() throws Exception {
    KmsConversation init = asker.init(NOW);
    KmsConversation question = init;
    KmsAnswer good = new KmsAnswer.KmsInit(CertificateEntry.root(KMS));
    assertThat(init.certificate(200, to(question, good), NOW)).isEqualTo(KMS);
    for (KmsAnswer bad :
        List.of(
            new KmsAnswer.KmsInit(CertificateEntry.root(TestKms.FOREIGN.certificate())),
            new KmsAnswer.KmsInit(CertificateEntry.external(KMS)),
            new KmsAnswer.KmsCertCache(1, List.of(CertificateEntry.root(KMS))))) {
      assertThatThrownBy(() -> init.certificate(200, to(question, bad), NOW))
          .isInstanceOf(KmsRefusal.class);
    }
    KmsConversation cache = asker.certificates(-1, NOW);
    KmsAnswer old =
        new KmsAnswer.KmsCertCache(
            1, List.of(CertificateEntry.root(KMS), CertificateEntry.external(KMS).validTo(NOW)));
    assertThat(cache.certificates(200, to(cache, old), NOW).certificates()).hasSize(1);
  }

  @Test
  void saysWhatTheKmsSays() throws Exception {
    KmsAnswer denied = new KmsAnswer.KmsError(403, "key period 5 is not open until X; ask then");
    KmsRefusal refusal = refusal(403, KmsResponse.to(request(), NOW, denied).sign(keys));
    assertThat(refusal.kind()).isEqualTo(Kind.REFUSED);
    assertThat(refusal)
        .hasMessage("KMS kms.example.org refuses: key period 5 is not open until X; ask then");
    assertThat(refusal(403, "not known to this KMS\n".getBytes(UTF_8)).kind())
        .isEqualTo(Kind.NOT_KNOWN);
    assertThat(refusal(401, new byte[0]).kind()).isEqualTo(Kind.NOT_KNOWN);
    assertThat(refusal(429, new byte[0]).kind()).isEqualTo(Kind.LATER);
    assertThat(refusal(500, new byte[0]).kind()).isEqualTo(Kind.LATER);
    assertThat(refusal(503, "ask again later".getBytes(UTF_8)).kind()).isEqualTo(Kind.LATER);
    assertThat(refusal(404, "\u001b[31m evil\n".getBytes(UTF_8)).getMessage())
        .isEqualTo("KMS kms.example.org answers 404: ?[31m evil");
  }

  @Test
  void reachesAKmsByHttpsAlone() {
    for (String bad :
        List.of(
            "http://k",
            "https://k/",
            "https://k/x",
            "https://u@k",
            "https://k?x",
            "k",
            "https:k")) {
      assertThatThrownBy(() -> new KmsAddress(bad, "k"))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(new KmsAddress("https://k:8443", "k").url("/init"))
        .isEqualTo("https://k:8443/keymanagement/identity/v1/init");
  }

  private byte[] to(KmsConversation question, KmsAnswer answer) {
    return new KmsResponse(ALICE.uri(), "kms.example.org", NOW, null, question.url(), answer)
        .sign(keys);
  }

  private KmsResponse answer(Identity who, Instant time) {
    KeyPeriod period = KMS.periodAt(time);
    try (MemberKeys issued = TestKms.HOME.keys(who, period.from())) {
      return response(KeySet.wrapped(KMS, issued, keys, UserIdForm.HEX));
    }
  }

  private KmsResponse response(KeySet... sets) {
    KmsKeyProv provision = KmsKeyProv.of(List.of(sets), List.of(), List.of());
    return KmsResponse.to(request(), NOW, new KmsAnswer.KeyProv(provision));
  }

  private KmsRequest request() {
    return KmsRequest.of(ALICE.uri(), "kms.example.org", NOW, "phone", question.url());
  }

  private void notGood(KmsResponse response, String why) {
    KmsRefusal refusal = refusal(200, response.sign(keys));
    assertThat(refusal.kind()).isEqualTo(Kind.NOT_GOOD);
    assertThat(refusal).hasMessageContaining(why);
  }

  private KmsRefusal refusal(int status, byte[] answer) {
    return catchThrowableOfType(
        KmsRefusal.class, () -> question.keys(status, answer, ALICE, KMS, NOW).close());
  }
}
