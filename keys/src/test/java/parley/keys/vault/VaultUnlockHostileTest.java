package parley.keys.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.Secrets;

/// Unlocks that somebody without any of them has touched, behind a digest that he repaired.
class VaultUnlockHostileTest {
  private static final int DIGEST_OCTETS = 32;
  private static final int NUMBER_AT = VaultHeader.START_OCTETS;

  @TempDir Path directory;
  private Path file;
  private VaultKey key;
  private VaultKey second;
  private byte[] good;

  @BeforeEach
  void prepare() throws Exception {
    file = directory.resolve("vault");
    key = VaultKey.keyFile(Secrets.keyFile(directory, "key"));
    second = VaultKey.keyFile(Secrets.keyFile(directory, "second"));
    try (Vault vault = Vault.create(file, key)) {
      vault.addUnlock(key, second, "key two.");
    }
    good = Files.readAllBytes(file);
  }

  @Test
  void refusesEveryFlippedBitBehindARepairedDigest() throws Exception {
    int header = VaultHeader.read(ByteBuffer.wrap(good)).octets();
    for (int bit = 8 * NUMBER_AT; bit < 8 * header; bit++) {
      byte[] flipped = good.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      refuses(flipped);
    }
  }

  /// Both have the same length, so only what binds them to their names tells.
  @Test
  void refusesUnlocksThatChangedPlacesOrNames() throws Exception {
    int octets = (VaultHeader.read(ByteBuffer.wrap(good)).octets() - NUMBER_AT - 1) / 2;
    int first = NUMBER_AT + 1;
    byte[] swapped = good.clone();
    System.arraycopy(good, first, swapped, first + octets, octets);
    System.arraycopy(good, first + octets, swapped, first, octets);
    refuses(swapped);

    byte[] renamed = good.clone();
    System.arraycopy(good, first + 2, renamed, first + octets + 2, 8);
    System.arraycopy(good, first + octets + 2, renamed, first + 2, 8);
    refuses(renamed);

    byte[] twice = good.clone();
    System.arraycopy(good, first, twice, first + octets, octets);
    refuses(twice, "two of its unlocks have one name");
  }

  @Test
  void refusesAnUnlockThatWasTakenAwayWithoutAKey() throws Exception {
    int octets = (VaultHeader.read(ByteBuffer.wrap(good)).octets() - NUMBER_AT - 1) / 2;
    byte[] fewer = new byte[good.length - octets];
    System.arraycopy(good, 0, fewer, 0, NUMBER_AT + 1 + octets);
    int rest = NUMBER_AT + 1 + 2 * octets;
    System.arraycopy(good, rest, fewer, rest - octets, good.length - rest);
    fewer[NUMBER_AT] = 1;
    ByteBuffer.wrap(fewer).putInt(rest - octets, fewer.length);
    refuses(fewer, key, "somebody without its key has altered it");
    refuses(fewer, second, "wrong key file");
  }

  @Test
  void refusesNumbersThatCannotBe() throws Exception {
    for (int number : new int[] {0, 1, 3, 16, 17, 127, 128, 255}) {
      byte[] altered = good.clone();
      altered[NUMBER_AT] = (byte) number;
      refuses(altered);
    }
    int bodyLength = NUMBER_AT + 1 + 2 + 8;
    for (int length : new int[] {0, 1, 88, 90, 32767, 32768, 65535}) {
      byte[] altered = good.clone();
      ByteBuffer.wrap(altered).putShort(bodyLength, (short) length);
      refuses(altered);
    }
  }

  @Test
  void refusesEveryFlippedBitAndCutOfShares() throws Exception {
    Map<String, VaultKey> holders = new TreeMap<>();
    for (String name : new String[] {"a", "b", "c"}) {
      holders.put(name, VaultKey.passphrase(name.toCharArray()));
    }
    var named = new UnlockName(UnlockKind.SHARES, "board");
    byte[] body;
    try (VaultKey shares = VaultKey.newShares(2, holders);
        var dataKey = Secrets.of("a data key of 32 octets, or so..")) {
      body = Unlock.seal(shares, "board", dataKey, Secrets.RANDOM).body();
    }
    for (int length = 0; length < body.length; length++) {
      ByteBuffer cut = unlock(named, Arrays.copyOf(body, length));
      assertThatThrownBy(() -> Unlock.read(cut))
          .isInstanceOfAny(DamagedVault.class, java.nio.BufferUnderflowException.class);
    }
    assertThatThrownBy(() -> Unlock.read(unlock(named, Arrays.copyOf(body, body.length + 1))))
        .isInstanceOf(DamagedVault.class);
    for (byte[] numbers :
        new byte[][] {{0, 3}, {1, 3}, {4, 3}, {2, 2}, {2, 4}, {2, 17}, {-1, -1}}) {
      byte[] altered = body.clone();
      System.arraycopy(numbers, 0, altered, 0, 2);
      assertThatThrownBy(() -> Unlock.read(unlock(named, altered)))
          .isInstanceOfAny(DamagedVault.class, java.nio.BufferUnderflowException.class);
    }
    assertThat(Unlock.read(unlock(named, body)).details()).isEqualTo("any 2 of a, b, c");
  }

  private static ByteBuffer unlock(UnlockName name, byte[] body) {
    var out = ByteBuffer.allocate(name.octets() + 2 + body.length);
    name.write(out);
    return out.putShort((short) body.length).put(body).flip();
  }

  private void refuses(byte[] octets) throws Exception {
    refuses(octets, "");
  }

  private void refuses(byte[] octets, String why) throws Exception {
    refuses(octets, key, why);
    refuses(octets, second, why);
  }

  private void refuses(byte[] octets, VaultKey by, String why) throws Exception {
    repairDigest(octets);
    Files.write(file, octets);
    assertThatThrownBy(() -> Vault.open(file, by).close())
        .isInstanceOf(VaultException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(why);
    assertThat(Files.readAllBytes(file)).isEqualTo(octets);
  }

  /// The vault has no journal, so the snapshot's digest ends the file.
  private static void repairDigest(byte[] octets) throws Exception {
    int end = octets.length - DIGEST_OCTETS;
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Arrays.copyOf(octets, end));
    System.arraycopy(digest, 0, octets, end, DIGEST_OCTETS);
  }
}
