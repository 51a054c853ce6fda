package parley.gateway.media;

import java.util.ArrayList;
import java.util.List;

/// The legs that a group shall have, with every socket open that they need: what is left to do
/// cannot fail.
///
/// Made by [GroupMedia#prepare], used once by [GroupMedia#apply], or closed; on the group's loop.
public final class PreparedLegs implements AutoCloseable {
  final List<Heard> listen = new ArrayList<>();
  final FanOut.Plan relay = new FanOut.Plan();

  /// Opened for this; without them nothing has changed.
  private final List<MediaPort> opened = new ArrayList<>();

  PreparedLegs() {}

  MediaPort opened(MediaPort port) {
    opened.add(port);
    return port;
  }

  boolean isNew(MediaPort port) {
    return opened.contains(port);
  }

  /// Relay legs that were none before.
  public List<Leg> addedRelays() {
    return List.copyOf(relay.added);
  }

  /// From now on the group owns them.
  void applied() {
    opened.clear();
  }

  /// For legs that are not to be had: closes what was opened for them.
  @Override
  public void close() {
    opened.forEach(MediaPort::close);
    opened.clear();
  }
}
