package parley.gateway.ue;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import parley.gateway.media.Burst;
import parley.gateway.media.BurstEnd;
import parley.gateway.record.HeardSpeech;
import parley.mikey.group.BridgeOrigin;
import parley.mikey.identity.Identity;

/// One burst as a listener heard it: who spoke, by whose word, and the packets in memory.
///
/// Filled on the group's loop; once it has ended nobody changes it and any thread may read.
public final class HeardBurst {
  /// More than an hour of speech at 50 packets a second; what comes after is counted, not kept.
  private static final int MOST_PACKETS = 200_000;

  private final Identity signer;
  private final @Nullable BridgeOrigin origin;
  private final String speaker;
  private final int csbId;
  private final Instant startedAt;
  private final HeardSpeech speech;
  private long unkept;
  private @Nullable BurstEnd end;

  HeardBurst(Burst burst, Identity listener) {
    this.signer = burst.talker();
    this.origin = burst.origin();
    this.speaker = burst.speaker();
    this.csbId = burst.csbId();
    this.startedAt = burst.startedAt();
    this.speech = new HeardSpeech(burst, listener);
  }

  void add(byte[] packet, long index, long receivedUnixNanos) {
    if (speech.packets() < MOST_PACKETS) {
      speech.add(packet, index, receivedUnixNanos);
    } else {
      unkept++;
    }
  }

  void end(BurstEnd why) {
    end = why;
  }

  /// Who signed the announcement: the talker, or the gateway of a bridge.
  public Identity signer() {
    return signer;
  }

  /// Who spoke, where a gateway says so.
  public @Nullable BridgeOrigin origin() {
    return origin;
  }

  /// Who spoke, for people: `sip:alice@x`, or `sip:alice@x via sip:gpe1@y`.
  public String speaker() {
    return speaker;
  }

  public int csbId() {
    return csbId;
  }

  public Instant startedAt() {
    return startedAt;
  }

  public HeardSpeech speech() {
    return speech;
  }

  /// Packets that were heard after the most that are kept.
  public long unkept() {
    return unkept;
  }

  /// Why it ended, or null while it lasts.
  public @Nullable BurstEnd end() {
    return end;
  }
}
