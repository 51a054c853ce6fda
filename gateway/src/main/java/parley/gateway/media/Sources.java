package parley.gateway.media;

import java.net.InetSocketAddress;

/// Knows who sent each of the packets of one read, for the few that must know.
interface Sources {
  InetSocketAddress source(int packet);
}
