package parley.gateway.ue;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import parley.gateway.keying.SrtpKeying;
import parley.keys.member.Member;
import parley.mikey.group.CryptoSession;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.GroupSessionKey;
import parley.mikey.group.GskAnnouncement;
import parley.srtp.CipherEngine;
import parley.srtp.SrtpSession;

/// Everything of one burst that is known before somebody speaks (wire profile, section 3): GSK, CSB
/// ID, RAND, SSRC, the first index, the announcement but for T, MAC and signature, half of that
/// signature, and the SRTP keys.
///
/// For one burst: who takes it hands announcement and session on to those who close them. Held in
/// memory alone. Made on any thread, used on the loop it is given to.
final class PreparedBurst implements AutoCloseable {
  private static final int FIRST_SEQ_BOUND = 1 << 16;

  private final GroupMasterKey gmk;
  private final Instant made;
  private final GskAnnouncement announcement;
  private final SrtpSession session;

  private PreparedBurst(
      GroupMasterKey gmk, Instant made, GskAnnouncement announcement, SrtpSession session) {
    this.gmk = gmk;
    this.made = made;
    this.announcement = announcement;
    this.session = session;
  }

  /// Draws and derives all of it, under `gmk`; a fraction of a millisecond.
  static PreparedBurst make(
      Member member,
      TalkerSettings settings,
      GroupMasterKey gmk,
      CipherEngine engine,
      Instant now,
      SecureRandom random) {
    long firstIndex = random.nextInt(FIRST_SEQ_BOUND);
    GskAnnouncement announcement =
        GskAnnouncement.prepare(
            member.identity(),
            settings.group(),
            member.homeKms().kmsUri(),
            settings.policy(),
            List.of(CryptoSession.of(CryptoSession.FIRST_CS_ID, randomSsrc(random), firstIndex)),
            null,
            gmk,
            GroupSessionKey.generate(random),
            random);
    announcement.drawNonceAhead(random);
    return new PreparedBurst(gmk, now, announcement, session(settings, announcement, engine));
  }

  private static int randomSsrc(SecureRandom random) {
    int ssrc = random.nextInt();
    return ssrc == 0 ? randomSsrc(random) : ssrc;
  }

  private static SrtpSession session(
      TalkerSettings settings, GskAnnouncement announcement, CipherEngine engine) {
    return SrtpKeying.session(
        settings.policy(),
        SrtpKeying.MKI_OCTETS,
        announcement.gsk(),
        CryptoSession.FIRST_CS_ID,
        announcement.csbId(),
        announcement.rand(),
        engine);
  }

  /// Whether it is of no use to who sends under `sending` now: it is under another GMK, or has
  /// waited longer than `ahead` lets it. A clock that was set back makes it worthless too, as its
  /// age is not known.
  boolean isWorthless(GroupMasterKey sending, Instant now, BurstsAhead ahead) {
    return gmk != sending || now.isBefore(made) || now.isAfter(made.plus(ahead.atMost()));
  }

  GskAnnouncement announcement() {
    return announcement;
  }

  SrtpSession session() {
    return session;
  }

  int ssrc() {
    return announcement.sessions().getFirst().ssrc();
  }

  /// ROC || SEQ of the first packet.
  long firstIndex() {
    return announcement.sessions().getFirst().nextIndex();
  }

  /// Only for one that was never used: zeroes its secrets.
  @Override
  public void close() {
    announcement.close();
    session.close();
  }
}
