package parley.gateway.net;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/// An Ethernet device whose other end is this JVM: what its network sends is read here.
///
/// The device lives as long as the descriptor, also in the network it was moved to.
public final class Tap implements AutoCloseable {
  private static final long TUNSETIFF = 0x4004_54caL;
  private static final short IFF_TAP_NO_PI = 0x0002 | 0x1000;

  private static final int FRAME_OCTETS = 65_536;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  /// So that a burst waits for the wire instead of vanishing before it.
  private static final String QUEUED_FRAMES = "20000";

  private static final int NAME_OCTETS = 16;
  private static final int IFREQ_OCTETS = 40;

  /// Of a device that is down.
  private static final int EIO = 5;

  private static final AtomicInteger NEXT = new AtomicInteger();

  private final int fd;

  private Tap(int fd) {
    this.fd = fd;
  }

  /// A device in `network`, up. It is made under a name of its own here, for other tests may run,
  /// and renamed where it belongs.
  public static Tap create(Netns network, String device) throws Exception {
    String temporary = "w%d-%d".formatted(ProcessHandle.current().pid(), NEXT.incrementAndGet());
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

  /// The next frame that satisfies `wanted`, from its destination address to its last octet; what
  /// came before it is gone. A test fails that waits thirty seconds for it.
  public ByteBuffer await(Predicate<ByteBuffer> wanted) throws IOException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(FRAME_OCTETS);
      while (System.nanoTime() - deadline < 0) {
        int octets = read(buffer);
        if (octets < 0) {
          LockSupport.parkNanos(PAUSE_NANOS);
          continue;
        }
        byte[] frame = buffer.asSlice(0, octets).toArray(ValueLayout.JAVA_BYTE);
        if (wanted.test(ByteBuffer.wrap(frame))) {
          return ByteBuffer.wrap(frame);
        }
      }
    }
    throw new AssertionError("no such frame came");
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
