package parley.gateway.media;

import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import org.jspecify.annotations.Nullable;

/// The two ways to do datagrams with Netty. They behave alike; epoll costs less.
///
/// Both leave IP_MULTICAST_ALL off, so that a socket hears only the groups it joined itself.
enum DatagramIo {
  /// recvmmsg and sendmmsg: up to 32 datagrams in one system call.
  EPOLL {
    @Override
    IoHandlerFactory handlers() {
      return EpollIoHandler.newFactory();
    }

    @Override
    DatagramChannel channel(@Nullable SocketProtocolFamily family, int datagramOctets) {
      EpollDatagramChannel channel = new EpollDatagramChannel(family);
      channel.config().setOption(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, datagramOctets);
      channel.config().setRecvByteBufAllocator(receive(datagramOctets * 32));
      return channel;
    }

    // Linux doubles what it grants, for its own needs (socket(7)).
    @Override
    int bufferOctets(int told) {
      return told / 2;
    }
  },

  /// The JDK's channels, everywhere.
  NIO {
    @Override
    IoHandlerFactory handlers() {
      return NioIoHandler.newFactory();
    }

    @Override
    DatagramChannel channel(@Nullable SocketProtocolFamily family, int datagramOctets) {
      NioDatagramChannel channel = new NioDatagramChannel(family);
      channel.config().setRecvByteBufAllocator(receive(datagramOctets));
      return channel;
    }

    @Override
    int bufferOctets(int told) {
      return told;
    }
  };

  private static final int MAX_READS_PER_WAKE_UP = 64;

  abstract IoHandlerFactory handlers();

  /// A new channel, of both IP versions when `family` is null, that reads up to `datagramOctets` of
  /// each datagram.
  abstract DatagramChannel channel(@Nullable SocketProtocolFamily family, int datagramOctets);

  /// What was granted of a socket buffer, in the octets in which it is asked for, where the channel
  /// tells so many.
  abstract int bufferOctets(int told);

  /// `netty` or `nio`.
  String label() {
    return this == EPOLL ? "netty" : "nio";
  }

  static FixedRecvByteBufAllocator receive(int octets) {
    FixedRecvByteBufAllocator allocator = new FixedRecvByteBufAllocator(octets);
    allocator.maxMessagesPerRead(MAX_READS_PER_WAKE_UP);
    return allocator;
  }
}
