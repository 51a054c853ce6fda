package parley.srtp;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Streams by SSRC and kind, in open addressing: looking up allocates nothing and costs the same
/// whatever SSRC a stranger invents, since nothing is entered that has not authenticated.
///
/// Streams that have a context are also in a list, from the longest silent to the last heard.
final class ContextTable {
  /// One SSRC of one kind under one session: with a context, or only remembered by its highest
  /// index. Outside the table it is a spare one, for whichever SSRC comes next.
  static final class Stream {
    private final SrtpContexts.Admission admission;
    private final boolean isRtcp;
    private int ssrc;
    private @Nullable CryptoContext context;
    private @Nullable Stream remembered;
    private long heardNanos;
    private long floor = PacketBatch.NO_INDEX;
    private @Nullable Stream older;
    private @Nullable Stream newer;

    Stream(SrtpContexts.Admission admission, boolean isRtcp) {
      this.admission = admission;
      this.isRtcp = isRtcp;
    }

    SrtpContexts.Admission admission() {
      return admission;
    }

    boolean isRtcp() {
      return isRtcp;
    }

    int ssrc() {
      return ssrc;
    }

    boolean is(int ssrc, boolean isRtcp) {
      return this.ssrc == ssrc && this.isRtcp == isRtcp;
    }

    @Nullable CryptoContext context() {
      return context;
    }

    /// The stream in the table that this one would revive; null for one that is new.
    @Nullable Stream remembered() {
      return remembered;
    }

    /// Makes a spare one stand for a stream that has no context yet.
    void standFor(int ssrc, @Nullable Stream remembered) {
      this.ssrc = ssrc;
      this.remembered = remembered;
      this.floor = remembered == null ? PacketBatch.NO_INDEX : remembered.floor;
      SrtpSession session = admission.session();
      switch (context) {
        case null ->
            context =
                isRtcp
                    ? SrtcpContext.receiver(session, ssrc, floor)
                    : SrtpContext.receiverAbove(session, ssrc, floor);
        case SrtpContext srtp -> srtp.restart(ssrc, floor);
        case SrtcpContext srtcp -> srtcp.restart(ssrc, floor);
      }
    }

    /// Whether a packet has authenticated since [#standFor].
    boolean hasAuthenticated() {
      return context != null && context.highestIndex() > floor;
    }

    /// The highest index that has authenticated.
    long highestIndex() {
      return context == null ? floor : context.highestIndex();
    }

    boolean isSilentSince(long nanos) {
      return heardNanos - nanos <= 0;
    }
  }

  private final @Nullable Stream[] slots;
  private final long multiplier = ThreadLocalRandom.current().nextLong() | 1;
  private int streams;
  private int live;
  private @Nullable Stream oldest;
  private @Nullable Stream newest;

  /// For so many streams, half as many as slots.
  ContextTable(int streams) {
    slots = new @Nullable Stream[Integer.highestOneBit(Math.max(2, streams) - 1) << 2];
  }

  /// With a context or without.
  int streams() {
    return streams;
  }

  /// With a context.
  int live() {
    return live;
  }

  /// Where a stream is, if it is there; its neighbours follow by [#next] until [#at] gives null.
  int first(int ssrc, boolean isRtcp) {
    long key = Integer.toUnsignedLong(ssrc) << 1 | (isRtcp ? 1 : 0);
    return (int) ((key * multiplier) >>> (Long.numberOfLeadingZeros(slots.length) + 1));
  }

  int next(int at) {
    return (at + 1) & (slots.length - 1);
  }

  @Nullable Stream at(int at) {
    return slots[at];
  }

  /// The stream that has been silent longest; null where none has a context.
  @Nullable Stream oldest() {
    return oldest;
  }

  private void add(Stream stream) {
    int at = first(stream.ssrc, stream.isRtcp);
    while (slots[at] != null) {
      at = next(at);
    }
    slots[at] = stream;
    streams++;
  }

  /// Takes a stream that has authenticated into the table, in place of what was remembered of it.
  void keep(Stream heard, long nowNanos) {
    Stream stream = heard;
    if (heard.remembered == null) {
      add(heard);
    } else {
      stream = heard.remembered;
      stream.context = heard.context;
      heard.remembered = null;
    }
    stream.heardNanos = nowNanos;
    append(stream);
    live++;
  }

  /// Takes the context away; what it has received stays refused for ever.
  void retire(Stream stream) {
    stream.floor = stream.highestIndex();
    stream.context = null;
    unlink(stream);
    live--;
  }

  void heard(Stream stream, long nowNanos) {
    stream.heardNanos = nowNanos;
    if (stream.newer != null) {
      unlink(stream);
      append(stream);
    }
  }

  /// Forgets all streams of a session.
  void remove(SrtpContexts.Admission admission) {
    @Nullable Stream[] before = slots.clone();
    Arrays.fill(slots, null);
    streams = 0;
    for (Stream stream : before) {
      if (stream == null) {
        continue;
      }
      if (!stream.admission.equals(admission)) {
        add(stream);
      } else if (stream.context != null) {
        unlink(stream);
        live--;
      }
    }
  }

  private void append(Stream stream) {
    stream.older = newest;
    stream.newer = null;
    if (newest == null) {
      oldest = stream;
    } else {
      newest.newer = stream;
    }
    newest = stream;
  }

  private void unlink(Stream stream) {
    if (stream.older == null) {
      oldest = stream.newer;
    } else {
      stream.older.newer = stream.newer;
    }
    if (stream.newer == null) {
      newest = stream.older;
    } else {
      stream.newer.older = stream.older;
    }
    stream.older = null;
    stream.newer = null;
  }
}
