package parley.gateway.media;

import java.net.InetSocketAddress;

/// Takes what the sorter found to be MIKEY.
@FunctionalInterface
public interface MikeySink {
  /// Called on the group's loop, before any packet that came after it is looked at.
  ///
  /// `octets` is a fresh array of the sink's own. What it throws costs this message alone, and is
  /// counted as `MIKEY_FAULT`.
  void mikey(
      GroupMedia group,
      MediaPort port,
      InetSocketAddress source,
      byte[] octets,
      long receivedUnixNanos);
}
