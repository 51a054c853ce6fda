package parley.mikey.group;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.mikey.Vectors.octets;
import static parley.mikey.Vectors.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import parley.mikey.FixedRandom;
import parley.mikey.Vectors;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.message.Octets;
import parley.mikey.secret.SecretBytes;
import tools.jackson.databind.JsonNode;

/// The messages of `project-join.json`, written and read octet for octet, with their answers.
class JoinVectorTest {
  static final JsonNode FILE = Vectors.load("project-join.json");

  static Stream<JsonNode> cases() {
    return FILE.required("cases").valueStream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isWrittenOctetForOctet(JsonNode vector) throws Exception {
    try (var gmk = Fixture.gmk();
        var signer = signer()) {
      var random = new FixedRandom(octets(FILE, "CSB_ID"), octets(FILE, "RAND_N"));
      Joining joining = Joining.prepare(Fixture.TALKER, Fixture.KMS_URI, gmk, random);
      byte[] sealed =
          joining.seal(
              JoinVerb.valueOf(text(vector, "verb")),
              cookie(vector),
              timestamp(vector),
              signer,
              new FixedRandom(octets(vector, "j")));
      assertThat(HexFormat.of().formatHex(sealed)).isEqualTo(text(vector, "message"));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isReadFieldByFieldAndVerified(JsonNode vector) throws Exception {
    try (var gmk = Fixture.gmk()) {
      assertThat(UnverifiedJoin.isOne(octets(vector, "message"))).isTrue();
      UnverifiedJoin read = UnverifiedJoin.read(octets(vector, "message"));
      assertThat(read.verb().name()).isEqualTo(text(vector, "verb"));
      assertThat(read.cookie()).isEqualTo(cookie(vector));
      assertThat(read.ue()).isEqualTo(Fixture.TALKER);
      assertThat(read.group()).isEqualTo(Fixture.GROUP);
      assertThat(read.gmkId()).isEqualTo(gmk.gmkId());
      assertThat(read.csbId()).isEqualTo(Vectors.word(FILE, "CSB_ID"));
      assertThat(read.timestamp()).isEqualTo(timestamp(vector));
      assertThat(read.kmsUri()).isEqualTo(Fixture.KMS_URI);
      assertThat(read.isRandBound()).isTrue();
      assertThat(read.isMacValid(gmk)).isTrue();
      assertThat(read.isSigned(Fixture.KMS, new EccsiVerifier(4))).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theAnswerIsThePublishedOneAndShorter(JsonNode vector) throws Exception {
    try (var gmk = Fixture.gmk()) {
      UnverifiedJoin read = UnverifiedJoin.read(octets(vector, "message"));
      byte[] answer =
          JoinAnswer.seal(
              read,
              gmk,
              JoinOutcome.valueOf(text(vector, "outcome")),
              Octets.of(octets(vector, "answer_cookie")),
              List.of());
      assertThat(HexFormat.of().formatHex(answer)).isEqualTo(text(vector, "answer"));
      assertThat(answer.length).isLessThan(octets(vector, "message").length / 2);
    }
  }

  /// Eight bursts and no more: the answer stays shorter than the request.
  @ParameterizedTest
  @MethodSource("cases")
  void theAnswerNamesWhatRuns(JsonNode vector) throws Exception {
    List<Octets> running = new ArrayList<>();
    for (int i = 1; i < 12; i++) {
      running.add(Octets.of(Arrays.copyOf(new byte[] {(byte) i}, 16)));
    }
    try (var gmk = Fixture.gmk()) {
      UnverifiedJoin read = UnverifiedJoin.read(octets(vector, "message"));
      byte[] answer = JoinAnswer.seal(read, gmk, JoinOutcome.DONE, Octets.zeros(16), running);
      assertThat(answer.length).isLessThan(octets(vector, "message").length);
      assertThat(JoinAnswer.read(answer).running()).isEqualTo(running.subList(0, 8));
    }
  }

  private static @Nullable Octets cookie(JsonNode vector) {
    return vector.hasNonNull("cookie") ? Octets.of(octets(vector, "cookie")) : null;
  }

  private static NtpTimestamp timestamp(JsonNode vector) {
    return new NtpTimestamp(HexFormat.fromHexDigitsToLong(text(vector, "T")));
  }

  private static EccsiSigner signer() throws Exception {
    JsonNode talker = Fixture.ANNOUNCEMENTS.get(0);
    try (var ssk = SecretBytes.take(octets(talker, "SSK"), "SSK")) {
      return EccsiSigner.of(
          Fixture.KMS.authKey(), octets(talker, "ECCSI_ID"), ssk, octets(talker, "PVT"));
    }
  }
}
