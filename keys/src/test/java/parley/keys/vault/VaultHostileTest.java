package parley.keys.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.Secrets;

/// A vault file that somebody has touched: always one sentence, never a changed file, never a state
/// that was not.
class VaultHostileTest {
  private static final int DIGEST_OCTETS = 32;

  @TempDir Path directory;
  private Path file;
  private VaultKey key;
  private byte[] good;

  /// Where the snapshot ends, then each of the entries.
  private final List<Integer> ends = new ArrayList<>();

  /// A snapshot with two records and four edits behind it.
  @BeforeEach
  void prepare() throws IOException, VaultException {
    file = directory.resolve("vault");
    key = VaultKey.keyFile(Secrets.keyFile(directory, "key"));
    try (Vault vault = Vault.create(file, key)) {
      vault.put("a", "1", Secrets.of("one"));
      vault.put("a", "2", Secrets.of("two"));
      vault.rekey(key);
      noteEnd();
      vault.put("a", "3", Secrets.of("three"));
      noteEnd();
      vault.put("a", "1", Secrets.of("one, replaced"));
      noteEnd();
      assertThat(vault.remove("a", "2")).isTrue();
      noteEnd();
      vault.put("a", "4", Secrets.of("four"));
      noteEnd();
    }
    good = Files.readAllBytes(file);
  }

  private void noteEnd() throws IOException {
    ends.add((int) Files.size(file));
  }

  @Test
  void refusesEveryFlippedBitOfTheSnapshot() throws IOException {
    for (int bit = 0; bit < 8 * ends.get(0); bit++) {
      refuses(flipped(bit), "is damaged");
    }
  }

  @Test
  void refusesAFlippedBitInEveryOctetOfTheJournal() throws IOException {
    for (int at = ends.get(0); at < good.length; at++) {
      refuses(flipped(8 * at + at % 8), at < lastEntryAt() ? "is damaged" : "is an older copy");
    }
  }

  @Test
  void takesAFlippedLastEntryForTornAndAnyOtherForDamageWhereThereIsNoWitness() throws Exception {
    for (int bit = 8 * ends.get(0); bit < 8 * good.length; bit++) {
      removeWitness();
      if (bit < 8 * lastEntryAt()) {
        refuses(flipped(bit), "is damaged");
      } else {
        opensAfter(3, flipped(bit));
      }
    }
  }

  @Test
  void refusesEveryCut() throws IOException {
    for (int length = 0; length < good.length; length++) {
      refuses(
          Arrays.copyOf(good, length), length < ends.get(0) ? "is damaged" : "is an older copy");
    }
  }

  @Test
  void opensEveryCutAsTheLastWholeStateWhereThereIsNoWitness() throws Exception {
    for (int length = 0; length <= good.length; length++) {
      removeWitness();
      int cut = length;
      int edits = (int) ends.stream().filter(end -> end <= cut).count() - 1;
      if (edits < 0) {
        refuses(Arrays.copyOf(good, length), "is damaged");
      } else {
        opensAfter(edits, Arrays.copyOf(good, length));
      }
    }
  }

  @Test
  void dropsAnyGarbageBehindTheEndAndCutsItOffWithTheNextWrite() throws Exception {
    for (int octets : new int[] {1, 3, 4, 79, 80, 81, 512, 5000}) {
      byte[] random = new byte[octets];
      Secrets.RANDOM.nextBytes(random);
      for (byte[] garbage : List.of(new byte[octets], random, Arrays.copyOf(lastEntry(), octets))) {
        removeWitness();
        opensAfter(4, joined(good, garbage));
        try (Vault vault = Vault.open(file, key)) {
          vault.put("b", "next", Secrets.of("kept"));
        }
        assertThat(Files.readAllBytes(file)).startsWith(good).hasSizeLessThan(good.length + 200);
        try (Vault vault = Vault.open(file, key)) {
          assertThat(VaultTest.text(vault, "b", "next")).isEqualTo("kept");
        }
      }
    }
  }

  @Test
  void dropsALastEntryOfWhichSomeSectorsAreMissing() throws Exception {
    try (Vault vault = Vault.open(file, key)) {
      vault.put("a", "large", Secrets.of("x".repeat(4000)));
    }
    byte[] whole = Files.readAllBytes(file);
    byte[] witness = Files.readAllBytes(directory.resolve("vault.lock"));
    for (int from = good.length; from < whole.length; from = 512 * (from / 512 + 1)) {
      byte[] torn = whole.clone();
      Arrays.fill(torn, from, Math.min(whole.length, 512 * (from / 512 + 1)), (byte) 0);
      Files.write(directory.resolve("vault.lock"), witness);
      refuses(torn, "is an older copy");
      removeWitness();
      opensAfter(4, torn);
    }
  }

  @Test
  void refusesEntriesThatAreDroppedExchangedOrReordered() throws IOException {
    byte[] snapshot = Arrays.copyOf(good, ends.get(0));
    for (int[] order :
        new int[][] {
          {2},
          {2, 3, 4},
          {1, 3, 4},
          {1, 2, 4},
          {4},
          {2, 1, 3, 4},
          {1, 3, 2, 4},
          {1, 1, 2, 3, 4},
          {1, 1, 3, 4},
          {1, 2, 4, 3},
          {4, 3, 2, 1}
        }) {
      removeWitness();
      byte[] altered = snapshot;
      for (int number : order) {
        altered = joined(altered, entry(number));
      }
      refuses(altered, "is missing or spoilt, and was not the last");
    }
  }

  @Test
  void refusesAnEntryBroughtInFromAnotherLifeOfTheVault() throws Exception {
    Files.write(file, Arrays.copyOf(good, ends.get(1)));
    removeWitness();
    try (Vault vault = Vault.open(file, key)) {
      vault.put("a", "other", Secrets.of("life"));
      vault.put("a", "other", Secrets.of("lives"));
    }
    byte[] other = Files.readAllBytes(file);
    int second = ends.get(1) + ByteBuffer.wrap(other).getInt(ends.get(1));
    byte[] foreign = Arrays.copyOfRange(other, second, other.length);
    removeWitness();
    refuses(joined(Arrays.copyOf(good, ends.get(2)), foreign), "is damaged");
    opensAfter(4, joined(good, foreign));
  }

  @Test
  void isNotMovedByAnEntryPlayedAgain() throws Exception {
    for (int number = 1; number <= 4; number++) {
      opensAfter(4, joined(good, entry(number)));
    }
  }

  @Test
  void refusesAFileFullOfHeadsThatAreNoEntries() throws IOException {
    var heads = ByteBuffer.allocate(80 * 200);
    for (int i = 0; i < 200; i++) {
      heads.putInt(80 * i, 80).putLong(80 * i + 4, 9);
    }
    refuses(joined(good, heads.array()), "is damaged");
  }

  @Test
  void refusesEveryFlippedOctetBehindARepairedDigest() throws Exception {
    for (int at = 0; at < ends.get(0) - DIGEST_OCTETS; at++) {
      byte[] altered = good.clone();
      altered[at] ^= 0x40;
      refuses(withDigest(altered, ends.get(0)), file.toString());
    }
  }

  @Test
  void refusesToBePassedOffAsAnOlderSchema() throws Exception {
    for (byte schema : new byte[] {1, 2}) {
      byte[] altered = Arrays.copyOf(good, ends.get(0));
      altered[7] = schema;
      removeWitness();
      refuses(withDigest(altered, altered.length), "is damaged");
    }
  }

  @Test
  void refusesADroppedRecordBehindARepairedDigest() throws Exception {
    int numberAt = headerOctets() + 4 + 8;
    int recordOctets = 2 + 1 + 2 + 1 + 8 + 4 + AesGcm.OVERHEAD_OCTETS + 3;
    byte[] fewer = new byte[ends.get(0) - recordOctets];
    System.arraycopy(good, 0, fewer, 0, numberAt);
    ByteBuffer.wrap(fewer).putInt(headerOctets(), fewer.length).putInt(numberAt, 1);
    int from = numberAt + 4 + recordOctets;
    System.arraycopy(good, from, fewer, numberAt + 4, ends.get(0) - from);
    refuses(withDigest(fewer, fewer.length), "somebody without its key has altered it");
  }

  private int headerOctets() throws DamagedVault {
    return VaultHeader.read(ByteBuffer.wrap(good)).octets();
  }

  private int lastEntryAt() {
    return ends.get(3);
  }

  private byte[] lastEntry() {
    return entry(4);
  }

  private byte[] entry(int number) {
    return Arrays.copyOfRange(good, ends.get(number - 1), ends.get(number));
  }

  private byte[] flipped(int bit) {
    byte[] flipped = good.clone();
    flipped[bit / 8] ^= (byte) (1 << bit % 8);
    return flipped;
  }

  private void removeWitness() throws IOException {
    Files.deleteIfExists(directory.resolve("vault.lock"));
  }

  private void opensAfter(int edits, byte[] octets) throws Exception {
    Files.write(file, octets);
    try (Vault vault = Vault.open(file, key)) {
      requireState(edits, vault);
    }
    try (Vault vault = Vault.openToRead(file, key)) {
      requireState(edits, vault);
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(octets);
  }

  private static void requireState(int edits, Vault vault) {
    assertThat(vault.counter()).isEqualTo(4 + edits);
    assertThat(vault.names("a"))
        .containsExactlyElementsOf(
            List.of(
                    List.of("1", "2"),
                    List.of("1", "2", "3"),
                    List.of("1", "2", "3"),
                    List.of("1", "3"),
                    List.of("1", "3", "4"))
                .get(edits));
    assertThat(VaultTest.text(vault, "a", "1")).isEqualTo(edits < 2 ? "one" : "one, replaced");
  }

  private void refuses(byte[] octets, String why) throws IOException {
    Files.write(file, octets);
    assertThatThrownBy(() -> Vault.open(file, key).close())
        .isInstanceOf(VaultException.class)
        .hasMessageContaining(why);
    assertThat(Files.readAllBytes(file)).isEqualTo(octets);
  }

  private static byte[] joined(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] withDigest(byte[] octets, int snapshotEnd) throws GeneralSecurityException {
    int end = snapshotEnd - DIGEST_OCTETS;
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Arrays.copyOf(octets, end));
    System.arraycopy(digest, 0, octets, end, DIGEST_OCTETS);
    return octets;
  }
}
