package parley.mikey.group;

import static org.assertj.core.api.Assertions.assertThat;
import static parley.mikey.Vectors.octets;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import parley.mikey.Reading;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.MikeyReader;
import parley.mikey.message.MikeyWriter;

/// Octets of any kind are a JOIN, REFRESH or LEAVE that is written the same again, or none; and
/// gate and verifier accept only what a member made. Runs with `-Pfuzz` only.
class JoinFuzz {
  private static final List<byte[]> GOOD = seeds().toList();
  private static final int MOST_LOGGED = 512;

  private final GmkBook book = new GmkBook();
  private final JoinVerifier verifier = new JoinVerifier(new EccsiVerifier(8), () -> Fixture.NOW);

  JoinFuzz() {
    book.add(Fixture.gmk());
  }

  static Stream<byte[]> seeds() {
    return JoinVectorTest.cases().map(vector -> octets(vector, "message"));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "5m")
  void isReadOrRefused(byte[] octets) throws MalformedMessage {
    boolean isRead = Reading.succeeds(octets, UnverifiedJoin::read);
    if (isRead) {
      assertThat(UnverifiedJoin.isOne(octets)).isTrue();
      assertThat(written(octets)).isEqualTo(octets);
      assertThat(UnverifiedJoin.read(octets).toString()).hasSizeLessThan(MOST_LOGGED);
    }
    var gate =
        new JoinGate(
            Fixture.GROUP,
            Fixture.OTHER,
            Duration.ofSeconds(60),
            book,
            () -> Fixture.NOW.minusSeconds(1));
    switch (gate.admit(octets)) {
      case JoinAdmission.Refused refused -> {
        assertThat(refused.reason() == JoinRefusal.MALFORMED).isEqualTo(!isRead);
        assertThat(refused.message() == null).isEqualTo(!isRead);
      }
      case JoinAdmission.Admitted admitted -> {
        if (verifier.refusal(admitted, Fixture.DIRECTORY) == null) {
          assertThat(GOOD).contains(octets);
        }
      }
    }
  }

  /// From the fields alone, but for MAC and signature.
  private static byte[] written(byte[] octets) throws MalformedMessage {
    var message = JoinFields.read(MikeyReader.read(octets)).blank();
    var places = AnnouncementPlaces.of(message);
    byte[] written = MikeyWriter.write(message);
    assertThat(written).hasSameSizeAs(octets);
    int mac = places.macOffset();
    System.arraycopy(octets, mac, written, mac, JoinFields.MAC.octets());
    int signature = places.signedOctets();
    System.arraycopy(octets, signature, written, signature, octets.length - signature);
    return written;
  }
}
