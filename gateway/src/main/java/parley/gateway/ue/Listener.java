package parley.gateway.ue;

import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import parley.gateway.GroupPlane;
import parley.gateway.keying.Duty;
import parley.gateway.keying.GmkInbox;
import parley.gateway.keying.GroupKeyingSettings;
import parley.gateway.keying.GroupRoster;
import parley.gateway.keying.GroupTicks;
import parley.gateway.keying.GskWrapping;
import parley.gateway.keying.KeyingCounters;
import parley.gateway.keying.KeyingServices;
import parley.gateway.keying.LowestUriCoordinator;
import parley.gateway.keying.MikeyInbox;
import parley.gateway.keying.MikeyPort;
import parley.gateway.keying.PoolBounds;
import parley.gateway.keying.PortMouth;
import parley.gateway.keying.Registrar;
import parley.gateway.keying.Rehearsal;
import parley.gateway.keying.VerifyPool;
import parley.gateway.media.GroupCounters;
import parley.gateway.media.GroupMediaSettings;
import parley.gateway.media.Leg;
import parley.gateway.media.MediaLimits;
import parley.gateway.media.MediaTap;
import parley.gateway.media.MediaTransport;
import parley.gateway.media.PortUnavailable;
import parley.keys.manager.MemberList;
import parley.keys.member.GmkAcceptance;
import parley.keys.member.GroupMembership;
import parley.keys.member.Member;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.group.UnverifiedAnnouncement;
import parley.mikey.message.MalformedMessage;
import parley.mikey.message.Octets;
import parley.srtp.CipherEngine;

/// A member's ears in one group: a [GroupPlane] that relays to nobody, and a tap that keeps what it
/// hears. The rules for what is believed are the gateway's own.
///
/// Group master keys that arrive on the same address are taken as well.
public final class Listener implements AutoCloseable {
  private static final int KNOWN_SIGNERS = 256;
  private static final int MOST_TALKERS = 16;
  private static final PoolBounds WAITING = new PoolBounds(32, 128, 128);

  /// Whom announcements are charged to that came by no socket.
  private static final InetSocketAddress OURSELVES =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final InstantSource clock;
  private final GroupPlane plane;
  private final VerifyPool pool;
  private final GmkInbox gmks;

  private final @Nullable Players players;
  private final @Nullable Joiner joiner;
  private final MikeyInbox inbox;
  private @Nullable MikeyPort port;
  private @Nullable Registrar registrar;

  private Listener(
      InstantSource clock,
      GroupPlane plane,
      VerifyPool pool,
      GmkInbox gmks,
      @Nullable Players players,
      @Nullable Joiner joiner,
      MikeyInbox inbox) {
    this.clock = clock;
    this.inbox = inbox;
    this.joiner = joiner;
    this.plane = plane;
    this.pool = pool;
    this.gmks = gmks;
    this.players = players;
  }

  /// Binds the sockets and listens; `member` and `transport` stay the caller's and outlive the
  /// listener.
  public static Listener open(
      Member member,
      ListenerSettings settings,
      MediaTransport transport,
      CipherEngine engine,
      InstantSource clock,
      SecureRandom random,
      Ear ear)
      throws PortUnavailable {
    var _ =
        new Rehearsal(member, engine, clock, random)
            .play(settings.group(), settings.policies().getFirst());
    VerifyPool pool = new VerifyPool("parley-listen", 1, WAITING);
    var services =
        new KeyingServices(
            member,
            pool,
            new EccsiVerifier(KNOWN_SIGNERS),
            engine,
            new LowestUriCoordinator(member.identity()),
            GskWrapping.none(),
            new Duty(),
            new GroupTicks(),
            random,
            clock);
    EventLoop loop = transport.nextLoop();
    PlayerSettings played = settings.players();
    Players players = played == null ? null : Players.open(played, transport, loop, ear);
    MediaTap hearing = new Hearing(member.identity(), ear);
    GroupPlane plane =
        GroupPlane.of(
            new GroupMediaSettings(
                settings.group(), settings.listen(), List.of(), MediaLimits.defaults()),
            rules(member, settings),
            roster(settings.members()),
            transport,
            loop,
            players == null ? hearing : MediaTap.of(hearing, players),
            services);
    var socket = new PlaneSocket(plane, ear);
    InetSocketAddress gateway = settings.join();
    Joiner joiner = gateway == null ? null : new Joiner(member, gateway, socket, clock, random);
    var gmks = new GmkInbox(member, acceptance -> ear.keys(told(acceptance)));
    var inbox = new MikeyInbox(gmks);
    var listener = new Listener(clock, plane, pool, gmks, players, joiner, inbox);
    try {
      listener.begin();
      listener.hearKeys(member, settings, transport, random, ear);
      return listener;
    } catch (PortUnavailable e) {
      listener.close();
      throw e;
    }
  }

  private void begin() throws PortUnavailable {
    plane.open(inbox);
    if (joiner != null) {
      inbox.answersTo(joiner::answer);
      plane.media().loop().execute(joiner::start);
    }
  }

  /// On a port of its own, where the settings ask for one or name a manager to be told of it.
  private void hearKeys(
      Member member,
      ListenerSettings settings,
      MediaTransport transport,
      SecureRandom random,
      Ear ear)
      throws PortUnavailable {
    InetSocketAddress manager = settings.manager();
    InetSocketAddress wanted = settings.mikey();
    if (wanted == null && manager == null) {
      return;
    }
    MikeyPort bound =
        MikeyPort.open(transport, wanted == null ? new InetSocketAddress(0) : wanted, inbox);
    port = bound;
    if (manager != null) {
      var mouth = new PortMouth(bound, ear::keys);
      GroupMembership group = membership(member, settings);
      Registrar teller = new Registrar(member, group, manager, mouth, clock, random);
      registrar = teller;
      inbox.registrationsOf(group.group(), teller::answer);
      teller.start();
    }
  }

  /// Where keys are heard besides the media's own port; null for nowhere.
  public @Nullable InetSocketAddress mikeyAddress() {
    return port == null ? null : port.local();
  }

  /// Of a group that it does not belong to yet, a member knows that its own identity signs.
  private static GroupMembership membership(Member member, ListenerSettings settings) {
    GroupMembership known = member.memberships().get(settings.group());
    return known == null ? GroupMembership.of(settings.group(), member.homeKms().kmsUri()) : known;
  }

  private static String told(GmkAcceptance acceptance) {
    return switch (acceptance) {
      case GmkAcceptance.Accepted a when a.gmk().isRevoked() -> a.gmk().group() + " is dissolved";
      case GmkAcceptance.Accepted a -> "got a GMK of " + a.gmk().group();
      case GmkAcceptance.Invited i ->
          "%s invites to its group; 'parley group accept' says yes"
              .formatted(i.invitation().creator());
      case GmkAcceptance.Repeated _ -> "got a GMK again";
      case GmkAcceptance.Refused r -> "a GMK message was refused: " + r.detail();
    };
  }

  private static GroupKeyingSettings rules(Member member, ListenerSettings settings) {
    return new GroupKeyingSettings(
        member.identity(),
        settings.group(),
        settings.policies(),
        GroupKeyingSettings.DEFAULT_WINDOW,
        GroupKeyingSettings.DEFAULT_GRACE,
        MOST_TALKERS,
        settings.listen().stream().anyMatch(Leg::mkiOptional));
  }

  private static GroupRoster roster(@Nullable MemberList members) {
    return members == null ? GroupRoster.withoutList() : GroupRoster.of(members);
  }

  /// Takes announcements that came by no socket, in addition to those that do, and that may be
  /// older than this listener: whoever hands them over says that they run. Every other check is the
  /// same; what is refused is counted and logged.
  ///
  /// @throws MalformedMessage when one of them is no announcement; none is taken then
  public void take(List<byte[]> announcements) throws MalformedMessage {
    List<Octets> keys = new ArrayList<>();
    for (byte[] announcement : announcements) {
      keys.add(UnverifiedAnnouncement.read(announcement).shortKey());
    }
    Instant now = clock.instant();
    long unixNanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    plane
        .media()
        .loop()
        .execute(() -> {
          plane.keying().vouch(keys);
          announcements.forEach(octets -> plane.keying().receive(OURSELVES, octets, unixNanos));
        });
  }

  /// What came in and what was dropped, by reason.
  public GroupCounters media() {
    return plane.media().counters();
  }

  /// Announcements accepted, and refused by reason.
  public KeyingCounters keying() {
    return plane.keying().counters();
  }

  /// Leaves the relay that was joined, ends every burst, so each [Ear] hears of its end, waits for
  /// the players, and closes the sockets.
  @Override
  public void close() {
    if (joiner != null) {
      joiner.leave();
    }
    if (registrar != null) {
      registrar.close();
    }
    if (port != null) {
      port.close();
    }
    plane.close();
    if (players != null) {
      players.close();
    }
    pool.close();
    gmks.close();
  }
}
