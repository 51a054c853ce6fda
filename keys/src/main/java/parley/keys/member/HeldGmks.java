package parley.keys.member;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import parley.keys.vault.RecordReader;
import parley.keys.vault.RecordWriter;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.secret.SecretBytes;

/// What a member holds of one group: the highest T it ever accepted, and the GMKs, oldest T first.
///
/// Immutable. The highest T outlives the keys: an expired GMK is dropped, its T is not forgotten.
record HeldGmks(NtpTimestamp highest, List<HeldGmk> held) {
  private static final int SCHEMA = 1;
  private static final int MOST = 64;
  private static final NtpTimestamp BEFORE_ALL = new NtpTimestamp(Long.MIN_VALUE);

  HeldGmks {
    held = List.copyOf(held);
  }

  static HeldGmks none() {
    return new HeldGmks(BEFORE_ALL, List.of());
  }

  /// Whether a message of this T may become current.
  boolean isNewer(NtpTimestamp t) {
    return t.compareTo(highest) > 0;
  }

  /// Whether a message of exactly this T was accepted.
  boolean isTaken(NtpTimestamp t) {
    return t.equals(highest) || held.stream().anyMatch(gmk -> gmk.issued().equals(t));
  }

  Optional<HeldGmk> broughtBy(byte[] messageDigest) {
    return held.stream().filter(gmk -> gmk.isBroughtBy(messageDigest)).findFirst();
  }

  /// Whether the newest message about this GMK-ID came too late to be sent under.
  boolean isDecryptOnly(int gmkId) {
    return held.reversed().stream()
        .filter(gmk -> gmk.gmkId() == gmkId)
        .findFirst()
        .map(HeldGmk::isDecryptOnly)
        .orElse(false);
  }

  /// These and one more, without what is over at `now`, and without the oldest where there are
  /// many.
  HeldGmks with(HeldGmk added, Instant now) {
    List<HeldGmk> kept = new ArrayList<>(held);
    kept.add(added);
    kept.removeIf(gmk -> gmk.isOver(now));
    kept.sort(Comparator.comparing(HeldGmk::issued));
    List<HeldGmk> newest = kept.subList(Math.max(0, kept.size() - MOST), kept.size());
    return new HeldGmks(isNewer(added.issued()) ? added.issued() : highest, newest);
  }

  /// What is left of a group that its member has left.
  HeldGmks withoutKeys() {
    return new HeldGmks(highest, List.of());
  }

  /// All of it as one secret, for a vault; the caller closes it.
  SecretBytes encode() {
    try (RecordWriter out = new RecordWriter()) {
      out.integer(SCHEMA).number(highest.bits()).integer(held.size());
      held.forEach(gmk -> gmk.write(out));
      return out.record("GMKs");
    }
  }

  static HeldGmks decode(Identity group, SecretBytes encoded) {
    return RecordReader.read(
        encoded,
        in -> {
          if (in.integer() != SCHEMA) {
            throw new IllegalStateException(encoded + " is of another schema");
          }
          var highest = new NtpTimestamp(in.number());
          List<HeldGmk> held = new ArrayList<>();
          for (int left = in.integer(); left > 0; left--) {
            held.add(HeldGmk.read(group, in));
          }
          return new HeldGmks(highest, held);
        });
  }
}
