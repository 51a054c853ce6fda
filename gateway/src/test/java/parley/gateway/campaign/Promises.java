package parley.gateway.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import parley.gateway.lab.Lab;
import parley.gateway.record.CannotDecrypt;
import parley.gateway.record.Integrity;
import parley.gateway.record.NotARecording;
import parley.gateway.record.RecordingExport;
import parley.gateway.record.RecordingSummary;
import parley.keys.member.Member;
import parley.keys.vault.RecordingKey;
import parley.keys.vault.Vault;
import parley.keys.vault.VaultKey;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.identity.Identity;

/// What a gateway has promised so far, and whether a dead one has kept it: its vault and its
/// recordings are read as its successor will find them.
///
/// - a GMK with a receipt is in the vault
/// - a recording that was closed never changes again
/// - a packet that was seen on the disk stays there, and every packet that was relayed before it is
///   there too
/// - nothing is in a recording that nobody sent, and no chain is broken
final class Promises {
  /// What the check after one death found.
  ///
  /// @param closed recordings that are complete, of this life
  /// @param unclosed recordings that the kill cut off
  /// @param headless files that the kill cut off before their header was written
  /// @param recorded packets in the recordings of this life
  record Found(int closed, int unclosed, int headless, long recorded) {}

  private final Lab lab;
  private final Identity gateway;
  private final Path recordings;
  private final List<GroupMasterKey> acknowledged = new ArrayList<>();
  private final Map<Path, String> sealed = new TreeMap<>();
  private final Map<Path, Long> seen = new HashMap<>();

  Promises(Lab lab, Identity gateway, Path recordings) {
    this.lab = lab;
    this.gateway = gateway;
    this.recordings = recordings;
  }

  void acknowledged(GroupMasterKey gmk) {
    acknowledged.add(gmk);
  }

  int acknowledged() {
    return acknowledged.size();
  }

  int sealed() {
    return sealed.size();
  }

  /// Looks at the disk while the gateway writes: whatever can be read now must stay readable.
  void lookAtDisk() throws IOException {
    for (Path file : fresh()) {
      Optional<RecordingSummary> now = summary(file);
      if (now.isPresent()) {
        seen.put(file, now.get().srtpPackets());
        if (isClosed(now.get())) {
          sealed.put(file, digest(file));
        }
      }
    }
  }

  private List<Path> fresh() throws IOException {
    return all().stream().filter(file -> !sealed.containsKey(file)).toList();
  }

  private List<Path> all() throws IOException {
    return Files.exists(recordings) ? RecordingSummary.find(recordings) : List.of();
  }

  private static Optional<RecordingSummary> summary(Path file) throws IOException {
    try {
      return Optional.of(RecordingSummary.read(file));
    } catch (NotARecording _) {
      return Optional.empty();
    }
  }

  /// With the burst's end and the chain's head behind it; a kill may fall between the two.
  private static boolean isClosed(RecordingSummary is) {
    return is.integrity().state() == Integrity.State.CLOSED;
  }

  private static String digest(Path file) throws IOException {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(Files.readAllBytes(file)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Judges what a dead gateway left behind.
  ///
  /// @param bursts what was said in its life, by CSB ID
  Found check(Map<Integer, Spoken> bursts) throws Exception {
    for (var promised : sealed.entrySet()) {
      assertThat(digest(promised.getKey()))
          .as("a closed recording has changed: %s", promised.getKey())
          .isEqualTo(promised.getValue());
    }
    try (Vault vault = Vault.open(lab.vaultFile(gateway.uri()), VaultKey.keyFile(lab.keyFile()));
        RecordingKey key = vault.recordingKey()) {
      checkGmks(vault);
      return checkRecordings(bursts, key);
    }
  }

  private void checkGmks(Vault vault) throws Exception {
    try (Member member = Member.open(vault, gateway, lab.clock())) {
      for (GroupMasterKey gmk : acknowledged) {
        assertThat(member.gmkBook().find(gmk.group(), gmk.gmkId()))
            .as("an acknowledged GMK of %s", gmk.group())
            .hasValueSatisfying(kept -> assertThat(kept.key()).isEqualTo(gmk.key()));
      }
    }
  }

  /// The GMKs among these that the dead gateway held, acknowledged or not.
  List<GroupMasterKey> held(List<GroupMasterKey> sent) throws Exception {
    try (Vault vault =
            Vault.openToRead(lab.vaultFile(gateway.uri()), VaultKey.keyFile(lab.keyFile()));
        Member member = Member.open(vault, gateway, lab.clock())) {
      return sent.stream()
          .filter(gmk -> member.gmkBook().find(gmk.group(), gmk.gmkId()).isPresent())
          .toList();
    }
  }

  private Found checkRecordings(Map<Integer, Spoken> bursts, RecordingKey key) throws Exception {
    List<Path> ofThisLife = new ArrayList<>(fresh());
    seen.keySet().stream().filter(sealed::containsKey).forEach(ofThisLife::add);
    int closed = 0;
    int unclosed = 0;
    int headless = 0;
    long recorded = 0;
    for (Path file : ofThisLife) {
      Optional<RecordingSummary> summary = summary(file);
      if (summary.isEmpty()) {
        assertThat(seen)
            .as("a recording that could be read cannot any more")
            .doesNotContainKey(file);
        headless++;
      } else {
        recorded += check(summary.get(), bursts, key);
        closed += isClosed(summary.get()) ? 1 : 0;
        unclosed += isClosed(summary.get()) ? 0 : 1;
      }
      sealed.put(file, digest(file)); // no later life may touch it
    }
    seen.clear();
    return new Found(closed, unclosed, headless, recorded);
  }

  private long check(RecordingSummary is, Map<Integer, Spoken> bursts, RecordingKey key)
      throws IOException, CannotDecrypt {
    Path file = is.file();
    assertThat(is.integrity().damages()).as("damages of %s", file).isEmpty();
    assertThat(is.gaps()).as("gaps in %s", file).isZero();
    assertThat(is.srtpPackets())
        .as("packets in %s, as many were on the disk before the kill", file)
        .isGreaterThanOrEqualTo(seen.getOrDefault(file, 0L));
    Spoken spoken = bursts.get(is.header().csbId());
    if (spoken == null) {
      throw new AssertionError(file + " is a recording of nothing that was said");
    }
    BitSet recorded = new BitSet();
    for (byte[] payload : RecordingExport.payloads(file, key)) {
      recorded.set(spoken.number(payload));
    }
    int last = isClosed(is) ? spoken.sent() - 1 : recorded.length() - 1;
    assertThat(spoken.missing(recorded, last))
        .as("packets that were relayed and are not in %s", file)
        .isEqualTo(new BitSet());
    assertThat((long) recorded.cardinality()).isEqualTo(is.srtpPackets());
    return recorded.cardinality();
  }
}
