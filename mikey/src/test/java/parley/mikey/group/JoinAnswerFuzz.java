package parley.mikey.group;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.mikey.Vectors.octets;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import parley.mikey.FixedRandom;
import parley.mikey.Reading;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.MikeyMessage;
import parley.mikey.message.MikeyReader;
import parley.mikey.message.MikeyWriter;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload;
import parley.mikey.message.TimestampType;

/// Octets of any kind are an answer to a JOIN that is written the same again, or none; and a
/// receiver takes only what a holder of the GMK made for it. Runs with `-Pfuzz` only.
class JoinAnswerFuzz {
  private static final List<byte[]> GOOD = seeds().toList();

  private final Joining joining =
      Joining.prepare(
          Fixture.TALKER,
          Fixture.KMS_URI,
          Fixture.gmk(),
          new FixedRandom(
              octets(JoinVectorTest.FILE, "CSB_ID"), octets(JoinVectorTest.FILE, "RAND_N")));

  /// The published answers, and one that names what runs.
  static Stream<byte[]> seeds() {
    Stream<byte[]> published = JoinVectorTest.cases().map(vector -> octets(vector, "answer"));
    return Stream.concat(published, Stream.of(naming(1), naming(JoinAnswer.MOST_RUNNING)));
  }

  private static byte[] naming(int bursts) {
    byte[] request = octets(JoinVectorTest.FILE.required("cases").get(0), "message");
    try (var gmk = Fixture.gmk()) {
      List<Octets> running =
          Stream.generate(() -> Octets.zeros(UnverifiedAnnouncement.SHORT_KEY_OCTETS))
              .limit(bursts)
              .toList();
      return JoinAnswer.seal(
          UnverifiedJoin.read(request),
          gmk,
          JoinOutcome.DONE,
          Octets.zeros(JoinFields.COOKIE_OCTETS),
          running);
    } catch (MalformedMessage e) {
      throw new IllegalStateException(e);
    }
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "5m")
  void isReadOrRefused(byte[] octets) throws MalformedMessage {
    if (Reading.succeeds(octets, JoinAnswer::read)) {
      JoinAnswer answer = JoinAnswer.read(octets);
      assertThat(JoinAnswer.isOne(octets)).isTrue();
      assertThat(answer.running()).hasSizeLessThanOrEqualTo(JoinAnswer.MOST_RUNNING);
      assertThat(written(answer, octets)).isEqualTo(octets);
      if (answer.isFor(joining)) {
        assertThat(GOOD).contains(octets);
      }
    }
  }

  /// From what the answer says, but for its header's CSB ID and its MAC.
  private static byte[] written(JoinAnswer answer, byte[] octets) throws MalformedMessage {
    var fields = new VendorFields.Writer().field(JoinFields.VERB, (byte) answer.verb().code());
    Octets cookie = answer.cookie();
    if (cookie != null) {
      fields.field(JoinFields.COOKIE, cookie.bytes());
    }
    fields.field(18, (byte) answer.outcome().code());
    var running = new ByteArrayOutputStream();
    answer.running().forEach(key -> running.writeBytes(key.bytes()));
    if (running.size() > 0) {
      fields.field(19, running.toByteArray());
    }
    int mac = JoinFields.MAC.octets();
    return MikeyWriter.write(
        new MikeyMessage(
            MikeyReader.read(octets).header(),
            List.of(
                new Payload.Timestamp(
                    TimestampType.NTP_UTC, Octets.of(answer.timestamp().octets())),
                fields.extension(),
                new Payload.Verification(
                    JoinFields.MAC, Octets.of(octets, octets.length - mac, mac)))));
  }
}
