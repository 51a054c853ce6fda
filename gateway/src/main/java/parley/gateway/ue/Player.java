package parley.gateway.ue;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import parley.gateway.media.MediaPort;
import parley.srtp.PacketBatch;

/// One burst in the hands of another program: its process, and the packets that are passed on to
/// it, sealed as they came.
///
/// Packets wait until the program has opened its port, at most 5 s and 1000 packets; they then go
/// in order. What is passed on was authenticated and belongs to this burst. Confined to the group's
/// loop; the process is started and ended beside it.
final class Player {
  private static final int MOST_WAITING = 1000;
  private static final Duration OPENS_WITHIN = Duration.ofSeconds(5);

  private final String speaker;
  private final EventLoop loop;
  private final @Nullable MediaPort out;
  private final @Nullable InetSocketAddress target;
  private final Queue<byte[]> waiting = new ArrayDeque<>();
  private final CompletableFuture<EngineProcess> process;
  private boolean open;

  /// Starts the program; `out` stays the caller's and is null where nothing is passed on.
  Player(
      String command,
      EngineEnvironment environment,
      String speaker,
      EventLoop loop,
      @Nullable MediaPort out,
      @Nullable InetSocketAddress target) {
    this.speaker = speaker;
    this.loop = loop;
    this.out = out;
    this.target = target;
    this.process = CompletableFuture.supplyAsync(() -> start(command, environment), Player::aside);
  }

  private static void aside(Runnable work) {
    Thread.ofPlatform().name("parley-player").daemon().start(work);
  }

  private EngineProcess start(String command, EngineEnvironment environment) {
    try {
      var started = EngineProcess.start(List.of("/bin/sh", "-c", command), environment.take());
      InetSocketAddress to = target;
      if (to != null) {
        aside(() -> awaitPort(to));
      }
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitPort(InetSocketAddress to) {
    try {
      var _ = LocalPorts.awaitOpen(to, OPENS_WITHIN);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    loop.execute(this::release);
  }

  private void release() {
    open = true;
    for (byte[] packet = waiting.poll(); packet != null; packet = waiting.poll()) {
      if (out != null && target != null) {
        out.send(ByteBuffer.wrap(packet), target);
      }
    }
    if (out != null) {
      out.flush();
    }
  }

  String speaker() {
    return speaker;
  }

  /// An authenticated packet as it was received.
  void pass(PacketBatch sealed, int slot) {
    if (out == null || target == null) {
      return;
    }
    if (open) {
      out.send(sealed, slot, target);
      out.flush();
    } else if (waiting.size() < MOST_WAITING) {
      waiting.add(sealed.octets(slot));
    }
  }

  /// Ends the program beside the loop; completes with its exit code, or with why there is none.
  CompletableFuture<Integer> end() {
    return process.thenApplyAsync(Player::stop, Player::aside);
  }

  private static int stop(EngineProcess running) {
    try {
      running.stop();
      return running.await(Duration.ZERO);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a player ended", e);
    }
  }
}
