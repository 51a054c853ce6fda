package parley.keys.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import parley.keys.Secrets;
import parley.mikey.secret.SecretBytes;

/// Any m of n shares give the secret back, and fewer fit every secret equally well.
class ShamirTest {
  /// FIPS 197, 4.2 and 4.2.1.
  @Test
  void multipliesAsAesDoes() {
    assertThat(Shamir.times(0x57, 0x83)).isEqualTo(0xc1);
    assertThat(Shamir.times(0x57, 0x13)).isEqualTo(0xfe);
    assertThat(Shamir.times(0x57, 0x02)).isEqualTo(0xae);
    assertThat(Shamir.times(0x8d, 0x02)).isEqualTo(0x01);
  }

  @Test
  void isAField() {
    for (int a = 0; a < 256; a++) {
      assertThat(Shamir.times(a, 1)).isEqualTo(a);
      assertThat(Shamir.times(a, 0)).isZero();
      if (a > 0) {
        assertThat(Shamir.times(a, Shamir.inverse(a))).isEqualTo(1);
      }
      for (int b = 0; b < 256; b++) {
        assertThat(Shamir.times(a, b)).isEqualTo(Shamir.times(b, a)).isBetween(0, 255);
      }
    }
  }

  /// By hand: 0x42 + 0x0f x + 0xa5 x^2, whose values at 1 to 5 were computed with tables of
  /// logarithms.
  @Test
  void sharesAKnownSecret() throws Exception {
    var coefficients = new FixedRandom(0x0f, 0xa5);
    List<SecretBytes> shares = Shamir.split(Secrets.hex("42"), 3, 5, coefficients);

    assertThat(shares.stream().map(Secrets::hex)).containsExactly("e8", "fe", "54", "c0", "6a");
  }

  @Test
  void isGivenBackByAnyThatAreEnoughAndNoFewer() {
    var random = new Random(20261129);
    for (int round = 0; round < 300; round++) {
      int shares = 2 + random.nextInt(15);
      int needed = 2 + random.nextInt(shares - 1);
      byte[] secret = new byte[1 + random.nextInt(40)];
      random.nextBytes(secret);
      try (SecretBytes kept = SecretBytes.copyOf(secret, "secret")) {
        List<SecretBytes> made = Shamir.split(kept, needed, shares, Secrets.RANDOM);
        Map<Integer, SecretBytes> some = some(made, needed, random);
        assertThat(Shamir.join(some)).as("round %d", round).isEqualTo(kept);
        if (secret.length >= 16) {
          some.remove(some.keySet().iterator().next());
          assertThat(Shamir.join(some)).as("round %d", round).isNotEqualTo(kept);
        }
      }
    }
  }

  private static Map<Integer, SecretBytes> some(List<SecretBytes> made, int number, Random random) {
    List<Integer> order = new ArrayList<>();
    for (int x = 1; x <= made.size(); x++) {
      order.add(x);
    }
    java.util.Collections.shuffle(order, random);
    Map<Integer, SecretBytes> some = new HashMap<>();
    order.subList(0, number).forEach(x -> some.put(x, made.get(x - 1)));
    return some;
  }

  /// For two given shares of three needed, each of the 256 secrets has exactly one third share.
  @Test
  void saysNothingWithOneShareTooFew() {
    List<SecretBytes> shares = Shamir.split(Secrets.hex("42"), 3, 5, Secrets.RANDOM);
    Set<String> possible = new HashSet<>();
    for (int third = 0; third < 256; third++) {
      Map<Integer, SecretBytes> three =
          Map.of(
              1,
              shares.get(0),
              2,
              shares.get(1),
              3,
              SecretBytes.take(new byte[] {(byte) third}, "guess"));
      possible.add(Secrets.hex(Shamir.join(three)));
    }
    assertThat(possible).hasSize(256);
  }

  @Test
  void refusesNumbersThatCannotBe() {
    for (int[] pair : new int[][] {{0, 3}, {4, 3}, {2, 256}}) {
      assertThatThrownBy(() -> Shamir.split(Secrets.hex("42"), pair[0], pair[1], Secrets.RANDOM))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /// Gives out given octets.
  private static final class FixedRandom extends SecureRandom {
    private static final long serialVersionUID = 1;
    private final int[] octets;
    private int next;

    FixedRandom(int... octets) {
      this.octets = octets;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) octets[next++];
      }
    }
  }
}
