package parley.gateway.media;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Hears of every datagram to one leg, or to nobody's leg, whether the kernel took it. It is never
/// done, so one serves all of them and none is allocated for a packet.
final class SendPromise extends DefaultChannelPromise {
  /// What is given up because the kernel has no room.
  @SuppressWarnings("StaticAssignmentOfThrowable") // without a stack trace, and never thrown
  static final IOException FULL = new Full();

  private static final class Full extends IOException {
    private static final long serialVersionUID = 1L;

    Full() {
      super("the send buffer is full");
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }

  private final @Nullable Destination to;
  private final @Nullable LegCounters leg;
  private final SendLosses losses;

  SendPromise(Channel channel, @Nullable Destination to, SendLosses losses) {
    super(channel);
    this.to = to;
    this.leg = to == null ? null : to.leg();
    this.losses = losses;
  }

  @Override
  public boolean trySuccess(@Nullable Void result) {
    return trySuccess();
  }

  @Override
  public boolean trySuccess() {
    losses.sent(leg);
    return true;
  }

  @Override
  public ChannelPromise setSuccess(@Nullable Void result) {
    var _ = trySuccess();
    return this;
  }

  @Override
  public ChannelPromise setSuccess() {
    return setSuccess(null);
  }

  @Override
  public boolean tryFailure(Throwable cause) {
    if (cause == FULL) {
      losses.full(leg, 1);
    } else {
      losses.refused(to, String.valueOf(cause.getMessage()));
    }
    return true;
  }

  @Override
  public ChannelPromise setFailure(Throwable cause) {
    var _ = tryFailure(cause);
    return this;
  }

  @Override
  public boolean setUncancellable() {
    return true;
  }

  @Override
  public boolean isDone() {
    return false;
  }
}
