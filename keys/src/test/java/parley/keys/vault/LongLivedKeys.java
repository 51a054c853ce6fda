package parley.keys.vault;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import parley.keys.kms.MemberKeys;
import parley.keys.member.Member;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.identity.Identity;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// The keys that a process had in its memory, from the vault that it left, and a search for them in
/// something that must not hold them: a heap dump, log lines.
public final class LongLivedKeys {
  private static final int OCTETS = 8;

  private final Map<String, byte[]> keys = new TreeMap<>();

  private LongLivedKeys() {}

  /// What opens the vault and its records, master secrets, and what each member in it has of its
  /// KMS and of its groups.
  public static LongLivedKeys of(Path file, Path keyFile, InstantSource clock) throws Exception {
    var all = new LongLivedKeys();
    all.keys.put("key file", Files.readAllBytes(keyFile));
    try (VaultKey key = VaultKey.keyFile(keyFile);
        Vault vault = Vault.open(file, key)) {
      all.learnDataKey(file, key);
      for (String type : Set.of("kms", "recording-key")) {
        for (String name : vault.names(type)) {
          if (!name.equals("certificate")) {
            all.remember(type + " " + name, vault.read(type, name).orElseThrow());
          }
        }
      }
      for (String name : vault.names("member-keys")) {
        try (SecretBytes encoded = vault.read("member-keys", name).orElseThrow();
            MemberKeys issued = MemberKeys.decode(encoded)) {
          all.remember("RSK " + name, issued.rsk().duplicate());
          all.remember("SSK " + name, issued.ssk().duplicate());
        }
      }
      for (String who : vault.names("home-kms")) {
        try (Member member = Member.open(vault, new Identity(who), clock)) {
          all.learnGmks(member);
        }
      }
    }
    return all;
  }

  private void learnGmks(Member member) {
    for (Identity group : member.groups()) {
      for (GroupMasterKey gmk : member.gmkBook().all(group)) {
        remember("GMK %08x".formatted(gmk.gmkId()), gmk.key().duplicate());
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

  public Set<String> names() {
    return keys.keySet();
  }

  /// Those of which any eight octets lie in `heap`, plain, in hex or in Base64.
  public Set<String> foundIn(byte[] heap) {
    return found(heap, keys);
  }

  /// The same for other secrets.
  public static Set<String> found(byte[] heap, Map<String, byte[]> secrets) {
    Map<Long, List<Pattern>> patterns = new HashMap<>();
    secrets.forEach((name, key) -> add(patterns, name, key));
    Set<String> found = new TreeSet<>();
    long window = 0;
    for (int end = 0; end < heap.length; end++) {
      window = (window << 8) | (heap[end] & 0xff);
      List<Pattern> candidates = end < OCTETS - 1 ? null : patterns.get(window);
      if (candidates != null) {
        int at = end - OCTETS + 1;
        candidates.stream().filter(one -> one.isAt(heap, at)).forEach(one -> found.add(one.name));
      }
    }
    return found;
  }

  private static final class Pattern {
    final String name;
    final byte[] octets;

    Pattern(String name, byte[] octets) {
      this.name = name;
      this.octets = octets;
    }

    boolean isAt(byte[] heap, int at) {
      return at + octets.length <= heap.length
          && Arrays.equals(heap, at, at + octets.length, octets, 0, octets.length);
    }
  }

  private static void add(Map<Long, List<Pattern>> patterns, String name, byte[] key) {
    String base64 = Base64.getEncoder().withoutPadding().encodeToString(key);
    for (int at = 0; at + OCTETS <= key.length; at++) {
      add(patterns, new Pattern(name, Arrays.copyOfRange(key, at, at + OCTETS)));
      String hex = HexFormat.of().formatHex(key, at, at + OCTETS);
      add(patterns, new Pattern(name, hex.getBytes(StandardCharsets.US_ASCII)));
      String upper = hex.toUpperCase(Locale.ROOT);
      add(patterns, new Pattern(name, upper.getBytes(StandardCharsets.US_ASCII)));
    }
    for (int at = 0; at + 12 <= base64.length(); at += 4) {
      String part = base64.substring(at, at + 12);
      add(patterns, new Pattern(name, part.getBytes(StandardCharsets.US_ASCII)));
    }
  }

  private static void add(Map<Long, List<Pattern>> patterns, Pattern pattern) {
    patterns
        .computeIfAbsent(ByteBuffer.wrap(pattern.octets).getLong(), _ -> new ArrayList<>())
        .add(pattern);
  }
}
