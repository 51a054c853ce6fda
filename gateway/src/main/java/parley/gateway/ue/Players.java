package parley.gateway.ue;

import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import parley.gateway.media.Burst;
import parley.gateway.media.BurstEnd;
import parley.gateway.media.MediaPort;
import parley.gateway.media.MediaTap;
import parley.gateway.media.MediaTransport;
import parley.gateway.media.PortUnavailable;
import parley.gateway.media.Stream;
import parley.mikey.group.CryptoSession;
import parley.mikey.group.VerifiedAnnouncement;
import parley.srtp.PacketBatch;

/// The listener's other place in the media pipeline: hands each verified burst to a program that
/// decrypts and plays it.
///
/// A burst beyond the most that may play at a time is heard by nobody, and the ear is told.
/// Confined to the group's loop, except `close`.
final class Players implements MediaTap, AutoCloseable {
  private static final long END_SECONDS = 15;

  private final PlayerSettings settings;
  private final EventLoop loop;
  private final @Nullable MediaPort out;
  private final Ear ear;
  private final BridgedTwins twins = new BridgedTwins();
  private final Map<Burst, Player> playing = new HashMap<>();
  private final @Nullable Burst[] places;
  private final Map<Burst, CompletableFuture<Integer>> ending = new ConcurrentHashMap<>();

  private Players(PlayerSettings settings, EventLoop loop, @Nullable MediaPort out, Ear ear) {
    this.settings = settings;
    this.loop = loop;
    this.out = out;
    this.ear = ear;
    this.places = new @Nullable Burst[settings.most()];
  }

  static Players open(PlayerSettings settings, MediaTransport transport, EventLoop loop, Ear ear)
      throws PortUnavailable {
    MediaPort out = settings.forward() == null ? null : transport.sender(null, loop);
    return new Players(settings, loop, out, ear);
  }

  @Override
  public void burstStarted(Burst burst) {
    if (!twins.begins(burst.origin(), burst.talker())) {
      return;
    }
    int place = freePlace();
    if (place < 0) {
      ear.notPlayed(burst.speaker(), settings.most() + " players are busy; raise --max-players");
      return;
    }
    places[place] = burst;
    playing.put(
        burst,
        new Player(
            settings.command(),
            environment(burst.announcement(), place),
            burst.speaker(),
            loop,
            out,
            settings.target(place)));
  }

  private int freePlace() {
    for (int place = 0; place < places.length; place++) {
      if (places[place] == null) {
        return place;
      }
    }
    return -1;
  }

  /// The first stream of the signed map is the one that is played.
  private EngineEnvironment environment(VerifiedAnnouncement announcement, int place) {
    CryptoSession stream = announcement.sessions().getFirst();
    var target = settings.target(place);
    var terms =
        new EngineTerms(
            announcement.talker(),
            announcement.group(),
            announcement.csbId(),
            Objects.requireNonNull(announcement.policy()),
            stream,
            announcement.gskId(),
            target == null ? settings.listen().address() : target,
            target == null ? settings.listen().interfaceName() : null,
            settings.listen().ttl(),
            settings.payloadType());
    return EngineEnvironment.of(terms, announcement.gsk(), announcement.rand());
  }

  @Override
  public void announcement(Burst burst, byte[] octets, long receivedUnixNanos) {}

  @Override
  public void packet(
      Burst burst,
      Stream stream,
      PacketBatch sealed,
      PacketBatch plain,
      int slot,
      long receivedUnixNanos) {
    Player player = playing.get(burst);
    if (player != null && stream.ssrc() == burst.streams().getFirst().ssrc()) {
      player.pass(sealed, slot);
    }
  }

  /// Engines differ in what they do with reports on their media port; none needs them to play.
  @Override
  public void rtcp(
      Burst burst,
      Stream stream,
      PacketBatch sealed,
      PacketBatch plain,
      int slot,
      long receivedUnixNanos) {}

  @Override
  public void burstEnded(Burst burst, BurstEnd why) {
    Player player = playing.remove(burst);
    if (player == null) {
      return;
    }
    CompletableFuture<Integer> told =
        player.end().whenComplete((exitCode, failure) -> tell(player.speaker(), exitCode, failure));
    ending.put(burst, told);
    var _ =
        told.whenComplete((_, _) -> {
          ending.remove(burst);
          loop.execute(() -> release(burst));
        });
  }

  private void tell(String speaker, @Nullable Integer exitCode, @Nullable Throwable failure) {
    if (exitCode == null) {
      Throwable cause =
          failure == null || failure.getCause() == null ? failure : failure.getCause();
      ear.notPlayed(speaker, cause == null ? "it did not start" : "" + cause.getMessage());
    } else {
      ear.played(speaker, exitCode);
    }
  }

  /// Its port is free again only when the program has ended.
  private void release(Burst burst) {
    for (int place = 0; place < places.length; place++) {
      if (places[place] == burst) {
        places[place] = null;
      }
    }
  }

  /// Waits for the programs, which the end of the bursts has ended, and closes the socket.
  @Override
  public void close() {
    try {
      CompletableFuture.allOf(ending.values().toArray(CompletableFuture[]::new))
          .get(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException _) {
      // the ear was told of the failure, or will not be any more
    }
    if (out != null) {
      loop.execute(out::close);
    }
  }
}
