package parley.gateway.media;

import org.jspecify.annotations.Nullable;

/// One socket that the groups of a loop share, to or from another gateway: opened by the first of
/// them, closed by the last. Confined to the loop.
final class Trunk {
  private final SocketPort socket;
  private final @Nullable TrunkInbox inbox;
  private final Runnable closed;
  private int ports;
  private boolean isStarted;

  /// @param inbox of one that listens
  /// @param closed what is done when the last has left
  Trunk(SocketPort socket, @Nullable TrunkInbox inbox, Runnable closed) {
    this.socket = socket;
    this.inbox = inbox;
    this.closed = closed;
  }

  SocketPort socket() {
    return socket;
  }

  boolean isHeard() {
    return inbox != null;
  }

  TrunkPort port(GroupTag tag) {
    ports++;
    return new TrunkPort(this, tag);
  }

  /// Gives this port the frames of its group from now on.
  void hear(TrunkPort port) {
    if (inbox != null) {
      inbox.join(port);
      if (!isStarted) {
        isStarted = true;
        socket.start(inbox);
      }
    }
  }

  void leave(TrunkPort port) {
    if (inbox != null) {
      inbox.leave(port);
    }
    if (--ports == 0) {
      socket.close();
      closed.run();
    }
  }
}
