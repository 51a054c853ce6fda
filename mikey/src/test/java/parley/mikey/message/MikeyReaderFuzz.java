package parley.mikey.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import parley.mikey.Reading;
import parley.mikey.Vectors;

/// Octets of any kind end in a message or in [MalformedMessage], and what was read is written the
/// same again. Runs with `-Pfuzz` only.
class MikeyReaderFuzz {
  static Stream<byte[]> seeds() {
    return Stream.of("profile-mikey-psk-sign.json", "project-join.json")
        .flatMap(file -> Vectors.load(file).required("cases").valueStream())
        .map(vector -> Vectors.octets(vector, "message"));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "5m")
  void readsOrRefuses(byte[] octets) throws MalformedMessage {
    if (Reading.succeeds(octets, MikeyReader::read)) {
      assertThat(MikeyWriter.write(MikeyReader.read(octets))).isEqualTo(octets);
    }
  }
}
