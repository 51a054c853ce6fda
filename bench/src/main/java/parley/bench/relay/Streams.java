package parley.bench.relay;

import java.util.List;

/// The streams of several groups that take turns, one packet of each in a round.
///
/// @param sources each in its lane, in the order of their lanes
record Streams(List<PacketSource> sources) implements Traffic {
  Streams {
    sources = List.copyOf(sources);
  }

  @Override
  public int timestamp() {
    return sources.getFirst().timestamp();
  }

  @Override
  public int streams() {
    return sources.size();
  }

  @Override
  public void fill(WindowFile window, int count) {
    if (count % streams() != 0) {
      throw new IllegalArgumentException(count + " packets are no whole rounds");
    }
    sources.forEach(source -> source.fill(window, count / streams()));
  }
}
