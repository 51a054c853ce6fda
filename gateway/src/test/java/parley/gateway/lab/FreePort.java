package parley.gateway.lab;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.random.RandomGenerator;

/// A port of loopback that stays free until somebody asks for it by number: below those that the
/// system deals out, which any other program may get in the meantime.
public final class FreePort {
  private static final int LOWEST = 20_000;
  private static final int HIGHEST = 32_000;

  private FreePort() {}

  public static int udp() throws IOException {
    RandomGenerator random = RandomGenerator.getDefault();
    for (int attempt = 0; attempt < 100; attempt++) {
      int port = random.nextInt(LOWEST, HIGHEST);
      try (var _ = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
        return port;
      } catch (BindException _) {
        // another one, then
      }
    }
    throw new IOException("no UDP port between %d and %d is free".formatted(LOWEST, HIGHEST));
  }

  public static int tcp() throws IOException {
    RandomGenerator random = RandomGenerator.getDefault();
    for (int attempt = 0; attempt < 100; attempt++) {
      int port = random.nextInt(LOWEST, HIGHEST);
      try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return port;
      } catch (BindException _) {
        // another one, then
      }
    }
    throw new IOException("no TCP port between %d and %d is free".formatted(LOWEST, HIGHEST));
  }
}
