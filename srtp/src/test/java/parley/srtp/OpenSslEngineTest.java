package parley.srtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OpenSslEngineTest {
  /// What a machine says on which the library cannot be used: run in a JVM of its own.
  static final class Child {
    private Child() {}

    static void main() {
      try {
        System.out.print(new OpenSslEngine().name());
      } catch (IllegalStateException e) {
        System.out.print(e.getMessage());
      }
    }
  }

  @Test
  void saysInOneSentenceThatTheLibraryIsMissing() throws IOException {
    assertThat(child("-Dos.name=windows", "--enable-native-access=ALL-UNNAMED"))
        .startsWith("OpenSSL's libcrypto-3-x64.dll cannot be used: ")
        .doesNotContain("\n");
  }

  @Test
  void saysInOneSentenceThatNativeCodeIsDenied() throws IOException {
    assertThat(child("--illegal-native-access=deny"))
        .startsWith("OpenSSL's libcrypto")
        .contains("cannot be used: Illegal native access")
        .doesNotContain("\n");
  }

  private static String child(String... options) throws IOException {
    List<String> command = new java.util.ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(Child.class.getName());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @EnumSource(SrtpProfile.class)
  void aClosedKeyNeitherSealsNorOpens(SrtpProfile profile) {
    assumeTrue(OpenSslLibrary.MISSING == null, "no libcrypto 3 here");
    OpenSslEngine engine = new OpenSslEngine();
    for (EngineKey key :
        List.of(
            engine.key(profile, new byte[profile.masterKeyOctets()], new byte[20]),
            engine.streamKey(new byte[profile.masterKeyOctets()]))) {
      key.close();
      key.close();
      assertThat(key.handle()).isZero();
      PacketBatch batch = PacketBatch.allocate(1, 128);
      CipherBatch descriptors = new CipherBatch(1);
      descriptors.begin(batch.memory(), batch.memory());
      descriptors.add(0, 0, 0, key, key.handle(), 0, 0, CipherBatch.pair(12, 20), 0, 0);
      assertThatThrownBy(() -> engine.seal(descriptors)).hasMessage("the key is closed");
      assertThatThrownBy(() -> engine.open(descriptors)).hasMessage("the key is closed");
    }
  }

  @Test
  void refusesAKeyThatIsNoneOfAes() {
    assumeTrue(OpenSslLibrary.MISSING == null, "no libcrypto 3 here");
    assertThatThrownBy(() -> new OpenSslEngine().streamKey(new byte[20]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an AES key has 16, 24 or 32 octets, not 20");
  }
}
