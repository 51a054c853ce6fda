package parley.mikey.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.Octets;

/// Whatever arrives as SDP, the reader answers with a description or with [MalformedMessage].
class SdpHostileTest {
  private static final int MUTATIONS = 20_000;
  private static final byte[] GOOD = SdpTest.RFC_4567.getBytes(StandardCharsets.UTF_8);
  private static final int ATTRIBUTE = SdpTest.RFC_4567.indexOf("a=key-mgmt");
  private static final int ATTRIBUTE_END = SdpTest.RFC_4567.indexOf('\n', ATTRIBUTE);

  @Test
  void everyCutInTheMiddleOfALineIsRefused() {
    for (int length = 0; length < GOOD.length; length++) {
      boolean isWhole = length > 0 && GOOD[length - 1] == '\n';
      if (!isWhole) {
        assertThat(read(Arrays.copyOf(GOOD, length))).as("cut at %s", length).isEmpty();
      }
    }
  }

  /// The base64 itself cut, the line whole: never the same message, and never one with a tail.
  @Test
  void everyCutOfTheAttributeIsRefusedOrAShorterMessage() {
    Octets message = read(GOOD).orElseThrow().getFirst();
    String line = SdpTest.RFC_4567.substring(ATTRIBUTE, ATTRIBUTE_END);
    for (int length = 1; length < line.length(); length++) {
      String cut = SdpTest.RFC_4567.replace(line, line.substring(0, length));
      read(cut.getBytes(StandardCharsets.UTF_8))
          .ifPresent(found ->
              assertThat(found)
                  .allSatisfy(m -> assertThat(m.length()).isLessThan(message.length())));
    }
  }

  @Test
  void noBitFlipOfTheAttributeGivesTheSameMessage() {
    Octets message = read(GOOD).orElseThrow().getFirst();
    for (int bit = ATTRIBUTE * Byte.SIZE; bit < ATTRIBUTE_END * Byte.SIZE; bit++) {
      byte[] bad = GOOD.clone();
      bad[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      assertThat(read(bad).orElse(List.of())).as("bit %s", bit).doesNotContain(message);
    }
  }

  @Test
  void mutationsAreRefusedOrDescriptions() {
    for (int seed = 0; seed < MUTATIONS; seed++) {
      var random = new Random(seed);
      byte[] octets = GOOD.clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        octets[random.nextInt(octets.length)] = (byte) random.nextInt();
      }
      int from = random.nextInt(octets.length);
      int to = random.nextInt(octets.length);
      int length = random.nextInt(octets.length - Math.max(from, to));
      System.arraycopy(octets.clone(), from, octets, to, random.nextBoolean() ? length : 0);
      var _ = read(octets);
    }
  }

  /// The messages in force, or empty where the octets were refused, as they should be.
  private static Optional<List<Octets>> read(byte[] octets) {
    try {
      return Optional.of(SdpReader.read(octets).messagesInForce());
    } catch (MalformedMessage e) {
      assertThat(e.offset()).isBetween(0, 20);
      assertThat(e.clause()).startsWith("RFC ");
      return Optional.empty();
    }
  }
}
