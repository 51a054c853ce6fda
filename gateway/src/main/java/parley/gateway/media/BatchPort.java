package parley.gateway.media;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import parley.srtp.PacketBatch;

/// A socket of the batch path: whole batches in one system call, which its two kinds make.
///
/// The channel that opened the socket leaves the loop at once and reads and writes nothing; a
/// second descriptor of the same socket is in one of the loop's two sets, by whether its packets
/// may wait for the tick. Nothing is allocated for a packet.
abstract sealed class BatchPort extends SocketPort permits PlainBatchPort, BatchTrunk {
  final BatchLoop loop;
  private final BatchErrors errors;
  private @Nullable FileDescriptor descriptor;
  private int fd;
  private EpollSet in;
  private @Nullable DatagramSender sender;
  private boolean isWaiting;
  private int overflowed;

  BatchPort(NettySocket socket, BatchLoop loop, BatchErrors errors) {
    super(socket, loop.memory());
    this.loop = loop;
    this.errors = errors;
    this.in = loop.portsThat(true);
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
    FileDescriptor made =
        new FileDescriptor(calls.duplicate(((UnixChannel) fresh).fd().intValue()));
    int number = made.intValue();
    try {
      boolean isIpv6 = BatchErrors.isIpv6(calls, number);
      calls.option(number, ControlMessages.SOL_SOCKET, ControlMessages.SO_TIMESTAMPNS, 1);
      calls.option(number, ControlMessages.SOL_SOCKET, ControlMessages.SO_RXQ_OVFL, 1);
      BatchErrors.listen(calls, number, isIpv6);
      var _ = fresh.deregister();
      in.add(this, number, false);
      sender = opened(number, isIpv6);
    } catch (IOException e) {
      made.close();
      throw e;
    }
    overflowed = 0;
    fd = number;
    descriptor = made;
  }

  @Override
  void letGo(Channel old) {
    sender = null;
    FileDescriptor open = descriptor;
    descriptor = null;
    if (open != null) {
      in.remove(fd);
      try {
        open.close();
      } catch (IOException e) {
        failed(e);
      }
    }
  }

  @Override
  void startReading(Channel open) {
    try {
      in.listen(fd);
    } catch (IOException e) {
      failed(e);
    }
    BatchReader to = reader();
    if (to != null) {
      move(to);
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
    BatchReader to = reader();
    if (descriptor == null || to == null) {
      return 0;
    }
    int each = Math.max(1, to.outputsPerPacket());
    int came = 0;
    try {
      came = read(fd, Math.max(1, most / each));
      handOver();
    } catch (RuntimeException e) {
      received.clear(); // all ports of the loop read into it
      failed(e);
    }
    if (came <= 0) {
      return 0;
    }
    in.came(came);
    move(to);
    return mayHoldMore() ? -came * each : came * each;
  }

  /// Into the set that its reader wants it in by now.
  private void move(BatchReader to) {
    EpollSet wanted = loop.portsThat(!to.isLowLatency());
    if (in == wanted || descriptor == null) {
      return;
    }
    try {
      wanted.add(this, fd, true);
      in.remove(fd);
      in = wanted;
    } catch (IOException e) {
      failed(e);
    }
  }

  void takeErrors() {
    errors.takeTold(loop.calls(), fd);
  }

  /// Whether the tick drains it, and no wake-up.
  boolean isHot() {
    return in == loop.portsThat(true) && loop.tick().isHot();
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
}
