package parley.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;

/// UDP addresses on loopback that nobody uses.
final class FreePorts {
  private FreePorts() {}

  /// So many, each another one.
  static List<InetSocketAddress> find(int count) throws IOException {
    List<DatagramChannel> probes = new ArrayList<>();
    try {
      List<InetSocketAddress> found = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        DatagramChannel probe = DatagramChannel.open();
        probes.add(probe);
        probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        found.add((InetSocketAddress) probe.getLocalAddress());
      }
      return found;
    } finally {
      for (DatagramChannel probe : probes) {
        probe.close();
      }
    }
  }
}
