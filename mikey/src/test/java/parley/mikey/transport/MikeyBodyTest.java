package parley.mikey.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MikeyBodyTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/mikey",
        "Application/MIKEY",
        "application/mikey;version=1",
        "application/mikey ; Version=\"1\""
      })
  void isMikeyOfVersion1(String type) {
    assertThat(MikeyBody.isType(type)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "application/mikey2",
        "application/octet-stream",
        "application/mikey;version=2",
        "application/mikey;charset=utf-8",
        "application/mikey;version=1;version=1",
        "application/mikey, text/plain",
        "text/plain; application/mikey"
      })
  void isSomethingElse(String type) {
    assertThat(MikeyBody.isType(type)).isFalse();
  }
}
