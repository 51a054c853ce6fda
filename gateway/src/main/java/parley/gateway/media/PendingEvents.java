package parley.gateway.media;

import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What keying shall be told, kept until the batch in which it happened has been sent on: then the
/// listener may install and retire as it likes.
///
/// Confined to the group's loop. Only events allocate, and they are rare or rate-limited.
final class PendingEvents {
  private static final long UNKNOWN_EVERY_MILLIS = 1000;

  /// A stream that no announcement explains.
  private record Unknown(int ssrc, int mki, InetSocketAddress source) {}

  private record IvReuse(Burst burst, int ssrc) {}

  private final InstantSource clock;
  private final List<Burst> byes = new ArrayList<>();
  private final List<Burst> begun = new ArrayList<>();
  private final List<IvReuse> reuses = new ArrayList<>();
  private @Nullable Unknown unknown;
  private long nextUnknownMillis = Long.MIN_VALUE;
  private boolean isPending;
  private @Nullable MediaEvents listener;

  PendingEvents(InstantSource clock) {
    this.clock = clock;
  }

  void open(MediaEvents newListener) {
    listener = newListener;
  }

  void bye(Burst burst) {
    byes.add(burst);
    isPending = true;
  }

  void firstPacket(Burst burst) {
    begun.add(burst);
    isPending = true;
  }

  void ivReuse(Burst burst, int ssrc) {
    reuses.add(new IvReuse(burst, ssrc));
    isPending = true;
  }

  void unknownStream(int ssrc, int mki, InetSocketAddress source) {
    long now = clock.millis();
    if (now >= nextUnknownMillis) {
      nextUnknownMillis = now + UNKNOWN_EVERY_MILLIS;
      unknown = new Unknown(ssrc, mki, source);
      isPending = true;
    }
  }

  /// Tells and forgets. What a listener causes in turn is told by that call's own batch.
  void tell() {
    if (!isPending) {
      return;
    }
    isPending = false;
    MediaEvents to = Objects.requireNonNull(listener, "the group is not open");
    drain(begun).forEach(to::firstPacket);
    drain(reuses).forEach(reuse -> to.ivReuse(reuse.burst(), reuse.ssrc()));
    drain(byes).forEach(to::bye);
    Unknown stranger = unknown;
    unknown = null;
    if (stranger != null) {
      to.unknownStream(stranger.ssrc(), stranger.mki(), stranger.source());
    }
  }

  private static <E> List<E> drain(List<E> pending) {
    List<E> told = List.copyOf(pending);
    pending.clear();
    return told;
  }
}
