package parley.gateway.keying;

import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import parley.gateway.GroupPlane;
import parley.gateway.lab.Lab;
import parley.gateway.lab.LabEar;
import parley.gateway.lab.LabMember;
import parley.gateway.lab.LabTalker;
import parley.gateway.media.GroupMediaSettings;
import parley.gateway.media.Leg;
import parley.gateway.media.MediaLimits;
import parley.gateway.media.MediaTap;
import parley.gateway.media.MediaTransport;
import parley.gateway.media.NettyTransport;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.group.MediaPolicy;
import parley.mikey.identity.Identity;
import parley.srtp.CipherEngine;
import parley.srtp.CipherEngines;

/// A gateway's planes on one loop, with a bare receiver behind the relay leg of each.
///
/// Announcements may come by `receive`, which returns when loop, pool and loop have done with them,
/// so that no test has to wait for time. Packets come over real sockets.
final class PlaneRig implements AutoCloseable {
  static final InetSocketAddress SOMEWHERE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000);

  static final Leg LISTEN = Leg.unicast(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

  final Lab lab;
  final LabMember gateway;
  final MediaTransport transport = NettyTransport.select("auto", 1);
  final EventLoop loop = transport.nextLoop();
  final VerifyPool pool = new VerifyPool("rig", 1, PoolBounds.bySource(64, 256));
  final Duty duty = new Duty();
  final KeyingServices services;
  final MikeyInbox inbox;
  private final GmkInbox gmks;

  PlaneRig(Lab lab, LabMember gateway) {
    this(lab, gateway, CipherEngines.jce(), new LowestUriCoordinator(gateway.identity()));
  }

  PlaneRig(Lab lab, LabMember gateway, CipherEngine engine, BridgeCoordinator coordinator) {
    this.lab = lab;
    this.gateway = gateway;
    services =
        new KeyingServices(
            gateway.member(),
            pool,
            new EccsiVerifier(64),
            engine,
            coordinator,
            GskWrapping.none(),
            duty,
            new GroupTicks(),
            lab.random(),
            lab.clock());
    gmks = new GmkInbox(gateway.member());
    inbox = new MikeyInbox(gmks);
  }

  /// One group with a listening leg on a free port of loopback and one receiver.
  final class Group implements AutoCloseable {
    final GroupPlane plane;
    final LabEar ear = new LabEar();
    final LabEar mouth = new LabEar();
    private @Nullable InetSocketAddress address;

    Group(String group, GroupRoster roster, List<MediaPolicy> policies, MediaTap tap, int talkers)
        throws Exception {
      this(group, roster, policies, tap, talkers, LISTEN);
    }

    Group(
        String group,
        GroupRoster roster,
        List<MediaPolicy> policies,
        MediaTap tap,
        int talkers,
        Leg listen)
        throws Exception {
      this(group, roster, policies, tap, talkers, listen, null);
    }

    Group(
        String group,
        GroupRoster roster,
        List<MediaPolicy> policies,
        MediaTap tap,
        int talkers,
        Leg listen,
        @Nullable JoinSettings joins)
        throws Exception {
      plane =
          GroupPlane.of(
              new GroupMediaSettings(
                  new Identity(group),
                  List.of(listen),
                  List.of(Leg.unicast(ear.address())),
                  MediaLimits.defaults()),
              new GroupKeyingSettings(
                  gateway.identity(),
                  new Identity(group),
                  policies,
                  GroupKeyingSettings.DEFAULT_WINDOW,
                  GroupKeyingSettings.DEFAULT_GRACE,
                  talkers,
                  listen.mkiOptional(),
                  joins),
              roster,
              transport,
              loop,
              tap,
              services);
    }

    Group open() throws Exception {
      plane.open(inbox);
      address = onLoop(() -> plane.media().addresses().getFirst());
      return this;
    }

    InetSocketAddress address() {
      return Objects.requireNonNull(address, "not open");
    }

    GroupKeying keying() {
      return plane.keying();
    }

    /// Gives the octets to the group's keying and waits until they are dealt with.
    void receive(byte[] octets) throws Exception {
      receive(octets, SOMEWHERE);
    }

    void receive(byte[] octets, InetSocketAddress source) throws Exception {
      onLoop(() -> {
        keying().receive(source, octets, 0);
        return null;
      });
      settle();
    }

    /// Sends over the socket, from one and the same sender.
    void send(byte[] octets) throws Exception {
      if (address == null) {
        throw new IllegalStateException("not open");
      }
      mouth.send(octets, address);
    }

    /// A burst that the gateway knows; its announcement has reached the receiver.
    void start(LabTalker talker) throws Exception {
      byte[] announcement = talker.announce();
      receive(announcement);
      org.assertj.core.api.Assertions.assertThat(ear.hear()).isEqualTo(announcement);
    }

    @Override
    public void close() {
      plane.close();
      ear.close();
      mouth.close();
    }
  }

  Group group(String group) throws Exception {
    return group(group, GroupRoster.withoutList(), MediaTap.none());
  }

  Group group(String group, GroupRoster roster, MediaTap tap) throws Exception {
    return new Group(group, roster, List.of(LabTalker.GCM), tap, 8);
  }

  /// Waits until everything that was queued has gone through pool and loop.
  void settle() throws Exception {
    boolean isEmpty;
    do {
      isEmpty = pool.depth() == 0; // then the one worker has at most its last job in hand
      CountDownLatch done = new CountDownLatch(1);
      if (!pool.submit(this, this, () -> loop.execute(done::countDown))) {
        throw new IllegalStateException("the pool is full");
      }
      if (!done.await(20, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the pool does not get done");
      }
    } while (!isEmpty);
  }

  <T> T onLoop(Callable<T> work) throws Exception {
    return loop.submit(work).get(20, TimeUnit.SECONDS);
  }

  void tick(Group group) throws Exception {
    onLoop(() -> {
      group.keying().tick();
      return null;
    });
  }

  @Override
  public void close() {
    pool.close();
    gmks.close();
    transport.close();
  }
}
