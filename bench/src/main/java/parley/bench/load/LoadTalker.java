package parley.bench.load;

import java.security.SecureRandom;
import parley.bench.rig.KeyedBurst;
import parley.gateway.media.CompoundRtcp;
import parley.gateway.media.Destination;
import parley.keys.member.KeysMissing;
import parley.mikey.group.CryptoSession;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.identity.NtpTimestamp;
import parley.srtp.CipherEngine;
import parley.srtp.PacketBatch;
import parley.srtp.RtpPacket;
import parley.srtp.SrtcpContext;
import parley.srtp.SrtpContext;

/// One talker's burst: its key, announced and signed, and its one stream.
///
/// Announcements are sealed by one thread, packets made by another; counters are read by any.
final class LoadTalker implements AutoCloseable {
  private static final int SPEECH_TICKS = 160;
  private static final int PAYLOAD_TYPE = 96;

  private final LoadGroup group;
  private final KeyedBurst burst;
  private final SrtpContext context;
  private final SrtcpContext control;
  private final Destination destination;
  private final SendTimes times;
  private long made;
  private volatile boolean hasSpoken;
  private volatile long firstCounted;
  private volatile long sent;

  private LoadTalker(
      LoadGroup group,
      GroupMasterKey gmk,
      double remembered,
      CipherEngine engine,
      SecureRandom random) {
    this.group = group;
    this.burst = new KeyedBurst(group.talker(), group.id(), group.policy(), gmk, engine, random);
    CryptoSession stream = burst.stream();
    this.context = SrtpContext.sender(burst.session(), stream.ssrc(), stream.nextIndex());
    this.control = SrtcpContext.sender(burst.session(), stream.ssrc());
    this.destination = Destination.of(group.to());
    this.times = new SendTimes(remembered);
  }

  /// @param remembered how many packets may be under way at a time
  static LoadTalker of(LoadGroup group, double remembered, CipherEngine engine, SecureRandom random)
      throws LoadFailed {
    GroupMasterKey gmk =
        group
            .talker()
            .sendingGmk(group.id())
            .orElseThrow(() ->
                new LoadFailed(
                    "%s has no valid group key of %s; its manager must send one"
                        .formatted(group.talker().identity(), group.id())));
    return new LoadTalker(group, gmk, remembered, engine, random);
  }

  LoadGroup group() {
    return group;
  }

  int csbId() {
    return burst.csbId();
  }

  int ssrc() {
    return burst.stream().ssrc();
  }

  long firstIndex() {
    return burst.stream().nextIndex();
  }

  Destination destination() {
    return destination;
  }

  SendTimes times() {
    return times;
  }

  /// The next message, which names the index only while no packet has been made.
  byte[] announce(NtpTimestamp now) throws KeysMissing {
    return burst.announce(now, hasSpoken);
  }

  /// Adds the next packet to the batch, in clear and with its context. Returns its number, which
  /// begins with 0.
  long add(PacketBatch batch, int payloadOctets) {
    long number = made++;
    if (number == 0) {
      hasSpoken = true;
    }
    int slot = batch.add(RtpPacket.FIXED_HEADER_OCTETS + payloadOctets);
    int at = batch.offset(slot);
    RtpPacket.writeHeader(
        batch.memory(),
        at,
        number == 0,
        PAYLOAD_TYPE,
        (int) (firstIndex() + number) & 0xffff,
        (int) (number * SPEECH_TICKS),
        ssrc());
    batch.memory().asSlice(at + RtpPacket.FIXED_HEADER_OCTETS, payloadOctets).fill((byte) number);
    batch.context(slot, context);
    return number;
  }

  /// Adds the BYE that ends the burst, in clear and with its context.
  void addBye(PacketBatch batch) {
    batch.context(CompoundRtcp.addBye(batch, ssrc()), control);
  }

  /// Whatever is made counts for nothing until [#count] says so.
  void countNothing() {
    firstCounted = Long.MAX_VALUE;
  }

  /// From the next packet on they count. The sender's thread.
  void count() {
    firstCounted = made;
  }

  /// The number of the first packet that counts; none has it, where none counts yet.
  long firstCounted() {
    return firstCounted;
  }

  /// One packet more has gone out; its copies do not count. The sender's thread.
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  void countSent() {
    sent++;
  }

  /// Different packets that were sent.
  long sent() {
    return sent;
  }

  @Override
  public void close() {
    burst.close();
  }
}
