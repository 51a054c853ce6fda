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

  private final @Nullable LegCounters leg;
  private long full;
  private long failed;

  SendPromise(Channel channel, @Nullable LegCounters leg) {
    super(channel);
    this.leg = leg;
  }

  /// Of nobody's leg.
  long full() {
    return full;
  }

  long failed() {
    return failed;
  }

  @Override
  public boolean trySuccess(@Nullable Void result) {
    return trySuccess();
  }

  @Override
  public boolean trySuccess() {
    if (leg != null) {
      leg.sent();
    }
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
    if (leg == null) {
      full += cause == FULL ? 1 : 0;
      failed += cause == FULL ? 0 : 1;
    } else if (cause == FULL) {
      leg.lost(DropReason.SEND_FULL);
    } else {
      refused(leg, String.valueOf(cause.getMessage()));
    }
    return true;
  }

  @Override
  public ChannelPromise setFailure(Throwable cause) {
    var _ = tryFailure(cause);
    return this;
  }

  private static void refused(LegCounters leg, String said) {
    String to = leg.leg().address().getAddress().getHostAddress();
    if (said.contains("unreachable")
        || said.contains("is down")
        || said.contains("o such device")) {
      leg.refused(
          DropReason.SEND_UNREACHABLE,
          "there is no way to %s now; see ip route get %s".formatted(to, to));
    } else if (said.contains("not permitted") || said.contains("ermission denied")) {
      leg.refused(
          DropReason.SEND_FORBIDDEN,
          "this host forbids sending to %s; see nft list ruleset".formatted(to));
    } else {
      leg.refused(DropReason.SEND_FAILED, "sending to %s fails: %s".formatted(to, said));
    }
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
