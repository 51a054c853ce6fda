package parley.keys.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// How long a connection's peer may take for its next step. Confined to the connection's loop.
public final class Deadline {
  private final long millis;
  private final Consumer<ChannelHandlerContext> over;
  private @Nullable Future<?> running;

  /// @param over what is done when a deadline was not kept
  public Deadline(long millis, Consumer<ChannelHandlerContext> over) {
    this.millis = millis;
    this.over = over;
  }

  /// Begins anew, whether or not one runs.
  public void start(ChannelHandlerContext context) {
    stop();
    running =
        context.executor().schedule(() -> over.accept(context), millis, TimeUnit.MILLISECONDS);
  }

  /// The step is done; nothing is awaited.
  public void stop() {
    if (running != null) {
      running.cancel(false);
      running = null;
    }
  }
}
