package parley.bench.load;

import java.security.SecureRandom;
import java.util.List;
import parley.gateway.keying.SrtpKeying;
import parley.gateway.media.Destination;
import parley.keys.member.KeysMissing;
import parley.mikey.group.CryptoSession;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.GroupSessionKey;
import parley.mikey.group.GskAnnouncement;
import parley.mikey.identity.NtpTimestamp;
import parley.srtp.CipherEngine;
import parley.srtp.PacketBatch;
import parley.srtp.RtpPacket;
import parley.srtp.SrtcpContext;
import parley.srtp.SrtpContext;
import parley.srtp.SrtpSession;

/// One talker's burst: its key, announced and signed, and its one stream.
///
/// Announcements are sealed by one thread, packets made by another; counters are read by any.
final class LoadTalker implements AutoCloseable {
  private static final int SPEECH_TICKS = 160;
  private static final int PAYLOAD_TYPE = 96;

  /// Version 2, no block, type 201, two words.
  private static final int EMPTY_REPORT = 0x80c9_0001;

  /// Version 2, one source, type 203, two words.
  private static final int BYE_OF_ONE = 0x81cb_0001;

  private static final int BYE_OCTETS = 16;

  /// So that the sequence number does not wrap right away.
  private static final int FIRST_SEQ_BOUND = 4096;

  private final LoadGroup group;
  private final SecureRandom random;
  private final CryptoSession first;
  private final GskAnnouncement announcement;
  private final SrtpSession session;
  private final SrtpContext context;
  private final SrtcpContext control;
  private final Destination destination;
  private final SendTimes times;
  private NtpTimestamp lastT = new NtpTimestamp(Long.MIN_VALUE);
  private long made;
  private volatile long sent;

  private LoadTalker(
      LoadGroup group,
      GroupMasterKey gmk,
      double remembered,
      CipherEngine engine,
      SecureRandom random) {
    this.group = group;
    this.random = random;
    this.first =
        CryptoSession.of(
            CryptoSession.FIRST_CS_ID, random.nextInt() | 1, random.nextInt(FIRST_SEQ_BOUND));
    this.announcement =
        GskAnnouncement.prepare(
            group.talker().identity(),
            group.id(),
            group.talker().homeKms().kmsUri(),
            group.policy(),
            List.of(first),
            null,
            gmk,
            GroupSessionKey.generate(random),
            random);
    this.session =
        SrtpKeying.session(
            group.policy(),
            SrtpKeying.MKI_OCTETS,
            announcement.gsk(),
            first.csId(),
            announcement.csbId(),
            announcement.rand(),
            engine);
    this.context = SrtpContext.sender(session, first.ssrc(), first.nextIndex());
    this.control = SrtcpContext.sender(session, first.ssrc());
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
    return announcement.csbId();
  }

  int ssrc() {
    return first.ssrc();
  }

  long firstIndex() {
    return first.nextIndex();
  }

  Destination destination() {
    return destination;
  }

  SendTimes times() {
    return times;
  }

  /// The next message, which names the index only while no packet has been made.
  byte[] announce(NtpTimestamp now) throws KeysMissing {
    NtpTimestamp t = now.after(lastT);
    lastT = t;
    CryptoSession stream =
        sent == 0 ? first : new CryptoSession(first.csId(), first.ssrc(), false, 0, 0);
    return announcement.seal(t, List.of(stream), group.talker().signer(t), random);
  }

  /// Adds the next packet to the batch, in clear and with its context. Returns its number, which
  /// begins with 0.
  long add(PacketBatch batch, int payloadOctets) {
    long number = made++;
    int slot = batch.add(RtpPacket.FIXED_HEADER_OCTETS + payloadOctets);
    int at = batch.offset(slot);
    RtpPacket.writeHeader(
        batch.memory(),
        at,
        number == 0,
        PAYLOAD_TYPE,
        (int) (first.nextIndex() + number) & 0xffff,
        (int) (number * SPEECH_TICKS),
        first.ssrc());
    batch.memory().asSlice(at + RtpPacket.FIXED_HEADER_OCTETS, payloadOctets).fill((byte) number);
    batch.context(slot, context);
    return number;
  }

  /// Adds the BYE that ends the burst, in clear and with its context.
  void addBye(PacketBatch batch) {
    int slot = batch.add(BYE_OCTETS);
    int at = batch.offset(slot);
    batch
        .buffer()
        .putInt(at, EMPTY_REPORT)
        .putInt(at + 4, first.ssrc())
        .putInt(at + 8, BYE_OF_ONE)
        .putInt(at + 12, first.ssrc());
    batch.context(slot, control);
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
    session.close();
    announcement.close();
  }
}
