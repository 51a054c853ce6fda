package parley.gateway.keying;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import parley.gateway.media.Rekeying;
import parley.mikey.group.CryptoSession;

/// An inbound burst on its way through a bridge, and the clock of its own announcements.
///
/// Repeats follow the wire profile, section 3: 500 ms apart for two seconds, then every two
/// seconds. Confined to the loop that owns both groups.
final class CarriedBurst {
  private static final Duration SOON = Duration.ofMillis(500);
  private static final Duration LATER = Duration.ofSeconds(2);

  final RunningBurst in;
  final RunningBurst out;
  final PreparedBridge prepared;
  final Rekeying rekeying;
  private final Instant startedAt;
  private Instant nextRepeat;
  private boolean sealing;

  CarriedBurst(
      RunningBurst in, RunningBurst out, PreparedBridge prepared, Rekeying rekeying, Instant now) {
    this.in = in;
    this.out = out;
    this.prepared = prepared;
    this.rekeying = rekeying;
    this.startedAt = now;
    this.nextRepeat = now.plus(SOON);
  }

  boolean isSealing() {
    return sealing;
  }

  boolean isRepeatDue(Instant now) {
    return !sealing && !now.isBefore(nextRepeat);
  }

  void sealing() {
    sealing = true;
  }

  /// The outbound map with the index of the next packet of every stream.
  List<CryptoSession> currentMap() {
    List<CryptoSession> map = new ArrayList<>();
    for (CryptoSession first : prepared.announcement.sessions()) {
      long next = rekeying.nextIndex(first.ssrc());
      map.add(
          new CryptoSession(first.csId(), first.ssrc(), true, next >>> 16, (int) next & 0xFFFF));
    }
    return map;
  }

  void sealed(Instant now) {
    sealing = false;
    nextRepeat = now.plus(now.isBefore(startedAt.plus(LATER)) ? SOON : LATER);
  }
}
