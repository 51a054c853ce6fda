package parley.bench.rig;

import java.security.SecureRandom;
import java.util.List;
import parley.gateway.keying.SrtpKeying;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.mikey.group.CryptoSession;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.GroupSessionKey;
import parley.mikey.group.GskAnnouncement;
import parley.mikey.group.MediaPolicy;
import parley.mikey.identity.Identity;
import parley.mikey.identity.NtpTimestamp;
import parley.srtp.CipherEngine;
import parley.srtp.SrtpSession;

/// One talker's burst of one stream: its SRTP session, and the announcements that give it to the
/// group. Announcements are sealed by one thread.
public final class KeyedBurst implements AutoCloseable {
  /// So that the sequence number does not wrap right away.
  private static final int FIRST_SEQ_BOUND = 4096;

  private final Member talker;
  private final SecureRandom random;
  private final CryptoSession stream;
  private final GskAnnouncement announcement;
  private final SrtpSession session;
  private NtpTimestamp lastT = new NtpTimestamp(Long.MIN_VALUE);

  /// @param gmk the group's, under which the talker announces
  public KeyedBurst(
      Member talker,
      Identity group,
      MediaPolicy policy,
      GroupMasterKey gmk,
      CipherEngine engine,
      SecureRandom random) {
    this.talker = talker;
    this.random = random;
    this.stream =
        CryptoSession.of(
            CryptoSession.FIRST_CS_ID, random.nextInt() | 1, random.nextInt(FIRST_SEQ_BOUND));
    this.announcement =
        GskAnnouncement.prepare(
            talker.identity(),
            group,
            talker.homeKms().kmsUri(),
            policy,
            List.of(stream),
            null,
            gmk,
            GroupSessionKey.generate(random),
            random);
    this.session =
        SrtpKeying.session(
            policy,
            SrtpKeying.MKI_OCTETS,
            announcement.gsk(),
            stream.csId(),
            announcement.csbId(),
            announcement.rand(),
            engine);
  }

  /// Its SSRC, and the index of its first packet.
  public CryptoSession stream() {
    return stream;
  }

  public SrtpSession session() {
    return session;
  }

  public int csbId() {
    return announcement.csbId();
  }

  /// The next message, which names the index of the first packet, or leaves it open once that was
  /// sent.
  public byte[] announce(NtpTimestamp now, boolean hasSpoken) throws KeysMissing {
    NtpTimestamp t = now.after(lastT);
    lastT = t;
    CryptoSession said =
        hasSpoken ? new CryptoSession(stream.csId(), stream.ssrc(), false, 0, 0) : stream;
    return announcement.seal(t, List.of(said), talker.signer(t), random);
  }

  @Override
  public void close() {
    session.close();
    announcement.close();
  }
}
