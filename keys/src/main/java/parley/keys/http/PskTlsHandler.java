package parley.keys.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.bouncycastle.tls.TlsProtocol;

/// Bouncy Castle's TLS, which is no `SSLEngine`, as a handler of a Netty pipeline: octets of the
/// wire below, octets of the application above.
///
/// Finding a key may wait for another server, so each flight of the handshake is worked on by a
/// virtual thread, one at a time, and never by the loop. Otherwise confined to the loop.
final class PskTlsHandler extends ChannelDuplexHandler {
  private static final int MOST_WAITING_OCTETS = 64 * 1024;

  /// Begins the handshake: `accept` or `connect` of the protocol.
  interface Start {
    void on() throws IOException;
  }

  /// Told above when the handshake is over.
  enum Event {
    SECURE
  }

  private final TlsProtocol protocol;
  private final Start start;
  private final Deadline deadline;
  private final Runnable failed;
  private final Executor handshakes;
  private final Deque<byte[]> waiting = new ArrayDeque<>();
  private int waitingOctets;
  private boolean isWorking;
  private boolean isSecure;

  /// @param failed a handshake came to nothing
  PskTlsHandler(
      TlsProtocol protocol,
      Start start,
      long patienceMillis,
      Runnable failed,
      Executor handshakes) {
    this.protocol = protocol;
    this.start = start;
    this.deadline =
        new Deadline(
            patienceMillis,
            context -> {
              var _ = context.close();
            });
    this.failed = failed;
    this.handshakes = handshakes;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) throws IOException {
    deadline.start(context);
    start.on();
    send(context);
    context.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    byte[] wire;
    try {
      wire = ByteBufUtil.getBytes((ByteBuf) message);
    } finally {
      ReferenceCountUtil.release(message);
    }
    if (isSecure && !isWorking) {
      after(context, offer(wire));
      return;
    }
    waitingOctets += wire.length;
    if (waitingOctets > MOST_WAITING_OCTETS) {
      var _ = context.close();
      return;
    }
    waiting.add(wire);
    work(context);
  }

  private void work(ChannelHandlerContext context) {
    byte[] next = isWorking ? null : waiting.poll();
    if (next == null) {
      return;
    }
    isWorking = true;
    waitingOctets -= next.length;
    handshakes.execute(() -> {
      boolean isGood = offer(next);
      context.executor().execute(() -> worked(context, isGood));
    });
  }

  private void worked(ChannelHandlerContext context, boolean isGood) {
    isWorking = false;
    after(context, isGood);
    work(context);
  }

  /// False when it ends the connection.
  private boolean offer(byte[] wire) {
    try {
      protocol.offerInput(wire);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private void after(ChannelHandlerContext context, boolean isGood) {
    send(context); // also the alert
    if (!isGood) {
      var _ = context.close();
      return;
    }
    if (!isSecure && !protocol.isHandshaking() && protocol.isConnected()) {
      becomeSecure(context);
    }
    receive(context);
    if (protocol.isClosed()) {
      var _ = context.close();
    }
  }

  private void becomeSecure(ChannelHandlerContext context) {
    isSecure = true;
    deadline.stop();
    context.fireUserEventTriggered(Event.SECURE);
  }

  private void receive(ChannelHandlerContext context) {
    int octets = protocol.getAvailableInputBytes();
    if (octets > 0) {
      byte[] clear = new byte[octets];
      int read = protocol.readInput(clear, 0, octets);
      context.fireChannelRead(Unpooled.wrappedBuffer(clear, 0, read));
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws IOException {
    try {
      byte[] clear = ByteBufUtil.getBytes((ByteBuf) message);
      if (clear.length > 0) {
        protocol.writeApplicationData(clear, 0, clear.length);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
    var _ = context.write(sealed(), promise);
  }

  private void send(ChannelHandlerContext context) {
    if (protocol.getAvailableOutputBytes() > 0) {
      var _ = context.writeAndFlush(sealed());
    }
  }

  private ByteBuf sealed() {
    int octets = protocol.getAvailableOutputBytes();
    byte[] wire = new byte[octets];
    int read = protocol.readOutput(wire, 0, octets);
    return Unpooled.wrappedBuffer(wire, 0, read);
  }

  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) throws IOException {
    if (isSecure && !protocol.isClosed()) {
      protocol.close();
      send(context);
    }
    var _ = context.close(promise);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    deadline.stop();
    if (!isSecure) {
      failed.run();
    }
    context.fireChannelInactive();
  }
}
