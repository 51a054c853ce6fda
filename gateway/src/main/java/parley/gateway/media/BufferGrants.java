package parley.gateway.media;

import io.netty.channel.socket.DatagramChannelConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the kernel has granted of the socket buffers that were asked for: it cuts them to its own
/// limits without a word. Said once for each direction, by the first socket. Any thread.
final class BufferGrants {
  private static final Logger LOG = LoggerFactory.getLogger(BufferGrants.class);

  private final DatagramIo io;
  private final int wanted;
  private final AtomicBoolean saidReceive = new AtomicBoolean();
  private final AtomicBoolean saidSend = new AtomicBoolean();

  /// @param wanted octets that each socket asks for, in each direction
  BufferGrants(DatagramIo io, int wanted) {
    this.io = io;
    this.wanted = wanted;
  }

  void look(DatagramChannelConfig socket) {
    newAdvice(socket).forEach(LOG::warn);
  }

  /// What has not been said before.
  List<String> newAdvice(DatagramChannelConfig socket) {
    List<String> advice = new ArrayList<>();
    int receive = io.bufferOctets(socket.getReceiveBufferSize());
    if (receive < wanted && !saidReceive.getAndSet(true)) {
      advice.add(sentence("receive", receive, "net.core.rmem_max"));
    }
    int send = io.bufferOctets(socket.getSendBufferSize());
    if (send < wanted && !saidSend.getAndSet(true)) {
      advice.add(sentence("send", send, "net.core.wmem_max"));
    }
    return advice;
  }

  private String sentence(String direction, int granted, String limit) {
    return "a media socket has a %s buffer of %d octets and asked for %d: a burst may not fit; sysctl -w %s=%d"
        .formatted(direction, granted, wanted, limit, wanted);
  }
}
