package parley.keys.http;

import java.net.InetSocketAddress;

/// An address that cannot be listened on; one sentence.
public final class PortTaken extends Exception {
  private static final long serialVersionUID = 1L;

  PortTaken(InetSocketAddress address, Throwable cause) {
    super(
        "%s:%d cannot be bound (%s); free it or choose another"
            .formatted(address.getHostString(), address.getPort(), cause.getMessage()),
        cause);
  }
}
