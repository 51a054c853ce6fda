package parley.mikey.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import parley.mikey.message.Octets;
import parley.mikey.message.Payload.SecurityPolicy;

class MediaPolicyTest {
  @Test
  void everyPolicyIsReadBack() {
    for (MediaPolicy policy : MediaPolicy.ALL) {
      assertThat(MediaPolicy.of(policy.payload())).contains(policy);
    }
    assertThat(MediaPolicy.ALL).doesNotHaveDuplicates().hasSize(5);
  }

  @Test
  void refusesModeThreeWithoutAnAead() {
    assertThatThrownBy(() -> new MediaPolicy(MediaSuite.AES_CM_128_HMAC_SHA1_80, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("authentication");
  }

  @Test
  void nothingElseIsOneOfOurs() {
    for (MediaPolicy policy : MediaPolicy.ALL) {
      SecurityPolicy good = policy.payload();
      assertThat(MediaPolicy.of(new SecurityPolicy(1, 0, good.parameters()))).isEmpty();
      assertThat(MediaPolicy.of(new SecurityPolicy(0, 1, good.parameters()))).isEmpty();
      for (int i = 0; i < good.parameters().size(); i++) {
        assertChangesAreRefused(good, i);
      }
    }
  }

  /// Without the parameter, with it twice, and with each of its values but those of other policies.
  private static void assertChangesAreRefused(SecurityPolicy good, int index) {
    var parameters = new ArrayList<>(good.parameters());
    SecurityPolicy.Parameter parameter = parameters.remove(index);
    assertThat(MediaPolicy.of(new SecurityPolicy(0, 0, parameters))).isEmpty();
    parameters.add(index, parameter);
    parameters.add(index, parameter);
    assertThat(MediaPolicy.of(new SecurityPolicy(0, 0, parameters))).isEmpty();
    parameters.remove(index);
    for (int value = 0; value < 256; value++) {
      var other = Octets.of(new byte[] {(byte) value});
      parameters.set(index, new SecurityPolicy.Parameter(parameter.type(), other));
      var changed = new SecurityPolicy(0, 0, parameters);
      boolean isOurs = MediaPolicy.ALL.stream().anyMatch(p -> p.payload().equals(changed));
      boolean isKeyLength = parameter.type() == 1;
      assertThat(isOurs).isEqualTo(changed.equals(good) || (isKeyLength && isGcmKey(good, value)));
      assertThat(MediaPolicy.of(changed).isPresent()).isEqualTo(isOurs);
    }
  }

  private static boolean isGcmKey(SecurityPolicy good, int octets) {
    boolean isGcm = good.parameters().getFirst().value().equals(Octets.of(new byte[] {6}));
    return isGcm && (octets == 16 || octets == 32);
  }

  @Test
  void anEmptyPolicyWhichWouldMeanDefaultsIsRefused() {
    SecurityPolicy empty = new SecurityPolicy(0, 0, List.of());
    assertThat(MediaPolicy.of(empty)).isEmpty();
  }
}
