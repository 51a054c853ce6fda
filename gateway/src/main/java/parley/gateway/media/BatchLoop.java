package parley.gateway.media;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the batch ports of one loop share: memory to receive into, what wakes the loop for them,
/// and the order in which they are drained.
///
/// Ports are patient, and may wait for the tick, or prompt.
///
/// Ports that have packets stand in a queue and are drained in turn, each a little, until about
/// [#OUTPUTS_PER_TURN] datagrams have gone out. Then the loop's timers, commands and other sockets
/// have their turn, and the kernel's level trigger brings back whoever has packets left: no group
/// keeps another waiting, nor the admin interface. Confined to the loop.
final class BatchLoop {
  static final int OUTPUTS_PER_TURN = 1024;

  private static final Logger LOG = LoggerFactory.getLogger(BatchLoop.class);

  private final IoEventLoop eventLoop;
  private final NettyTransport.LoopMemory memory;
  private final LinuxCalls calls = new LinuxCalls();
  private final ReceiveRing ring;
  private final DrainTick tick;
  private final EpollSet prompt = new EpollSet(this, this::woken);
  private final ArrayDeque<BatchPort> waiting = new ArrayDeque<>();
  private final Runnable nextTurn = this::nextTurn;
  private int left = OUTPUTS_PER_TURN;

  BatchLoop(IoEventLoop eventLoop, NettyTransport.LoopMemory memory, Duration tick) {
    this.eventLoop = eventLoop;
    this.memory = memory;
    this.ring = new ReceiveRing(memory.received(), memory.clock());
    this.tick = new DrainTick(this, tick);
  }

  IoEventLoop eventLoop() {
    return eventLoop;
  }

  NettyTransport.LoopMemory memory() {
    return memory;
  }

  LinuxCalls calls() {
    return calls;
  }

  ReceiveRing ring() {
    return ring;
  }

  DrainTick tick() {
    return tick;
  }

  /// Ports that have packets are in one of two sets.
  EpollSet portsThat(boolean mayWait) {
    return mayWait ? tick.patient() : prompt;
  }

  private void woken() {
    prompt.ask();
    drain();
  }

  /// On the loop it is done when this returns.
  static IoRegistration registered(IoEventLoop loop, IoHandle handle) throws IOException {
    Future<IoRegistration> done = loop.register(handle);
    if (!done.isSuccess()) {
      throw new IOException("cannot watch a descriptor", done.cause());
    }
    return done.getNow();
  }

  /// Ends the watch over a descriptor, and closes it.
  static void release(@Nullable IoRegistration registration, @Nullable FileDescriptor fd) {
    if (registration != null && registration.isValid()) {
      registration.cancel();
    }
    try {
      if (fd != null && fd.isOpen()) {
        fd.close();
      }
    } catch (IOException e) {
      LOG.debug("closing a descriptor of the loop: {}", e.getMessage());
    }
  }

  /// This port may have packets.
  void enqueue(BatchPort port) {
    if (!port.isWaiting()) {
      port.waits(true);
      waiting.add(port);
    }
  }

  /// Drains those that wait, as far as this turn goes.
  void drain() {
    if (left <= 0) {
      return;
    }
    while (left > 0 && !waiting.isEmpty()) {
      BatchPort port = waiting.remove();
      port.waits(false);
      int outputs = port.drain(OUTPUTS_PER_TURN);
      left -= Math.abs(outputs);
      if (outputs < 0) {
        enqueue(port);
      }
    }
    if (left <= 0) {
      if (!waiting.isEmpty()) {
        tick.cool();
      }
      eventLoop.execute(nextTurn);
    }
  }

  /// Ends the tick, and whatever port is open. Any thread.
  void close() {
    eventLoop.execute(tick::close);
    eventLoop.execute(prompt::close);
  }

  private void nextTurn() {
    left = OUTPUTS_PER_TURN;
  }
}
