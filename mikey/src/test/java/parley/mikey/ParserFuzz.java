package parley.mikey;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/// [ParserTarget] with [Seeds] and with what is kept in `ParserFuzzInputs`. Runs with `-Pfuzz`
/// only; as a campaign of a given number of executions it is [ParserCampaign].
class ParserFuzz {
  static Stream<byte[]> seeds() {
    return Seeds.all();
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "5m")
  void isReadOrRefused(byte[] octets) {
    ParserTarget.fuzzerTestOneInput(octets);
  }
}
