package parley.srtp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import parley.srtp.ContextTable.Stream;

/// For users of the library without a stream table of their own: finds or makes the receiving
/// context of each packet by SSRC and master key identifier.
///
/// A context is kept only after a packet of it has authenticated: packets with invented SSRCs leave
/// nothing behind and, once as many contexts lie ready as a batch has packets, allocate nothing.
///
/// When `maxContexts` are kept, a new stream takes the place of the one that has been silent
/// longest, if that one has been silent for the minimum idle time; otherwise it has to wait
/// ([Verdict#NO_CONTEXT]). New streams that authenticate in one batch are taken together, so that
/// there may be up to a batch more. Only authentic and fresh packets count as heard, and of an
/// evicted stream its highest index is remembered: no recording can be played to it again, nor can
/// a recording push a stream out. When four times `maxContexts` streams are known or remembered, no
/// new one is taken until a session is removed.
///
/// Confined to one thread, like the sessions given to it.
public final class SrtpContexts {
  /// How long a stream must have been silent before another may take its place, if nothing else is
  /// said.
  public static final Duration MINIMUM_IDLE = Duration.ofSeconds(30);

  private static final int REMEMBERED_PER_CONTEXT = 4;

  /// A session with the streams that lie ready for its next SSRCs. `family` is shared by the master
  /// keys of one cryptographic context.
  static final class Admission {
    private final SrtpSession session;
    private final Admission family;
    private final List<Stream> srtp = new ArrayList<>();
    private final List<Stream> srtcp = new ArrayList<>();
    private boolean hasSuccessors;

    Admission(SrtpSession session, @Nullable Admission family) {
      this.session = session;
      this.family = family == null ? this : family;
    }

    SrtpSession session() {
      return session;
    }

    boolean matches(PacketBatch batch, int slot, boolean isRtcp) {
      return isRtcp ? session.matchesSrtcpMki(batch, slot) : session.matchesMki(batch, slot);
    }

    Stream take(boolean isRtcp) {
      List<Stream> spare = isRtcp ? srtcp : srtp;
      return spare.isEmpty() ? new Stream(this, isRtcp) : spare.removeLast();
    }

    void giveBack(Stream stream) {
      (stream.isRtcp() ? srtcp : srtp).add(stream);
    }
  }

  private final SrtpTransform transform;
  private final int maxContexts;
  private final int maxStreams;
  private final long minimumIdleNanos;
  private final LongSupplier nanoClock;
  private final List<Admission> admissions = new ArrayList<>();
  private final ContextTable table;
  private final @Nullable Stream[] streams;
  private final @Nullable Stream[] tentative;
  private int tentatives;
  private long nowNanos;

  /// With [#MINIMUM_IDLE].
  public SrtpContexts(CipherEngine engine, int batchCapacity, int maxContexts) {
    this(engine, batchCapacity, maxContexts, MINIMUM_IDLE);
  }

  public SrtpContexts(
      CipherEngine engine, int batchCapacity, int maxContexts, Duration minimumIdle) {
    this(engine, batchCapacity, maxContexts, minimumIdle, System::nanoTime);
  }

  SrtpContexts(
      CipherEngine engine,
      int batchCapacity,
      int maxContexts,
      Duration minimumIdle,
      LongSupplier nanoClock) {
    if (maxContexts < 1) {
      throw new IllegalArgumentException("at most " + maxContexts + " contexts");
    }
    this.transform = new SrtpTransform(engine, batchCapacity);
    this.maxContexts = maxContexts;
    this.maxStreams = Math.multiplyExact(REMEMBERED_PER_CONTEXT, maxContexts);
    this.minimumIdleNanos = minimumIdle.toNanos();
    this.nanoClock = nanoClock;
    this.table = new ContextTable(maxStreams + batchCapacity);
    this.streams = new @Nullable Stream[batchCapacity];
    this.tentative = new @Nullable Stream[batchCapacity];
  }

  /// Accepts packets of this session from now on. Where several sessions match a packet the first
  /// added wins, so give them different MKIs of one length. A packet of an unknown stream is
  /// compared with all sessions, one after the other.
  public void add(SrtpSession session) {
    admissions.add(new Admission(session, null));
  }

  /// Accepts packets of this session as well, as of another master key for the streams of `known`:
  /// a sender changes between them when it likes, also back, and its packet index runs on (RFC
  /// 3711, 3.2.1 and 9.3).
  ///
  /// @throws IllegalArgumentException where `known` was not added
  public void addSuccessor(SrtpSession session, SrtpSession known) {
    Admission predecessor = admission(known);
    if (predecessor == null) {
      throw new IllegalArgumentException(known + " was not added before its successor");
    }
    predecessor.family.hasSuccessors = true;
    admissions.add(new Admission(session, predecessor.family));
  }

  /// Forgets a session, its contexts and what is remembered of its streams; closing it stays the
  /// caller's.
  public void remove(SrtpSession session) {
    Admission admission = admission(session);
    if (admission != null) {
      admissions.remove(admission);
      table.remove(admission);
    }
  }

  private @Nullable Admission admission(SrtpSession session) {
    for (Admission admission : admissions) {
      if (admission.session.equals(session)) {
        return admission;
      }
    }
    return null;
  }

  /// How many streams have a context.
  public int size() {
    return table.live();
  }

  /// Unprotects RTP and RTCP, told apart by RFC 5761, as [SrtpTransform#unprotect] does, and sets
  /// the contexts of the slots whose stream is known or now becomes known. [Verdict#NO_CONTEXT]
  /// where no session matches or all contexts are taken.
  public void unprotect(PacketBatch from, PacketBatch to) {
    if (from.size() > streams.length) {
      throw new IllegalArgumentException(
          "%d packets in a batch for %d".formatted(from.size(), streams.length));
    }
    nowNanos = nanoClock.getAsLong();
    for (int slot = 0; slot < from.size(); slot++) {
      Stream stream = find(from, slot);
      streams[slot] = stream;
      from.context(slot, stream == null ? null : stream.context());
    }
    try {
      transform.unprotect(from, to);
    } finally {
      settle(from);
    }
  }

  private @Nullable Stream find(PacketBatch from, int slot) {
    int offset = from.offset(slot);
    int length = from.length(slot);
    boolean isRtcp = RtcpPacket.isRtcp(from.memory(), offset, length);
    if (!isRtcp && length < RtpPacket.FIXED_HEADER_OCTETS) {
      return null;
    }
    int ssrc =
        isRtcp ? RtcpPacket.ssrc(from.memory(), offset) : RtpPacket.ssrc(from.memory(), offset);
    Stream stream = lookUp(from, slot, ssrc, isRtcp);
    if (stream == null || stream.context() == null) {
      stream = tentative(from, slot, ssrc, isRtcp, stream);
    }
    if (stream != null && stream.admission().family.hasSuccessors) {
      followFamily(stream);
    }
    return stream;
  }

  private @Nullable Stream lookUp(PacketBatch from, int slot, int ssrc, boolean isRtcp) {
    int at = table.first(ssrc, isRtcp);
    for (Stream stream = table.at(at); stream != null; stream = table.at(at)) {
      if (stream.is(ssrc, isRtcp) && stream.admission().matches(from, slot, isRtcp)) {
        return stream;
      }
      at = table.next(at);
    }
    return null;
  }

  /// Another master key's packets may have carried the index far since this one's last.
  private void followFamily(Stream followed) {
    if (!(followed.context() instanceof SrtpContext context)) {
      return;
    }
    int at = table.first(followed.ssrc(), false);
    for (Stream stream = table.at(at); stream != null; stream = table.at(at)) {
      if (stream.is(followed.ssrc(), false)
          && stream.admission().family.equals(followed.admission().family)) {
        context.follow(stream.highestIndex());
      }
      at = table.next(at);
    }
  }

  /// A stream for the time of this batch, new or `remembered`; null where no session matches or
  /// there is no room for it.
  private @Nullable Stream tentative(
      PacketBatch from, int slot, int ssrc, boolean isRtcp, @Nullable Stream remembered) {
    Admission admission =
        remembered == null ? admission(from, slot, isRtcp) : remembered.admission();
    if (admission == null) {
      return null;
    }
    for (int i = 0; i < tentatives; i++) {
      Stream met = tentative[i];
      if (met != null && met.is(ssrc, isRtcp) && met.admission().equals(admission)) {
        return met;
      }
    }
    if (!hasRoom(remembered != null)) {
      return null;
    }
    Stream made = admission.take(isRtcp);
    made.standFor(ssrc, remembered);
    tentative[tentatives++] = made;
    return made;
  }

  private @Nullable Admission admission(PacketBatch from, int slot, boolean isRtcp) {
    for (int i = 0; i < admissions.size(); i++) {
      Admission admission = admissions.get(i);
      if (admission.matches(from, slot, isRtcp)) {
        return admission;
      }
    }
    return null;
  }

  /// Whether a stream that authenticates could be kept. Tentative ones take no room, since
  /// strangers can make as many of them as a batch has packets.
  private boolean hasRoom(boolean isRemembered) {
    return (isRemembered || table.streams() < maxStreams)
        && (table.live() < maxContexts || isEvictable(table.oldest()));
  }

  private boolean isEvictable(@Nullable Stream stream) {
    return stream != null && stream.isSilentSince(nowNanos - minimumIdleNanos);
  }

  /// Notes who was heard, keeps the new streams that authenticated and puts the others back.
  private void settle(PacketBatch from) {
    for (int slot = 0; slot < from.size(); slot++) {
      Stream stream = streams[slot];
      streams[slot] = null;
      if (stream == null) {
        continue;
      }
      boolean isTentative = isTentative(stream);
      if (isTentative && !stream.hasAuthenticated()) {
        from.context(slot, null);
      } else if (!isTentative && from.verdict(slot) == Verdict.ACCEPTED) {
        table.heard(stream, nowNanos);
      }
    }
    for (int i = 0; i < tentatives; i++) {
      Stream stream = tentative[i];
      tentative[i] = null;
      if (stream != null) {
        settle(stream);
      }
    }
    tentatives = 0;
  }

  private boolean isTentative(Stream stream) {
    for (int i = 0; i < tentatives; i++) {
      if (stream.equals(tentative[i])) {
        return true;
      }
    }
    return false;
  }

  private void settle(Stream stream) {
    if (!stream.hasAuthenticated()) {
      stream.admission().giveBack(stream);
      return;
    }
    if (table.live() >= maxContexts) {
      Stream silent = table.oldest();
      if (silent != null && isEvictable(silent)) {
        table.retire(silent);
      }
    }
    table.keep(stream, nowNanos);
  }
}
