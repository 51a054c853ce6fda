package parley.gateway.ue;

import io.netty.channel.EventLoop;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.media.MediaPort;
import parley.gateway.media.MediaTransport;
import parley.gateway.media.PortUnavailable;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.identity.NtpTimestamp;
import parley.srtp.CipherEngine;

/// A member's voice in one group. Each [#talk] is a burst of its own: a fresh session key, a fresh
/// SSRC, a random first sequence number, announced and signed; nothing of it is ever resumed.
///
/// The next burst is made before it is wanted ([BurstsAhead]): who presses to talk waits for T, the
/// MAC and half a signature, and announcement and first packet leave together.
public final class Talker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Talker.class);

  private final Member member;
  private final TalkerSettings settings;
  private final CipherEngine engine;
  private final InstantSource clock;
  private final SecureRandom random;
  private final EventLoop loop;
  private final MediaPort port;
  private final BurstSupply supply;

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
    this.supply =
        new BurstSupply(
            settings.ahead(), () -> member.sendingGmk(settings.group()), this::prepare, clock);
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
    var talker = new Talker(member, settings, engine, clock, random, loop, port);
    talker.supply.start();
    return talker;
  }

  /// Begins to speak and returns at once.
  public TalkBurst talk(Speech speech) throws CannotSpeak {
    PreparedBurst prepared = supply.take(currentGmk());
    return talk(speech, prepared, prepared.firstIndex());
  }

  /// Begins at a given ROC || SEQ, which only tests have a reason for.
  TalkBurst talk(Speech speech, long firstIndex) throws CannotSpeak {
    return talk(speech, supply.take(currentGmk()), firstIndex);
  }

  private TalkBurst talk(Speech speech, PreparedBurst prepared, long firstIndex) {
    var rtp = new RtpStream(prepared.ssrc(), speech.payloadType(), firstIndex, random.nextInt());
    var stream =
        new OutgoingStream(
            rtp,
            firstIndex,
            new SenderReport(member.identity().uri()),
            prepared.session(),
            engine,
            port,
            settings.to());
    var announcer = new Announcer(member, prepared.announcement(), clock, random);
    var burst = new TalkBurst(speech, settings.speed(), announcer, stream, loop, clock);
    burst.start();
    return burst;
  }

  private PreparedBurst prepare(GroupMasterKey gmk) {
    checkSigningKey();
    return PreparedBurst.make(member, settings, gmk, engine, clock.instant(), random);
  }

  /// A member verifies its signing key before the first use in a period; better now than when
  /// somebody waits. Where there is none, the announcement will say so.
  private void checkSigningKey() {
    try {
      var _ = member.signer(NtpTimestamp.of(clock.instant()));
    } catch (KeysMissing e) {
      LOG.debug("no announcement can be signed now: {}", e.getMessage());
    }
  }

  private GroupMasterKey currentGmk() throws CannotSpeak {
    return member
        .sendingGmk(settings.group())
        .orElseThrow(() -> CannotSpeak.withoutGmk(settings.group()));
  }

  /// The SSRCs of the bursts that are ready.
  List<Integer> ssrcsAhead() {
    return supply.ssrcs();
  }

  /// Closes the socket and zeroes what was made ahead; waits for what is being made.
  @Override
  public void close() {
    supply.close();
    port.close();
  }
}
