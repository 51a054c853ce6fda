package parley.mikey.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import parley.mikey.message.MalformedMessage;

/// Octets of any kind end in a description or in [MalformedMessage]; one that can be written is
/// read as the same again. Runs with `-Pfuzz` only.
class SdpReaderFuzz {
  static Stream<byte[]> seeds() {
    return Stream.of(SdpTest.RFC_4567, SdpTest.RFC_4567.replace("\n", "\r\n"))
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "5m")
  void readsOrRefuses(byte[] octets) throws MalformedMessage {
    SessionDescription read;
    try {
      read = SdpReader.read(octets);
    } catch (MalformedMessage e) {
      assertThat(e.text()).hasSizeBetween(1, 100);
      return;
    }
    if (read.media().stream().noneMatch(m -> m.hasKeys() && m.messages().isEmpty())) {
      assertThat(SdpReader.read(SdpWriter.write(read))).isEqualTo(read);
    }
  }
}
