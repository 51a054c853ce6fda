package parley.gateway.ue;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.group.CryptoSession;
import parley.mikey.group.GskAnnouncement;
import parley.mikey.identity.NtpTimestamp;

/// Announces one burst's session key, each time with a later T and the index of the packet to come
/// (wire profile, section 3).
final class Announcer implements AutoCloseable {
  private final Member member;
  private final GskAnnouncement announcement;
  private final InstantSource clock;
  private final SecureRandom random;
  private NtpTimestamp lastT = new NtpTimestamp(Long.MIN_VALUE);
  private int count;

  /// Takes over `announcement` and closes it in the end.
  Announcer(Member member, GskAnnouncement announcement, InstantSource clock, SecureRandom random) {
    this.member = member;
    this.announcement = announcement;
    this.clock = clock;
    this.random = random;
  }

  /// The message for this moment, signed; some ten microseconds of work, the first time less.
  byte[] seal(RtpStream stream) throws CannotSpeak {
    return seal(List.of(announcement.sessions().getFirst().at(stream.nextIndex())));
  }

  /// The same with the streams as they stand, where that is not known of a packet of ours.
  byte[] seal(List<CryptoSession> now) throws CannotSpeak {
    NtpTimestamp t = NtpTimestamp.of(clock.instant()).after(lastT);
    byte[] message = announcement.seal(t, now, signer(t), random);
    lastT = t;
    count++;
    return message;
  }

  private EccsiSigner signer(NtpTimestamp t) throws CannotSpeak {
    try {
      return member.signer(t);
    } catch (KeysMissing e) {
      throw new CannotSpeak(e);
    }
  }

  int csbId() {
    return announcement.csbId();
  }

  int gskId() {
    return announcement.gsk().gskId();
  }

  /// How many messages were sealed.
  int count() {
    return count;
  }

  @Override
  public void close() {
    announcement.close();
  }
}
