package parley.mikey.group;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import parley.mikey.Reading;
import parley.mikey.Seeds;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.MikeyReader;
import parley.mikey.message.MikeyWriter;

/// Octets of any kind are a registration that is written the same again, or the answer to one, or
/// none. Runs with `-Pfuzz` only.
class RegistrationFuzz {
  private static final List<byte[]> GOOD = seeds().toList();

  static Stream<byte[]> seeds() {
    return Stream.concat(Seeds.samples("register"), Seeds.samples("withdraw"));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "5m")
  void isReadOrRefused(byte[] octets) throws MalformedMessage {
    assertThat(GOOD).isNotEmpty();
    boolean isRequest = Reading.succeeds(octets, UnverifiedRegistration::read);
    boolean isAnswer = Reading.succeeds(octets, RegistrationAnswer::read);
    if (isRequest) {
      assertThat(isAnswer).isFalse();
      assertThat(UnverifiedRegistration.isOne(octets)).isTrue();
      UnverifiedRegistration read = UnverifiedRegistration.read(octets);
      if (read.verb().bringsAddress()) {
        assertThat(read.address().getPort()).isPositive();
      }
      assertThat(written(octets)).isEqualTo(octets);
    }
    if (isAnswer) {
      assertThat(RegistrationAnswer.isOne(octets)).isTrue();
      assertThat(RegistrationAnswer.read(octets).kept().isNegative()).isFalse();
    }
  }

  /// From the fields alone, but for the signature.
  private static byte[] written(byte[] octets) throws MalformedMessage {
    byte[] written = MikeyWriter.write(RegistrationFields.read(MikeyReader.read(octets)).blank());
    assertThat(written).hasSameSizeAs(octets);
    int signature = written.length - RegistrationFields.SIGNATURE_OCTETS;
    System.arraycopy(octets, signature, written, signature, written.length - signature);
    return written;
  }
}
