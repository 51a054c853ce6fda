package parley.mikey.group;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import parley.mikey.message.MalformedMessage;

/// Fuzzes a registration and its answer: whatever comes, nothing but a [MalformedMessage].
class RegistrationFuzz {
  @FuzzTest(maxDuration = "5m")
  void readsOrRefuses(byte[] octets) {
    try {
      assertThat(UnverifiedRegistration.read(octets).address().getPort()).isPositive();
    } catch (MalformedMessage _) {
      // a refusal is an answer
    }
    try {
      assertThat(RegistrationAnswer.read(octets).kept()).isNotNegative();
    } catch (MalformedMessage _) {
      // a refusal is an answer
    }
  }
}
