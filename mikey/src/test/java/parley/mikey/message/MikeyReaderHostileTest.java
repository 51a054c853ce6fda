package parley.mikey.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Whatever arrives, the reader answers with a message that is written as the same octets, or with
/// a [MalformedMessage]; nothing else comes out of it.
class MikeyReaderHostileTest {
  private static final int MUTATIONS = 100_000;

  @Test
  void everyCutIsMalformed() {
    for (byte[] good : MikeyReaderVectorTest.all()) {
      for (int length = 0; length < good.length; length++) {
        assertThat(isMessage(Arrays.copyOf(good, length))).as("cut at %s", length).isFalse();
      }
    }
  }

  @Test
  void everyBitFlipIsMalformedOrAnotherMessage() {
    for (byte[] good : MikeyReaderVectorTest.all()) {
      for (int bit = 0; bit < good.length * Byte.SIZE; bit++) {
        byte[] bad = good.clone();
        bad[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        isMessage(bad);
      }
    }
  }

  @Test
  void randomMutationsOnlyEverAreMalformed() {
    var good = MikeyReaderVectorTest.all();
    for (int seed = 0; seed < MUTATIONS; seed++) {
      var random = new Random(seed);
      byte[] octets = good.get(seed % good.size()).clone();
      isMessage(mutated(octets, random));
    }
  }

  @Test
  void noiseIsMalformed() {
    var random = new Random(1);
    for (int i = 0; i < MUTATIONS; i++) {
      var octets = new byte[random.nextInt(80)];
      random.nextBytes(octets);
      if (octets.length > 1) {
        octets[0] = 1;
        octets[1] = 0;
      }
      isMessage(octets);
    }
  }

  private static byte[] mutated(byte[] octets, Random random) {
    for (int i = random.nextInt(4); i >= 0; i--) {
      octets[random.nextInt(octets.length)] = (byte) random.nextInt();
    }
    int from = random.nextInt(octets.length);
    return switch (random.nextInt(4)) {
      case 0 -> Arrays.copyOf(octets, from); // cut
      case 1 -> Arrays.copyOf(octets, octets.length + random.nextInt(20)); // trailing zeros
      case 2 -> moved(octets, from, random.nextInt(octets.length)); // one part over another
      default -> octets;
    };
  }

  private static byte[] moved(byte[] octets, int from, int to) {
    int length = Math.min(octets.length - from, octets.length - to);
    System.arraycopy(octets.clone(), from, octets, to, length);
    return octets;
  }

  /// Whether this is a message; asserts that it is then written as it was.
  private static boolean isMessage(byte[] octets) {
    try {
      assertThat(MikeyWriter.write(MikeyReader.read(octets))).isEqualTo(octets);
      return true;
    } catch (MalformedMessage e) {
      assertThat(e.offset()).isBetween(0, octets.length);
      assertThat(e.clause()).startsWith("RFC ");
      return false;
    }
  }
}
