package parley.gateway.media;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import parley.srtp.PacketBatch;

/// A socket of the batch path: whole batches in one system call, which its two kinds make.
///
/// The channel that opened the socket leaves the loop at once and reads and writes nothing; a
/// second descriptor of the same socket is a handle of its own there. Level-triggered as a rule,
/// and parked (edge-triggered, so that only errors wake) while the loop's tick drains it. Nothing
/// is allocated for a packet.
abstract sealed class BatchPort extends SocketPort permits PlainBatchPort, BatchTrunk {
  /// Wake-ups within this time make a port hot, if they bring little.
  private static final int HOT_WAKE_UPS = 24;

  private static final long HOT_WITHIN_NANOS = TimeUnit.MILLISECONDS.toNanos(16);

  /// From so many packets for each wake-up on, a wake-up costs next to nothing.
  private static final int HOT_PACKETS = 32 * HOT_WAKE_UPS;

  /// Ticks after which a hot port shows whether it still is, with as many packets.
  private static final int COLD_TICKS = 64;

  final BatchLoop loop;
  private final BatchErrors errors;
  private @Nullable Handle handle;
  private @Nullable DatagramSender sender;

  private boolean isWaiting;
  private boolean isHot;
  private int wakeUps;
  private long wokenSince;
  private long packets;
  private int ticks;
  private int tickedPackets;
  private int overflowed;

  BatchPort(NettySocket socket, BatchLoop loop, BatchErrors errors) {
    super(socket, loop.memory());
    this.loop = loop;
    this.errors = errors;
  }

  /// There is a descriptor to read and send by from now on.
  ///
  /// @return who sends by it; null for nobody
  abstract @Nullable DatagramSender opened(int fd, boolean isIpv6);

  /// Reads once, about so many packets.
  ///
  /// @return how many came; not positive for none
  abstract int read(int fd, int packets);

  /// Whether the socket may have had more than the last read took.
  abstract boolean mayHoldMore();

  /// Gives the reader what was read.
  abstract void handOver();

  @Override
  ChannelHandler handler() {
    return new ChannelInboundHandlerAdapter();
  }

  @Override
  void take(Channel fresh) throws IOException {
    LinuxCalls calls = loop.calls();
    int fd = calls.duplicate(((UnixChannel) fresh).fd().intValue());
    Handle made = new Handle(fresh, new FileDescriptor(fd));
    try {
      boolean isIpv6 = BatchErrors.isIpv6(calls, fd);
      calls.option(fd, ControlMessages.SOL_SOCKET, ControlMessages.SO_TIMESTAMPNS, 1);
      calls.option(fd, ControlMessages.SOL_SOCKET, ControlMessages.SO_RXQ_OVFL, 1);
      BatchErrors.listen(calls, fd, isIpv6);
      var _ = fresh.deregister();
      made.register(loop.eventLoop());
      sender = opened(fd, isIpv6);
    } catch (IOException e) {
      made.fd.close();
      throw e;
    }
    overflowed = 0;
    handle = made;
  }

  /// First out of the loop, then closed: a registration outlives its descriptor while the socket
  /// has another.
  @Override
  void letGo(Channel old) {
    Handle open = handle;
    handle = null;
    sender = null;
    if (open != null) {
      cool();
      open.close();
    }
  }

  @Override
  void startReading(Channel open) {
    if (handle != null) {
      handle.ask(EpollIoOps.EPOLLIN);
    }
  }

  @Override
  final void queue(Channel open, PacketBatch batch, int slot, Destination to) {
    if (sender != null) {
      sender.queue(batch, slot, to);
    }
  }

  @Override
  final void queue(Channel open, ByteBuffer octets, Destination to) {
    if (sender != null) {
      sender.queue(octets, to);
    }
  }

  @Override
  void flush(Channel open) {
    if (sender != null) {
      sender.flush();
    }
  }

  /// Whether it stands in the loop's queue; that is the loop's to know.
  boolean isWaiting() {
    return isWaiting;
  }

  void waits(boolean now) {
    isWaiting = now;
  }

  /// Reads once and hands over what came, so many packets that about `most` datagrams go out.
  ///
  /// @return datagrams that may have gone out; negative when the socket may hold more
  int drain(int most) {
    Handle from = handle;
    BatchReader to = reader();
    if (from == null || to == null) {
      return 0;
    }
    int each = Math.max(1, to.outputsPerPacket());
    int came = 0;
    try {
      came = read(from.number, Math.max(1, most / each));
      handOver();
    } catch (RuntimeException e) {
      received.clear(); // all ports of the loop read into it
      failed(e);
    }
    if (came <= 0) {
      return 0;
    }
    packets += came;
    tickedPackets += came;
    return mayHoldMore() ? -came * each : came * each;
  }

  /// How many packets the kernel has dropped since it last told.
  ///
  /// @param told a counter that wraps, 0 for nothing told
  final long newDrops(int told) {
    if (told == 0) {
      return 0;
    }
    long more = Integer.toUnsignedLong(told - overflowed);
    overflowed = told;
    return more;
  }

  /// A wake-up for packets: the port is drained, and perhaps left to the tick from now on.
  private void woken(Handle by) {
    if (++wakeUps == HOT_WAKE_UPS) {
      long now = System.nanoTime();
      boolean isFast = now - wokenSince < HOT_WITHIN_NANOS && packets < HOT_PACKETS;
      wokenSince = now;
      wakeUps = 0;
      packets = 0;
      if (isFast && mayTick() && loop.tick().add(this)) {
        isHot = true;
        ticks = 0;
        tickedPackets = 0;
        by.ask(EpollIoOps.EPOLLET);
      }
    }
    loop.ready(this);
  }

  private boolean mayTick() {
    BatchReader to = reader();
    return to != null && !to.isLowLatency();
  }

  /// One tick has passed for this hot port.
  void ticked() {
    if (++ticks == COLD_TICKS) {
      if (tickedPackets < COLD_TICKS || !mayTick()) {
        wake();
      }
      ticks = 0;
      tickedPackets = 0;
    }
  }

  boolean isHot() {
    return isHot;
  }

  /// Is woken by each packet again, and at once by what it holds.
  void wake() {
    Handle open = handle;
    if (open != null && isHot) {
      cool();
      open.ask(EpollIoOps.EPOLLIN);
    }
  }

  private void cool() {
    if (isHot) {
      isHot = false;
      loop.tick().remove(this);
    }
    wakeUps = 0;
  }

  /// One socket in the loop, from its opening to its closing.
  private final class Handle implements EpollIoHandle {
    private final Channel channel;
    private final FileDescriptor fd;
    private final int number;
    private @Nullable IoRegistration registration;

    Handle(Channel channel, FileDescriptor fd) {
      this.channel = channel;
      this.fd = fd;
      this.number = fd.intValue();
    }

    /// Edge-triggered for nothing: errors alone are told.
    void register(IoEventLoop to) throws IOException {
      registration = BatchLoop.registered(to, this);
      ask(EpollIoOps.EPOLLET);
    }

    void ask(EpollIoOps ops) {
      IoRegistration in = registration;
      if (in != null && in.isValid()) {
        in.submit(ops);
      }
    }

    @Override
    public FileDescriptor fd() {
      return fd;
    }

    @Override
    public void handle(IoRegistration by, IoEvent event) {
      EpollIoOps ops = ((EpollIoEvent) event).ops();
      if (ops.contains(EpollIoOps.EPOLLERR)) {
        errors.take(loop.calls(), number);
      }
      if (ops.contains(EpollIoOps.EPOLLIN) && handle == this) {
        woken(this);
      }
    }

    /// By its port, or by a loop that ends.
    @Override
    public void close() {
      IoRegistration in = registration;
      registration = null;
      if (in != null && in.isValid()) {
        in.cancel();
      }
      if (fd.isOpen()) {
        try {
          fd.close();
        } catch (IOException e) {
          failed(e);
        }
      }
      if (handle == this) {
        handle = null;
        var _ = channel.close();
      }
    }
  }
}
