package parley.gateway.ue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;

/// Compares what was said with what was heard, and names the first difference.
final class Payloads {
  private Payloads() {}

  static void assertEqual(Speech said, List<byte[]> heard) {
    List<byte[]> wanted = said.frames().stream().map(SpeechFrame::payload).toList();
    assertThat(heard).as("packets of " + said.name()).hasSameSizeAs(wanted);
    for (int i = 0; i < wanted.size(); i++) {
      boolean equal = Arrays.equals(wanted.get(i), heard.get(i));
      assertThat(equal).as("payload %d of %s", i, said.name()).isTrue();
    }
  }
}
