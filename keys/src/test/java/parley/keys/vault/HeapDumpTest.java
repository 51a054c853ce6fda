package parley.keys.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import parley.keys.FakeClock;
import parley.keys.Secrets;
import parley.keys.kms.MemberKeys;
import parley.keys.member.Member;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// A heap dump of a process that holds long-lived keys holds none of their octets.
class HeapDumpTest {
  @TempDir Path directory;
  private final Map<String, byte[]> keys = new HashMap<>();

  @Test
  void holdsNoLongLivedKey() throws Exception {
    Path vault = directory.resolve("vault");
    Path keyFile = Secrets.keyFile(directory, "key");
    Path dump = directory.resolve("heap.hprof");
    run(vault, keyFile, dump);

    byte[] heap = Files.readAllBytes(dump);
    assertThat(found(heap, HexFormat.of().parseHex(HeapDumpChild.DECOY + HeapDumpChild.DECOY)))
        .isTrue();
    learn(vault, keyFile);
    assertThat(keys).hasSizeGreaterThan(11);
    keys.forEach((name, key) -> assertThat(found(heap, key)).as(name).isFalse());
  }

  private static void run(Path vault, Path keyFile, Path dump) throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                HeapDumpChild.class.getName(),
                vault.toString(),
                keyFile.toString(),
                dump.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(child.waitFor()).as(said).isZero();
  }

  /// From the vault that the process left: what it had in its memory.
  private void learn(Path file, Path keyFile) throws Exception {
    keys.put("key file", Files.readAllBytes(keyFile));
    try (VaultKey key = VaultKey.keyFile(keyFile);
        Vault vault = Vault.open(file, key)) {
      learnDataKey(file, key);
      remember("z", vault.read("kms", "z").orElseThrow());
      remember("ksak", vault.read("kms", "ksak").orElseThrow());
      remember("recording key", vault.read("recording-key", "current").orElseThrow());
      for (String name : vault.names("member-keys")) {
        try (SecretBytes encoded = vault.read("member-keys", name).orElseThrow();
            MemberKeys member = MemberKeys.decode(encoded)) {
          remember("RSK " + name, member.rsk().duplicate());
          remember("SSK " + name, member.ssk().duplicate());
        }
      }
      try (Member alice =
          Member.open(vault, HeapDumpChild.ALICE, new FakeClock(HeapDumpChild.NOW))) {
        remember("GMK", alice.sendingGmk(HeapDumpChild.FIRE).orElseThrow().key().duplicate());
      }
    }
  }

  private void learnDataKey(Path file, VaultKey key) throws Exception {
    VaultHeader header = VaultHeader.read(ByteBuffer.wrap(Files.readAllBytes(file)));
    try (SecretBytes dataKey = header.unlocks().getFirst().dataKey(key).orElseThrow()) {
      remember("records", Hkdf.derive(dataKey, new byte[0], "parley vault records", 32));
      remember("snapshot", Hkdf.derive(dataKey, new byte[0], "parley vault file", 32));
      remember("journal", Hkdf.derive(dataKey, new byte[0], "parley vault journal", 32));
      remember("data key", dataKey.duplicate());
    }
  }

  private void remember(String name, SecretBytes secret) {
    try (secret) {
      keys.put(name, secret.lend(SecretAccess.token(), byte[]::clone));
    }
  }

  /// Any eight octets of `key`, plain, in hex or in Base64.
  private static boolean found(byte[] heap, byte[] key) {
    Map<Long, List<byte[]>> patterns = new HashMap<>();
    String base64 = Base64.getEncoder().withoutPadding().encodeToString(key);
    for (int at = 0; at + 8 <= key.length; at++) {
      add(patterns, Arrays.copyOfRange(key, at, at + 8));
      String hex = HexFormat.of().formatHex(key, at, at + 8);
      add(patterns, hex.getBytes(StandardCharsets.US_ASCII));
      add(patterns, hex.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII));
    }
    for (int at = 0; at + 12 <= base64.length(); at += 4) {
      add(patterns, base64.substring(at, at + 12).getBytes(StandardCharsets.US_ASCII));
    }
    return search(heap, patterns);
  }

  private static void add(Map<Long, List<byte[]>> patterns, byte[] pattern) {
    patterns
        .computeIfAbsent(ByteBuffer.wrap(pattern).getLong(), _ -> new ArrayList<>())
        .add(pattern);
  }

  private static boolean search(byte[] heap, Map<Long, List<byte[]>> patterns) {
    long window = 0;
    for (int end = 0; end < heap.length; end++) {
      window = (window << 8) | (heap[end] & 0xff);
      List<byte[]> candidates = end < 7 ? null : patterns.get(window);
      if (candidates != null && isOneAt(heap, end - 7, candidates)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOneAt(byte[] heap, int at, List<byte[]> candidates) {
    return candidates.stream()
        .anyMatch(one ->
            at + one.length <= heap.length
                && Arrays.equals(heap, at, at + one.length, one, 0, one.length));
  }
}
