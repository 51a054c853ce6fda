package parley.keys;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/// A port of loopback that stays free until somebody asks for it by number: below those that the
/// system deals out, which any other program may get in the meantime, and none twice in one run.
/// Where tests run in several processes at a time (`parley.fork`, from 1), each deals its own.
public final class FreePort {
  private static final int LOWEST = 20_000;
  private static final int HIGHEST = 32_000;
  private static final int FORKS = 4;
  private static final int FORK = Integer.getInteger("parley.fork", 1) % FORKS;
  private static final Set<Integer> DEALT = ConcurrentHashMap.newKeySet();

  private FreePort() {}

  /// Takes a port and gives it back.
  private interface Probe {
    void bind(int port, InetAddress loopback) throws IOException;
  }

  public static int udp() throws IOException {
    return find((port, loopback) -> new DatagramSocket(port, loopback).close());
  }

  public static int tcp() throws IOException {
    return find((port, loopback) -> new ServerSocket(port, 1, loopback).close());
  }

  /// [#udp] with the address of loopback.
  public static InetSocketAddress udpAddress() throws IOException {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), udp());
  }

  private static int find(Probe probe) throws IOException {
    for (int attempt = 0; attempt < 100; attempt++) {
      int port =
          RandomGenerator.getDefault().nextInt(LOWEST / FORKS, HIGHEST / FORKS) * FORKS + FORK;
      try {
        probe.bind(port, InetAddress.getLoopbackAddress());
      } catch (BindException _) {
        continue;
      }
      if (DEALT.add(port)) {
        return port;
      }
    }
    throw new IOException("no port between %d and %d is free".formatted(LOWEST, HIGHEST));
  }
}
