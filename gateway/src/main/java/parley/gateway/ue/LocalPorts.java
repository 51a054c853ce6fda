package parley.gateway.ue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// Which UDP ports of this host are open, as Linux lists them.
final class LocalPorts {
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/udp"), Path.of("/proc/net/udp6"));
  private static final long LOOK_MILLIS = 10;

  private LocalPorts() {}

  /// Whether somebody has the port of `address` within that time; true at once where the address is
  /// not of this host's loopback, or the system has no such list.
  static boolean awaitOpen(InetSocketAddress address, Duration within) throws InterruptedException {
    if (!address.getAddress().isLoopbackAddress() || !Files.isReadable(TABLES.getFirst())) {
      return true;
    }
    long deadline = System.nanoTime() + within.toNanos();
    while (!isOpen(address.getPort())) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    return true;
  }

  /// Lines begin with a number and `ADDRESS:PORT` of this end, in hexadecimal.
  private static boolean isOpen(int port) {
    Pattern local = Pattern.compile(String.format(" *\\d+: [0-9A-F]+:%04X .*", port));
    for (Path table : TABLES) {
      try (var lines = Files.lines(table)) {
        if (lines.anyMatch(line -> local.matcher(line).matches())) {
          return true;
        }
      } catch (IOException | RuntimeException _) {
        // no IPv6 on this host
      }
    }
    return false;
  }
}
