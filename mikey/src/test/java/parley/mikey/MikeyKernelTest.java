package parley.mikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;

/// The other tests compare native code with Java where it is there; here it has to be.
class MikeyKernelTest {
  @Test
  void isThereWhereThereIsACompiler() {
    String platform = System.getProperty("os.name") + "-" + System.getProperty("os.arch");
    assumeThat(platform.toLowerCase(Locale.ROOT)).isEqualTo("linux-amd64");
    assumeThat(System.getenv("CI")).isEqualTo("true");
    assertThat(MikeyKernel.MISSING).isNull();
  }
}
