package parley.gateway.ue;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import parley.gateway.media.Leg;

/// How the bursts that a listener verifies are played by other programs.
///
/// @param command a line for `/bin/sh -c`, run once for each burst
/// @param listen where the listener listens: on multicast a player may join by itself
/// @param forward the port of the first player, to which the packets of its burst are passed on as
///   they came; null where the players join by themselves
/// @param most players at a time; player n has `forward` plus 2 n
/// @param payloadType passed on to the players, or null
public record PlayerSettings(
    String command,
    Leg listen,
    @Nullable InetSocketAddress forward,
    int most,
    @Nullable Integer payloadType) {

  public PlayerSettings {
    if (most < 1) {
      throw new IllegalArgumentException("at least one player must be allowed, not " + most);
    }
  }

  /// Where player `place` listens, or null without forwarding.
  @Nullable InetSocketAddress target(int place) {
    return forward == null
        ? null
        : new InetSocketAddress(forward.getAddress(), forward.getPort() + 2 * place);
  }
}
