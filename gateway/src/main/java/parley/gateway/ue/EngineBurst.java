package parley.gateway.ue;

import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import parley.gateway.keying.SrtpKeying;
import parley.gateway.media.Leg;
import parley.gateway.media.MediaPort;
import parley.gateway.media.MediaTransport;
import parley.gateway.media.PortUnavailable;
import parley.keys.member.Member;
import parley.mikey.group.CryptoSession;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.GroupSessionKey;
import parley.mikey.group.GskAnnouncement;
import parley.mikey.identity.NtpTimestamp;
import parley.mikey.secret.SecretBytes;
import parley.srtp.CipherEngine;
import parley.srtp.SrtpSession;

/// A burst whose packets a media engine of another process sends: announced and repeated here, and
/// ended here.
///
/// The map has two crypto sessions. The first is the engine's, with a key that only the engine
/// uses. The second is ours, and says BYE when the engine has ended: its CS ID gives it a key of
/// its own, so no SRTCP index of the engine can be used twice (RFC 3711, 9.1).
///
/// The engine's packets are not seen here. The first announcement may state the sequence number
/// that the engine was told; every repeat leaves it open, and receivers take it from the packets.
public final class EngineBurst implements AutoCloseable {
  /// So that more than 60,000 packets pass before the sequence number wraps.
  private static final int FIRST_SEQ_BOUND = 4096;

  private final EngineBurstSettings settings;
  private final Announcer announcer;
  private final List<CryptoSession> first;
  private final List<CryptoSession> later;
  private final OutgoingStream control;
  private final MediaPort port;
  private final EventLoop loop;
  private final InstantSource clock;
  private final EngineEnvironment environment;
  private final CompletableFuture<Void> announced = new CompletableFuture<>();
  private final CompletableFuture<EngineReport> report = new CompletableFuture<>();
  private long startedNanos;
  private volatile Consumer<byte[]> carrier = _ -> {};

  private EngineBurst(
      EngineBurstSettings settings,
      Announcer announcer,
      List<CryptoSession> first,
      OutgoingStream control,
      MediaPort port,
      EventLoop loop,
      InstantSource clock,
      EngineEnvironment environment) {
    this.settings = settings;
    this.announcer = announcer;
    this.first = first;
    this.later = first.stream().map(EngineBurst::somewhere).toList();
    this.control = control;
    this.port = port;
    this.loop = loop;
    this.clock = clock;
    this.environment = environment;
  }

  /// Draws the keys of one burst and opens the socket; nothing is announced yet. `member` stays the
  /// caller's and outlives the burst.
  public static EngineBurst open(
      Member member,
      EngineBurstSettings settings,
      MediaTransport transport,
      CipherEngine engine,
      InstantSource clock,
      SecureRandom random)
      throws PortUnavailable, CannotSpeak {
    List<CryptoSession> map = map(settings, random);
    GroupSessionKey gsk = settings.withMki() ? GroupSessionKey.generate(random) : withoutId(random);
    GskAnnouncement announcement =
        GskAnnouncement.prepare(
            member.identity(),
            settings.group(),
            member.homeKms().kmsUri(),
            settings.policy(),
            map,
            null,
            sendingGmk(member, settings),
            gsk,
            random);
    try {
      EventLoop loop = transport.nextLoop();
      MediaPort port = transport.sender(settings.to().isMulticast() ? settings.to() : null, loop);
      return new EngineBurst(
          settings,
          new Announcer(member, announcement, clock, random),
          map,
          control(member, settings, announcement, engine, port),
          port,
          loop,
          clock,
          environment(member, settings, announcement));
    } catch (PortUnavailable e) {
      announcement.close();
      throw e;
    }
  }

  private static List<CryptoSession> map(EngineBurstSettings settings, SecureRandom random) {
    int ssrc = settings.ssrc() == null ? otherThan(0, random) : settings.ssrc();
    int seq = settings.firstSeq() == null ? random.nextInt(FIRST_SEQ_BOUND) : settings.firstSeq();
    int csId = CryptoSession.FIRST_CS_ID;
    return List.of(
        new CryptoSession(csId, ssrc, settings.knowsSeq(), 0, settings.knowsSeq() ? seq : 0),
        CryptoSession.of(csId + 1, otherThan(ssrc, random), 0));
  }

  private static int otherThan(int taken, SecureRandom random) {
    int ssrc = random.nextInt();
    return ssrc == 0 || ssrc == taken ? otherThan(taken, random) : ssrc;
  }

  private static GroupSessionKey withoutId(SecureRandom random) {
    return GroupSessionKey.of(
        GroupSessionKey.NO_ID,
        SecretBytes.random(GroupSessionKey.KEY_OCTETS, random, "GSK without id"));
  }

  private static GroupMasterKey sendingGmk(Member member, EngineBurstSettings settings)
      throws CannotSpeak {
    return member
        .sendingGmk(settings.group())
        .orElseThrow(() -> CannotSpeak.withoutGmk(settings.group()));
  }

  private static OutgoingStream control(
      Member member,
      EngineBurstSettings settings,
      GskAnnouncement announcement,
      CipherEngine engine,
      MediaPort port) {
    CryptoSession ours = announcement.sessions().getLast();
    SrtpSession session =
        SrtpKeying.session(
            settings.policy(),
            settings.withMki() ? SrtpKeying.MKI_OCTETS : 0,
            announcement.gsk(),
            ours.csId(),
            announcement.csbId(),
            announcement.rand(),
            engine);
    Leg to = settings.to();
    return new OutgoingStream(
        new RtpStream(ours.ssrc(), 0, 0, 0),
        0,
        new SenderReport(member.identity().uri()),
        session,
        engine,
        port,
        to);
  }

  private static EngineEnvironment environment(
      Member member, EngineBurstSettings settings, GskAnnouncement announcement) {
    var terms =
        new EngineTerms(
            member.identity(),
            settings.group(),
            announcement.csbId(),
            settings.policy(),
            announcement.sessions().getFirst(),
            announcement.gsk().gskId(),
            settings.to().address(),
            settings.to().interfaceName(),
            settings.to().ttl(),
            settings.payloadType());
    return EngineEnvironment.of(terms, announcement.gsk(), announcement.rand());
  }

  private static CryptoSession somewhere(CryptoSession cs) {
    return new CryptoSession(cs.csId(), cs.ssrc(), false, 0, 0);
  }

  /// What the engine is to be given, once.
  public EngineEnvironment environment() {
    return environment;
  }

  public int csbId() {
    return announcer.csbId();
  }

  /// Whoever carries announcements another way gets each one as it is sent, on the loop; he must
  /// not keep it waiting. To be said before `announce`.
  public void alsoBy(Consumer<byte[]> other) {
    carrier = other;
  }

  /// Announces now and by the schedule from then on; completes when the first message is sent, or
  /// with what kept it from being made.
  public CompletableFuture<Void> announce() {
    loop.execute(() -> {
      startedNanos = System.nanoTime();
      step();
    });
    return announced;
  }

  /// Completes when the burst has ended, or with what kept it from going on.
  public CompletableFuture<EngineReport> report() {
    return report;
  }

  private void step() {
    if (report.isDone()) {
      return;
    }
    try {
      send(announcer.seal(announcer.count() == 0 ? first : later));
      announced.complete(null);
      long elapsed = System.nanoTime() - startedNanos;
      long wait = AnnouncementSchedule.next(elapsed) - elapsed;
      var _ = loop.schedule(this::step, wait, TimeUnit.NANOSECONDS);
    } catch (CannotSpeak | RuntimeException e) {
      closeStreams();
      announced.completeExceptionally(e);
      report.completeExceptionally(e);
    }
  }

  private void send(byte[] announcement) {
    port.send(ByteBuffer.wrap(announcement), settings.announceTo());
    port.flush();
    carrier.accept(announcement);
  }

  /// Says BYE and announces no more. The engine must have ended.
  public CompletableFuture<EngineReport> end() {
    loop.execute(this::endNow);
    return report;
  }

  private void endNow() {
    if (report.isDone()) {
      return;
    }
    if (announcer.count() > 0) {
      control.bye(NtpTimestamp.of(clock.instant()));
    }
    closeStreams();
    report.complete(
        new EngineReport(announcer.csbId(), first.getFirst().ssrc(), announcer.count()));
  }

  private void closeStreams() {
    control.close();
    announcer.close();
  }

  /// Ends the burst and closes the socket. Waits for the loop, which would drop a BYE that is still
  /// to be sent when it ends; not to be called on it.
  @Override
  public void close() {
    var _ =
        loop.submit(
                () -> {
                  endNow();
                  port.close();
                })
            .awaitUninterruptibly();
  }
}
