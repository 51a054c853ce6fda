package parley.keys.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.Secrets;

/// A vault file that somebody has touched: always one sentence, never a changed file.
class VaultHostileTest {
  private static final int DIGEST_OCTETS = 32;

  @TempDir Path directory;
  private Path file;
  private VaultKey key;
  private byte[] good;

  @BeforeEach
  void prepare() throws IOException, VaultException {
    file = directory.resolve("vault");
    key = VaultKey.keyFile(Secrets.keyFile(directory, "key"));
    try (Vault vault = Vault.create(file, key)) {
      vault.put("a", "1", Secrets.of("one"));
      vault.put("a", "2", Secrets.of("two"));
    }
    good = Files.readAllBytes(file);
  }

  @Test
  void refusesEveryFlippedBit() throws IOException {
    for (int bit = 0; bit < 8 * good.length; bit++) {
      byte[] flipped = good.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      refuses(flipped, "is damaged");
    }
  }

  @Test
  void refusesEveryCut() throws IOException {
    for (int length = 0; length < good.length; length++) {
      refuses(Arrays.copyOf(good, length), "is damaged");
    }
    refuses(Arrays.copyOf(good, good.length + 1), "is damaged");
  }

  @Test
  void refusesEveryFlippedOctetBehindARepairedDigest() throws Exception {
    for (int at = 0; at < good.length - DIGEST_OCTETS; at++) {
      byte[] altered = good.clone();
      altered[at] ^= 0x40;
      refuses(withDigest(altered), file.toString());
    }
  }

  @Test
  void refusesADroppedRecordBehindARepairedDigest() throws Exception {
    int recordsAt = VaultHeader.OCTETS + 8;
    int recordOctets = 2 + 1 + 2 + 1 + 8 + 4 + AesGcm.OVERHEAD_OCTETS + 3;
    byte[] fewer = new byte[good.length - recordOctets];
    System.arraycopy(good, 0, fewer, 0, recordsAt);
    ByteBuffer.wrap(fewer).putInt(recordsAt, 1);
    int from = recordsAt + 4 + recordOctets;
    System.arraycopy(good, from, fewer, recordsAt + 4, good.length - from);
    refuses(withDigest(fewer), "somebody without its key has altered it");
  }

  private void refuses(byte[] octets, String why) throws IOException {
    Files.write(file, octets);
    assertThatThrownBy(() -> Vault.open(file, key).close())
        .isInstanceOf(VaultException.class)
        .hasMessageContaining(why);
    assertThat(Files.readAllBytes(file)).isEqualTo(octets);
  }

  private static byte[] withDigest(byte[] octets) throws GeneralSecurityException {
    int end = octets.length - DIGEST_OCTETS;
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Arrays.copyOf(octets, end));
    System.arraycopy(digest, 0, octets, end, DIGEST_OCTETS);
    return octets;
  }
}
