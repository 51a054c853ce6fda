package parley.mikey.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import parley.mikey.FixedRandom;

class SecretBytesTest {
  private static final SecretAccess ACCESS = SecretAccess.token();
  private static final byte[] OCTETS = HexFormat.of().parseHex("d1e2f3a4b5c6d7e8f9aabbccddeeff10");

  @Test
  void showsItsOctetsNeitherInTextNorInExceptions() {
    var secret = SecretBytes.copyOf(OCTETS, "GMK 00c0ffee");
    secret.close();
    assertThat(secret).hasToString("SecretBytes[GMK 00c0ffee, 16 octets]");
    assertThatThrownBy(() -> secret.lend(ACCESS, octets -> octets.length))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("SecretBytes[GMK 00c0ffee, 16 octets] is closed");
    assertThatThrownBy(secret::duplicate).isInstanceOf(IllegalStateException.class);
    assertThat(secret).isNotInstanceOf(java.io.Serializable.class);
  }

  @Test
  void holdsZerosAfterClose() throws Exception {
    var field = SecretBytes.class.getDeclaredField("octets");
    field.setAccessible(true);
    var secret = SecretBytes.copyOf(OCTETS, "test");
    assertThat(field.get(secret)).isEqualTo(OCTETS);
    secret.close();
    assertThat(field.get(secret)).isEqualTo(new byte[16]);
    assertThat(secret.isClosed()).isTrue();
  }

  @Test
  void whatAReaderKeepsIsZeroedAndWhatItOverwritesChangesNothing() {
    try (var secret = SecretBytes.copyOf(OCTETS, "test")) {
      byte[] kept =
          secret.lend(
              ACCESS,
              octets -> {
                octets[0] = 0;
                return octets;
              });
      assertThat(kept).isEqualTo(new byte[16]);
      secret.lendTo(ACCESS, octets -> assertThat(octets).isEqualTo(OCTETS));
    }
  }

  @Test
  void zeroesWhatItLentEvenIfTheReaderThrows() {
    var kept = new byte[1][];
    try (var secret = SecretBytes.copyOf(OCTETS, "test")) {
      assertThatThrownBy(() ->
              secret.lendTo(
                  ACCESS,
                  octets -> {
                    kept[0] = octets;
                    throw new IllegalArgumentException();
                  }))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(kept[0]).isEqualTo(new byte[16]);
  }

  @Test
  void takesTheOnlyCopyOrLeavesTheCallersAlone() {
    byte[] given = OCTETS.clone();
    try (var copied = SecretBytes.copyOf(given, "copied")) {
      assertThat(given).isEqualTo(OCTETS);
      try (var taken = SecretBytes.take(given, "taken")) {
        assertThat(given).isEqualTo(new byte[16]);
        assertThat(taken).isEqualTo(copied);
      }
    }
  }

  @Test
  void drawsFromTheRandomSourceGiven() {
    try (var drawn = SecretBytes.random(16, new FixedRandom(OCTETS), "drawn");
        var expected = SecretBytes.copyOf(OCTETS, "expected")) {
      assertThat(drawn).isEqualTo(expected).hasSameHashCodeAs(expected);
    }
  }

  @Test
  void duplicateOutlivesItsOriginal() {
    var original = SecretBytes.copyOf(OCTETS, "test");
    try (var duplicate = original.duplicate()) {
      original.close();
      duplicate.lendTo(ACCESS, octets -> assertThat(octets).isEqualTo(OCTETS));
    }
  }

  @Test
  void closedSecretsEqualOnlyThemselves() {
    var one = SecretBytes.copyOf(OCTETS, "one");
    var other = SecretBytes.copyOf(OCTETS, "other");
    one.close();
    assertThat(one).isNotEqualTo(other).isEqualTo(one);
    other.close();
    assertThat(one).isNotEqualTo(other);
  }
}
