package parley.gateway.ue;

import io.netty.channel.EventLoop;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import parley.gateway.keying.SrtpKeying;
import parley.gateway.media.MediaPort;
import parley.gateway.media.MediaTransport;
import parley.gateway.media.PortUnavailable;
import parley.keys.member.Member;
import parley.mikey.group.CryptoSession;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.GroupSessionKey;
import parley.mikey.group.GskAnnouncement;
import parley.srtp.CipherEngine;
import parley.srtp.SrtpSession;

/// A member's voice in one group. Each [#talk] is a burst of its own: a fresh session key, a fresh
/// SSRC, a random first sequence number, announced and signed; nothing of it is ever resumed.
public final class Talker implements AutoCloseable {
  private final Member member;
  private final TalkerSettings settings;
  private final CipherEngine engine;
  private final InstantSource clock;
  private final SecureRandom random;
  private final EventLoop loop;
  private final MediaPort port;

  private Talker(
      Member member,
      TalkerSettings settings,
      CipherEngine engine,
      InstantSource clock,
      SecureRandom random,
      EventLoop loop,
      MediaPort port) {
    this.member = member;
    this.settings = settings;
    this.engine = engine;
    this.clock = clock;
    this.random = random;
    this.loop = loop;
    this.port = port;
  }

  /// Opens the socket; `member` stays the caller's and outlives the talker.
  public static Talker open(
      Member member,
      TalkerSettings settings,
      MediaTransport transport,
      CipherEngine engine,
      InstantSource clock,
      SecureRandom random)
      throws PortUnavailable {
    EventLoop loop = transport.nextLoop();
    MediaPort port = transport.sender(settings.to().sendsByItself() ? settings.to() : null, loop);
    return new Talker(member, settings, engine, clock, random, loop, port);
  }

  /// Begins to speak and returns at once.
  public TalkBurst talk(Speech speech) throws CannotSpeak {
    return talk(speech, random.nextInt(1 << 16));
  }

  /// Begins at a given ROC || SEQ, which only tests have a reason for.
  TalkBurst talk(Speech speech, long firstIndex) throws CannotSpeak {
    var rtp = new RtpStream(randomSsrc(), speech.payloadType(), firstIndex, random.nextInt());
    GskAnnouncement announcement = announcement(rtp);
    var report = new SenderReport(member.identity().uri());
    var stream =
        new OutgoingStream(
            rtp, firstIndex, report, session(announcement), engine, port, settings.to());
    var announcer = new Announcer(member, announcement, clock, random);
    var burst = new TalkBurst(speech, settings.speed(), announcer, stream, loop, clock);
    burst.start();
    return burst;
  }

  private GskAnnouncement announcement(RtpStream rtp) throws CannotSpeak {
    var first = CryptoSession.of(CryptoSession.FIRST_CS_ID, rtp.ssrc(), rtp.nextIndex());
    return GskAnnouncement.prepare(
        member.identity(),
        settings.group(),
        member.homeKms().kmsUri(),
        settings.policy(),
        List.of(first),
        null,
        currentGmk(),
        GroupSessionKey.generate(random),
        random);
  }

  private GroupMasterKey currentGmk() throws CannotSpeak {
    return member
        .sendingGmk(settings.group())
        .orElseThrow(() -> CannotSpeak.withoutGmk(settings.group()));
  }

  private SrtpSession session(GskAnnouncement announcement) {
    return SrtpKeying.session(
        settings.policy(),
        SrtpKeying.MKI_OCTETS,
        announcement.gsk(),
        CryptoSession.FIRST_CS_ID,
        announcement.csbId(),
        announcement.rand(),
        engine);
  }

  private int randomSsrc() {
    int ssrc = random.nextInt();
    return ssrc == 0 ? randomSsrc() : ssrc;
  }

  @Override
  public void close() {
    port.close();
  }
}
