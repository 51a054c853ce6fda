package parley.gateway.net;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// The system calls that the JDK does not offer. Each failure names the call and its errno.
final class Libc {
  static final int O_RDWR_NONBLOCK = 2 | 0x800;
  static final int CLONE_NEWNET = 0x4000_0000;
  static final int EAGAIN = 11;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final VarHandle ERRNO_VALUE =
      Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle OPEN =
      call("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT), 2);
  private static final MethodHandle IOCTL =
      call("ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), 2);
  private static final MethodHandle READ =
      call("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG), -1);
  private static final MethodHandle WRITE =
      call("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG), -1);
  private static final MethodHandle POLL =
      call("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT), -1);
  private static final MethodHandle CLOSE =
      call("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT), -1);
  private static final MethodHandle SETNS =
      call("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), -1);

  private Libc() {}

  private interface Call {
    long result(MemorySegment state) throws Throwable;
  }

  @SuppressWarnings("restricted") // native access is what this class is for
  private static MethodHandle call(String name, FunctionDescriptor shape, int firstVariadic) {
    MemorySegment address = LINKER.defaultLookup().findOrThrow(name);
    return firstVariadic < 0
        ? LINKER.downcallHandle(address, shape, ERRNO)
        : LINKER.downcallHandle(
            address, shape, ERRNO, Linker.Option.firstVariadicArg(firstVariadic));
  }

  static int open(String path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(path);
      return (int)
          checked("open " + path, s -> (int) OPEN.invokeExact(s, name, O_RDWR_NONBLOCK, 0));
    }
  }

  static int openToRead(String path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(path);
      return (int) checked("open " + path, s -> (int) OPEN.invokeExact(s, name, 0, 0));
    }
  }

  static void ioctl(int fd, long request, MemorySegment argument) throws IOException {
    checked("ioctl", s -> (int) IOCTL.invokeExact(s, fd, request, argument));
  }

  /// The number of octets read, or -1 where there is nothing now.
  static int read(int fd, MemorySegment into) throws IOException {
    return (int) unlessAgain("read", s -> (long) READ.invokeExact(s, fd, into, into.byteSize()));
  }

  /// Whether the kernel took them; false for the error `tolerated`.
  static boolean write(int fd, MemorySegment octets, int tolerated) throws IOException {
    return result(
            "write", s -> (long) WRITE.invokeExact(s, fd, octets, octets.byteSize()), tolerated)
        >= 0;
  }

  /// Waits until one of the `count` structures is ready, at most so long.
  static void poll(MemorySegment structures, int count, int millis) throws IOException {
    unlessAgain("poll", s -> (int) POLL.invokeExact(s, structures, (long) count, millis));
  }

  static void close(int fd) throws IOException {
    checked("close", s -> (int) CLOSE.invokeExact(s, fd));
  }

  /// Moves the calling thread into the network namespace behind `fd`.
  static void enterNetwork(int fd) throws IOException {
    checked("setns", s -> (int) SETNS.invokeExact(s, fd, CLONE_NEWNET));
  }

  private static long checked(String name, Call call) throws IOException {
    return result(name, call, -1);
  }

  private static long unlessAgain(String name, Call call) throws IOException {
    return result(name, call, EAGAIN);
  }

  private static long result(String name, Call call, int tolerated) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      long result = call.result(state);
      int errno = (int) ERRNO_VALUE.get(state, 0L);
      if (result < 0 && errno != tolerated) {
        throw new IOException(name + " failed with errno " + errno);
      }
      return result;
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(name, e);
    }
  }
}
