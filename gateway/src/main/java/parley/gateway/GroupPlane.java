package parley.gateway;

import io.netty.channel.EventLoop;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import parley.gateway.keying.GroupKeying;
import parley.gateway.keying.GroupKeyingSettings;
import parley.gateway.keying.GroupRoster;
import parley.gateway.keying.KeyingServices;
import parley.gateway.keying.MikeyInbox;
import parley.gateway.media.GroupCounters;
import parley.gateway.media.GroupMedia;
import parley.gateway.media.GroupMediaSettings;
import parley.gateway.media.MediaTap;
import parley.gateway.media.MediaTransport;
import parley.gateway.media.PortUnavailable;
import parley.mikey.group.AnnouncementGate;
import parley.mikey.group.AnnouncementVerifier;
import parley.mikey.group.GateRules;
import parley.mikey.group.ReplayCache;

/// One group as a member lives in it: its media and the keying that opens it, on one loop.
///
/// The gateway has a plane for every group. A listening UE is a plane too, without relay legs and
/// with a [parley.gateway.media.MediaTap] that plays.
public final class GroupPlane implements AutoCloseable {
  private final GroupMedia media;
  private final GroupKeying keying;

  private GroupPlane(GroupMedia media, GroupKeying keying) {
    this.media = media;
    this.keying = keying;
  }

  /// Joins media and keying of one group on `loop`; nothing is bound yet.
  public static GroupPlane of(
      GroupMediaSettings legs,
      GroupKeyingSettings rules,
      GroupRoster roster,
      MediaTransport transport,
      EventLoop loop,
      MediaTap tap,
      KeyingServices services) {
    GroupMedia media =
        new GroupMedia(
            legs, transport, loop, services.engine(), tap, new GroupCounters(), services.clock());
    AnnouncementGate gate =
        new AnnouncementGate(
            new GateRules(
                rules.group(),
                Set.copyOf(rules.policies()),
                rules.window(),
                rules.self(),
                services.clock().instant(),
                rules.mkiOptional()),
            services.member().gmkBook(),
            ReplayCache.of(ReplayCache.DEFAULT_PER_TALKER, rules.window()),
            services.clock());
    AnnouncementVerifier verifier = new AnnouncementVerifier(services.eccsi(), services.clock());
    return new GroupPlane(media, new GroupKeying(rules, media, gate, verifier, roster, services));
  }

  public GroupMedia media() {
    return media;
  }

  public GroupKeying keying() {
    return keying;
  }

  /// Carries every burst of this group into `destination`. Both share a loop; before `open`.
  void bridgeTo(GroupPlane destination) {
    keying.bridgeTo(destination.keying);
  }

  /// Binds the listening legs and lets packets in. Waits for the loop; not to be called on it.
  public void open(MikeyInbox inbox) throws PortUnavailable {
    inbox.add(keying);
    onLoop(() -> {
      media.open(inbox, keying);
      keying.start();
      return null;
    });
  }

  /// Ends every burst and closes the ports. Waits for the loop; not to be called on it.
  @Override
  public void close() {
    try {
      onLoop(() -> {
        keying.close();
        media.close();
        return null;
      });
    } catch (PortUnavailable e) {
      throw new IllegalStateException(e);
    }
  }

  private void onLoop(Callable<Object> work) throws PortUnavailable {
    try {
      media.loop().submit(work).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the loop worked", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case PortUnavailable p -> throw p;
        case RuntimeException r -> throw r;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    }
  }
}
