package parley.mikey.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// Octets of any kind end in a message or in [MalformedMessage], and what was read is written the
/// same again. Runs with `-Pfuzz` only.
class MikeyReaderFuzz {
  @FuzzTest(maxDuration = "5m")
  void readsOrRefuses(byte[] octets) {
    try {
      assertThat(MikeyWriter.write(MikeyReader.read(octets))).isEqualTo(octets);
    } catch (MalformedMessage _) {
      // the one way out
    }
  }
}
