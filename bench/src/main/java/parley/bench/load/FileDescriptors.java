package parley.bench.load;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/// Whether this process may open as many sockets as the load needs.
final class FileDescriptors {
  /// Of a port on the batch path: its socket, and a copy for the loop.
  private static final long OF_A_PORT = 2;

  /// Event loops, vaults, logs, histograms.
  private static final long OF_THE_REST = 64;

  private FileDescriptors() {}

  static void require(long ports, long sockets) throws LoadFailed {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      require(
          ports * OF_A_PORT + sockets + OF_THE_REST,
          system.getOpenFileDescriptorCount(),
          system.getMaxFileDescriptorCount());
    }
  }

  static void require(long needed, long open, long most) throws LoadFailed {
    if (open + needed > most) {
      throw new LoadFailed(
          ("too many file descriptors: %,d more are needed and this process may have %,d; raise the"
                  + " limit (ulimit -n %d), or use fewer groups or listeners")
              .formatted(needed, most, open + needed));
    }
  }
}
