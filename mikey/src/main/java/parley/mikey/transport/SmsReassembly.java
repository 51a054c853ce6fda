package parley.mikey.transport;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.Octets;
import parley.mikey.transport.SmsOutcome.Reason;
import parley.mikey.transport.SmsSegments.Segment;

/// Puts messages together from short messages that come in any order, twice, or never.
///
/// Whoever can send an SMS can send a segment, so what is held is bounded ([SmsLimits]), by sender
/// first: a message in the making belongs to one (sender, reference, total), the oldest of a sender
/// makes room for the sender's next, and no sender can push out what another one began. The time of
/// a message counts from its first segment: nothing keeps it for longer. A sender's number proves
/// nothing; the message that comes out is verified like any other.
///
/// Confined to one thread.
public final class SmsReassembly {
  private final InstantSource clock;
  private final SmsLimits limits;

  /// Oldest first, which is also the order of expiry.
  private final Map<Key, Bucket> buckets = new LinkedHashMap<>();

  /// The same keys by sender, none without one.
  private final Map<String, SequencedSet<Key>> bySender = new HashMap<>();

  private int octets;

  public SmsReassembly(InstantSource clock, SmsLimits limits) {
    this.clock = clock;
    this.limits = limits;
  }

  private record Key(String sender, int reference, int total) {}

  private static final class Bucket {
    private final Instant begun;
    private final @Nullable Octets[] parts;
    private int missing;
    private int octets;

    private Bucket(Instant begun, int total) {
      this.begun = begun;
      this.parts = new Octets[total];
      this.missing = total;
    }

    private void put(Segment segment) {
      parts[segment.number() - 1] = segment.part();
      missing--;
      octets += segment.part().length();
    }

    private Octets joined() {
      byte[] message = new byte[octets];
      int at = 0;
      for (Octets part : parts) {
        if (part != null) {
          System.arraycopy(part.bytes(), 0, message, at, part.length());
          at += part.length();
        }
      }
      return Octets.of(message);
    }
  }

  /// Takes the user data of one short message, header and all; copies the octets.
  ///
  /// @param sender whom the network names; at most what the caller lets it be long
  /// @throws MalformedMessage when it is no segment; nothing has changed
  public SmsOutcome take(String sender, byte[] userData) throws MalformedMessage {
    Segment segment = SmsSegments.read(userData);
    Instant now = clock.instant();
    expire(now);
    var key = new Key(sender, segment.reference(), segment.total());
    Bucket bucket = buckets.get(key);
    Octets known = bucket == null ? null : bucket.parts[segment.number() - 1];
    if (bucket != null && known != null) {
      return again(key, bucket, known.equals(segment.part()));
    }
    if (!makeRoom(key, bucket == null, segment.part().length())) {
      return new SmsOutcome.Refused(Reason.FULL);
    }
    Bucket filled = bucket == null ? begin(key, now) : bucket;
    filled.put(segment);
    octets += segment.part().length();
    if (filled.missing > 0) {
      return new SmsOutcome.Incomplete(filled.missing);
    }
    drop(key);
    return new SmsOutcome.Complete(filled.joined());
  }

  private SmsOutcome again(Key key, Bucket bucket, boolean isSame) {
    if (isSame) {
      return new SmsOutcome.Incomplete(bucket.missing);
    }
    drop(key);
    return new SmsOutcome.Refused(Reason.CONTRADICTION);
  }

  private Bucket begin(Key key, Instant now) {
    var bucket = new Bucket(now, key.total());
    buckets.put(key, bucket);
    bySender.computeIfAbsent(key.sender(), _ -> new LinkedHashSet<>()).add(key);
    return bucket;
  }

  private void expire(Instant now) {
    Instant begunBefore = now.minus(limits.expiry());
    while (!buckets.isEmpty()) {
      Map.Entry<Key, Bucket> oldest = buckets.entrySet().iterator().next();
      if (oldest.getValue().begun.isAfter(begunBefore)) {
        return;
      }
      drop(oldest.getKey());
    }
  }

  /// Gives up the sender's own oldest messages, though never the one that grows, until the segment
  /// has room.
  private boolean makeRoom(Key key, boolean isNew, int length) {
    while ((isNew && !hasRoomForAnother(key.sender())) || octets + length > limits.octets()) {
      Key oldest = oldestBut(key);
      if (oldest == null) {
        return false;
      }
      drop(oldest);
    }
    return true;
  }

  private boolean hasRoomForAnother(String sender) {
    SequencedSet<Key> own = bySender.get(sender);
    return buckets.size() < limits.messages() && (own == null || own.size() < limits.perSender());
  }

  private @Nullable Key oldestBut(Key grows) {
    SequencedSet<Key> own = bySender.getOrDefault(grows.sender(), new LinkedHashSet<>());
    return own.stream().filter(key -> !key.equals(grows)).findFirst().orElse(null);
  }

  private void drop(Key key) {
    Bucket dropped = buckets.remove(key);
    octets -= dropped == null ? 0 : dropped.octets;
    var _ =
        bySender.computeIfPresent(
            key.sender(),
            (_, own) -> {
              own.remove(key);
              return own.isEmpty() ? null : own;
            });
  }

  /// Messages that are not complete.
  public int messages() {
    return buckets.size();
  }

  /// Octets of segments that are held; never more than [SmsLimits#octets].
  public int octets() {
    return octets;
  }
}
