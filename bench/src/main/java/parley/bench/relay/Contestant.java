package parley.bench.relay;

/// Something that relays, and how it is started.
interface Contestant {
  /// The name in tables: `parley batch`, `C epoll`, `rtpengine`.
  String relay();

  /// `forward`, `rekey`, `record`, `direct`.
  String mode();

  default String name() {
    return relay() + " " + mode();
  }

  /// Whether a lost packet may end its stream for good, so that it is started anew before the next
  /// window.
  default boolean isFragile() {
    return false;
  }

  /// Packets that it has to see before it costs what it costs in the long run.
  default int warmUpPackets() {
    return 0;
  }

  /// Starts it, with a receiver of `fanout` ports.
  Running start(Testbed bed, int fanout) throws Exception;
}
