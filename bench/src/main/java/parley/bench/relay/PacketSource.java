package parley.bench.relay;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import parley.srtp.CipherEngine;
import parley.srtp.PacketBatch;
import parley.srtp.SrtpContext;
import parley.srtp.SrtpSession;
import parley.srtp.SrtpTransform;
import parley.srtp.Verdict;

/// One talker's stream, packet after packet: a header of 12 octets and a payload that its number
/// decides, in clear or protected.
///
/// Packet `k` has the index `first + k` and, where the stream has the windows for itself, the
/// timestamp `160 k`, by which the receiver knows it. Of several streams each has the timestamps of
/// its [Lane].
public final class PacketSource implements Traffic {
  static final int HEADER_OCTETS = 12;
  static final int TICKS = 160;

  /// What speech of 20 ms in mu-law has.
  static final int SPEECH_OCTETS = 160;

  private static final int BATCH = 32;
  private static final int SLOT_OCTETS = 256;
  private static final byte VERSION_2 = (byte) 0x80;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final int ssrc;
  private final long firstIndex;
  private final int payloadOctets;
  private final @Nullable SrtpContext context;
  private final @Nullable SrtpTransform transform;
  private final Lane lane;
  private final PacketBatch batch = PacketBatch.allocate(BATCH, SLOT_OCTETS);
  private long next;

  private PacketSource(
      int ssrc,
      long firstIndex,
      int payloadOctets,
      long next,
      @Nullable SrtpContext context,
      @Nullable SrtpTransform transform,
      Lane lane) {
    this.ssrc = ssrc;
    this.firstIndex = firstIndex;
    this.payloadOctets = payloadOctets;
    this.next = next;
    this.context = context;
    this.transform = transform;
    this.lane = lane;
  }

  /// RTP in clear; as long on the wire as SRTP with a trailer of `trailerOctets` would be.
  static PacketSource clear(int ssrc, long firstIndex, int trailerOctets) {
    return new PacketSource(
        ssrc, firstIndex, SPEECH_OCTETS + trailerOctets, 0, null, null, Lane.ALONE);
  }

  /// SRTP under `session`, which stays the caller's. Starts at packet `next`, which may follow any
  /// other packet of a source with the same arguments, but never come before one of the same
  /// session.
  static PacketSource srtp(
      int ssrc, long firstIndex, long next, SrtpSession session, CipherEngine engine) {
    return srtp(ssrc, firstIndex, next, session, engine, Lane.ALONE);
  }

  /// The same, for windows that several streams fill in turns.
  static PacketSource srtp(
      int ssrc, long firstIndex, long next, SrtpSession session, CipherEngine engine, Lane lane) {
    return new PacketSource(
        ssrc,
        firstIndex,
        SPEECH_OCTETS,
        next,
        SrtpContext.sender(session, ssrc, firstIndex + next),
        new SrtpTransform(engine, BATCH),
        lane);
  }

  int ssrc() {
    return ssrc;
  }

  long firstIndex() {
    return firstIndex;
  }

  /// The number of the packet to come.
  long next() {
    return next;
  }

  @Override
  public int timestamp() {
    return timestamp(next);
  }

  private int timestamp(long k) {
    return (int) ((k * lane.streams() + lane.position()) * TICKS);
  }

  @Override
  public int streams() {
    return lane.streams();
  }

  /// Writes the next `count` packets of this stream into the slots of its lane.
  @Override
  public void fill(WindowFile window, int count) {
    for (int done = 0; done < count; ) {
      int some = Math.min(BATCH, count - done);
      write(some);
      for (int slot = 0; slot < some; slot++) {
        window.put(
            lane.position() + (done + slot) * lane.streams(),
            lane.to(),
            batch.memory(),
            batch.offset(slot),
            batch.length(slot));
      }
      done += some;
    }
  }

  /// The next packet as it goes over the wire.
  byte[] packet() {
    write(1);
    return batch.octets(0);
  }

  /// Packet `k` in clear.
  byte[] plain(long k) {
    byte[] octets = new byte[HEADER_OCTETS + payloadOctets];
    write(MemorySegment.ofArray(octets), 0, k);
    return octets;
  }

  private void write(int count) {
    batch.clear();
    for (int i = 0; i < count; i++) {
      int slot = batch.add(HEADER_OCTETS + payloadOctets);
      write(batch.memory(), batch.offset(slot), next++);
      batch.context(slot, context);
    }
    if (transform != null) {
      transform.protect(batch, batch);
      for (int slot = 0; slot < count; slot++) {
        if (batch.verdict(slot) != Verdict.ACCEPTED) {
          throw new IllegalStateException("packet refused: " + batch.verdict(slot));
        }
      }
    }
  }

  private void write(MemorySegment to, long at, long k) {
    to.set(ValueLayout.JAVA_BYTE, at, VERSION_2);
    to.set(ValueLayout.JAVA_BYTE, at + 1, (byte) 0);
    to.set(SHORT, at + 2, (short) (firstIndex + k));
    to.set(INT, at + 4, timestamp(k));
    to.set(INT, at + 8, ssrc);
    long seed = k * 0x9e37_79b9_7f4a_7c15L;
    int octet = 0;
    for (; octet + Long.BYTES <= payloadOctets; octet += Long.BYTES) {
      to.set(LONG, at + HEADER_OCTETS + octet, seed + octet);
    }
    for (; octet < payloadOctets; octet++) {
      to.set(ValueLayout.JAVA_BYTE, at + HEADER_OCTETS + octet, (byte) (seed + octet));
    }
  }
}
