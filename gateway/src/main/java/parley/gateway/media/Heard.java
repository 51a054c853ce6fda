package parley.gateway.media;

import org.jspecify.annotations.Nullable;

/// A listening leg at work: its socket, and that of RTCP where it has one of its own.
record Heard(Leg leg, MediaPort rtp, @Nullable MediaPort rtcp) {
  /// Whether packets of `other` arrive at the same socket: only how they are treated differs.
  boolean sharesSocketWith(Leg other) {
    return leg.hasSocketOf(other);
  }
}
