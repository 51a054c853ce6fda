package parley.gateway.net;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/// An Ethernet device whose other end is this JVM: what its network sends is read here.
///
/// The device lives as long as the descriptor, also in the network it was moved to.
final class Tap implements AutoCloseable {
  private static final long TUNSETIFF = 0x4004_54caL;
  private static final short IFF_TAP_NO_PI = 0x0002 | 0x1000;

  /// So that a burst waits for the wire instead of vanishing before it.
  private static final String QUEUED_FRAMES = "20000";

  private static final int NAME_OCTETS = 16;
  private static final int IFREQ_OCTETS = 40;

  /// Of a device that is down.
  private static final int EIO = 5;

  private final int fd;

  private Tap(int fd) {
    this.fd = fd;
  }

  /// A device in `network`, up. It is made under a name of its own here, for other tests may run,
  /// and renamed where it belongs.
  static Tap create(Netns network, String device, int number) throws Exception {
    String temporary = "w%d-%d".formatted(ProcessHandle.current().pid(), number);
    int fd = Libc.open("/dev/net/tun");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment request = arena.allocate(IFREQ_OCTETS);
      request.setString(0, temporary);
      request.set(ValueLayout.JAVA_SHORT, NAME_OCTETS, IFF_TAP_NO_PI);
      Libc.ioctl(fd, TUNSETIFF, request);
      Netns.run(List.of("ip", "link", "set", temporary, "netns", network.name(), "name", device));
      network.ip("link", "set", device, "txqueuelen", QUEUED_FRAMES);
      network.up(device);
      return new Tap(fd);
    } catch (Exception | AssertionError e) {
      Libc.close(fd);
      throw e;
    }
  }

  int fd() {
    return fd;
  }

  /// The octets of the next frame, or -1.
  int read(MemorySegment into) throws IOException {
    return Libc.read(fd, into);
  }

  /// Whether the device took the frame; one that is down does not.
  boolean write(MemorySegment frame) throws IOException {
    return Libc.write(fd, frame, EIO);
  }

  @Override
  public void close() throws IOException {
    Libc.close(fd);
  }
}
