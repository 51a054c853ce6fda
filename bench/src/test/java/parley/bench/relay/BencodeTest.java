package parley.bench.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BencodeTest {
  @Test
  void writesWhatTheProtocolNeeds() {
    byte[] octets = Bencode.write(List.of("ping", Map.of("flags", List.of("a")), 7));
    assertThat(new String(octets, StandardCharsets.ISO_8859_1))
        .isEqualTo("l4:pingd5:flagsl1:aeei7ee");
  }

  @Test
  void readsADictionary() {
    assertThat(Bencode.read("d6:result2:ok4:porti30000e4:listl1:aee"))
        .isEqualTo(Map.of("result", "ok", "port", 30_000L, "list", List.of("a")));
  }

  @Test
  void refusesEveryCut() {
    String whole = "d6:result2:ok4:porti30000ee";
    for (int i = 0; i < whole.length(); i++) {
      String cut = whole.substring(0, i);
      assertThatIllegalArgumentException().as(cut).isThrownBy(() -> Bencode.read(cut));
    }
  }
}
