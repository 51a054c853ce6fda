package parley.bench.relay;

/// What fills windows: the packets of one stream, or of several in turns.
public interface Traffic {
  /// The timestamp of the packet to come; each packet of a window has the next one.
  int timestamp();

  /// In slot `i` lies a packet of stream `i` modulo this.
  int streams();

  /// Writes the next `count` packets, as many of each stream, into the first slots of `window`.
  void fill(WindowFile window, int count);
}
