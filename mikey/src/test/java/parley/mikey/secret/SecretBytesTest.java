package parley.mikey.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
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
  void holdsZerosAfterClose() {
    var secret = SecretBytes.copyOf(OCTETS, "test");
    SecretMemory.Cell cell = secret.cell();
    assertThat(octets(cell)).startsWith(OCTETS);
    secret.close();
    assertThat(octets(cell)).containsOnly(0);
    assertThat(secret.isClosed()).isTrue();
  }

  private static byte[] octets(SecretMemory.Cell cell) {
    return cell.memory().toArray(ValueLayout.JAVA_BYTE);
  }

  @Test
  void givesItsMemoryBackOnceHoweverOftenItIsClosed() {
    SecretBytes.copyOf(OCTETS, "makes a block").close();
    int free = SecretMemory.free(OCTETS.length);
    var secret = SecretBytes.copyOf(OCTETS, "test");
    assertThat(SecretMemory.free(OCTETS.length)).isEqualTo(free - 1);
    secret.close();
    secret.close();
    assertThat(SecretMemory.free(OCTETS.length)).isEqualTo(free);
    try (var one = SecretBytes.copyOf(OCTETS, "one");
        var other = SecretBytes.copyOf(new byte[16], "other")) {
      secret.close();
      assertThat(one).isNotEqualTo(other);
      one.lendTo(ACCESS, octets -> assertThat(octets).isEqualTo(OCTETS));
    }
  }

  @Test
  void holdsAnyNumberOfOctets() {
    for (int length :
        new int[] {0, 1, 63, 64, 65, 128, 257, 1000, 65_535, 65_536, 65_537, 1 << 20}) {
      byte[] octets = new byte[length];
      java.util.Arrays.fill(octets, (byte) 0xa5);
      try (var secret = SecretBytes.copyOf(octets, "test")) {
        assertThat(secret.length()).isEqualTo(length);
        secret.lendTo(ACCESS, lent -> assertThat(lent).isEqualTo(octets));
      }
    }
  }

  @Test
  void givesBackTheMemoryOfAnOwnerWhoForgot() throws Exception {
    try (var before = SecretBytes.copyOf(new byte[3000], "makes a block")) {
      int free = SecretMemory.free(3000);
      SecretMemory.Cell cell = forgotten();
      for (int i = 0; i < 200 && SecretMemory.free(3000) < free; i++) {
        System.gc();
        Thread.sleep(10);
      }
      assertThat(SecretMemory.free(3000)).isEqualTo(free);
      assertThat(octets(cell)).containsOnly(0);
      assertThat(before.isClosed()).isFalse();
    }
  }

  private static SecretMemory.Cell forgotten() {
    byte[] octets = new byte[3000];
    java.util.Arrays.fill(octets, (byte) 7);
    return SecretBytes.copyOf(octets, "forgotten").cell();
  }

  @Test
  void isWholeOrClosedForThreadsThatUseItWhileItIsClosed() throws Exception {
    for (int round = 0; round < 300; round++) {
      var secret = SecretBytes.copyOf(OCTETS, "shared");
      try (var threads = java.util.concurrent.Executors.newFixedThreadPool(3)) {
        var running = new java.util.ArrayList<java.util.concurrent.Future<?>>();
        for (int i = 0; i < 2; i++) {
          running.add(threads.submit(() -> readUntilClosed(secret)));
        }
        running.add(threads.submit(secret::close));
        for (var one : running) {
          one.get();
        }
      }
    }
  }

  private static void readUntilClosed(SecretBytes secret) {
    while (!secret.isClosed()) {
      try {
        secret.lendTo(ACCESS, octets -> assertThat(octets).isEqualTo(OCTETS));
      } catch (IllegalStateException _) {
        return; // closed in between
      }
      try (var next = SecretBytes.copyOf(new byte[16], "takes the cell")) {
        assertThat(next.length()).isEqualTo(16);
      }
    }
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
