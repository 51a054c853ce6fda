package parley.gateway.media;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The system calls of the batch path (recvmmsg(2), sendmmsg(2), timerfd_create(2), epoll(7)).
///
/// What the data path calls neither throws nor allocates; to learn an error number may. Memory is
/// given by address; the caller keeps it reachable until the call returns. An instance belongs to
/// one thread at a time.
class LinuxCalls {
  static final int EPERM = 1;
  static final int EINTR = 4;
  static final int EIO = 5;
  static final int EBADF = 9;
  static final int EAGAIN = 11;
  static final int ENOMEM = 12;
  static final int EACCES = 13;
  static final int ENODEV = 19;
  static final int EINVAL = 22;
  static final int EMSGSIZE = 90;
  static final int ENETDOWN = 100;
  static final int ENETUNREACH = 101;
  static final int ENOBUFS = 105;
  static final int EHOSTUNREACH = 113;

  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_ERRQUEUE = 0x2000;
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int CLOCK_MONOTONIC = 1;
  private static final int TFD_NONBLOCK_CLOEXEC = 0x800 | 0x80000;
  private static final int TIMER_OCTETS = 32;
  private static final int EPOLL_CLOEXEC = 0x80000;
  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLL_CTL_DEL = 2;
  private static final int EPOLL_CTL_MOD = 3;

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final long ERRNO =
      STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

  private static final FunctionDescriptor RECVMMSG_SHAPE =
      FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG);
  private static final FunctionDescriptor SENDMMSG_SHAPE =
      FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);
  private static final MethodHandle RECVMMSG = bareCall("recvmmsg", RECVMMSG_SHAPE);
  private static final MethodHandle SENDMMSG = bareCall("sendmmsg", SENDMMSG_SHAPE);
  private static final MethodHandle RECVMMSG_OR_ERROR = call("recvmmsg", RECVMMSG_SHAPE);
  private static final MethodHandle SENDMMSG_OR_ERROR = call("sendmmsg", SENDMMSG_SHAPE);
  private static final MethodHandle RECVMSG =
      bareCall("recvmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
  private static final MethodHandle SETSOCKOPT =
      call(
          "setsockopt",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle GETSOCKOPT =
      call(
          "getsockopt",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
  private static final MethodHandle FCNTL =
      call(
          "fcntl",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle TIMERFD_CREATE =
      call("timerfd_create", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle TIMERFD_SETTIME =
      call(
          "timerfd_settime",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle EPOLL_CREATE =
      call("epoll_create1", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle EPOLL_CTL =
      call("epoll_ctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle EPOLL_WAIT =
      bareCall(
          "epoll_wait", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT));
  private static final MethodHandle READ =
      bareCall("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));

  private final MemorySegment state = Arena.ofAuto().allocate(STATE);
  private final MemorySegment small = Arena.ofAuto().allocate(TIMER_OCTETS, Long.BYTES);

  /// Reads up to `most` messages into the `mmsghdr` array at `messages`, without waiting.
  ///
  /// @return how many; not positive when there is none, or an error came first
  int receive(int fd, long messages, int most) {
    try {
      return (int) RECVMMSG.invokeExact(fd, messages, most, MSG_DONTWAIT, 0L);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /// Sends up to `most` messages of the `mmsghdr` array at `messages`, without waiting.
  ///
  /// An error is believed when it comes twice: the first may be of another message, and to learn
  /// its number is a second call anyway.
  ///
  /// @return how many, or the negative error number
  int send(int fd, long messages, int most) {
    try {
      int result = (int) SENDMMSG.invokeExact(fd, messages, most, MSG_DONTWAIT);
      if (result < 0) {
        result = (int) SENDMMSG_OR_ERROR.invokeExact(state, fd, messages, most, MSG_DONTWAIT);
      }
      return result < 0 ? -errno() : result;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /// Takes one message from the socket's error queue into the `msghdr` at `message` (ip(7),
  /// IP_RECVERR).
  ///
  /// @return negative when there is none
  int receiveError(int fd, long message) {
    try {
      return (int) (long) RECVMSG.invokeExact(fd, message, MSG_ERRQUEUE | MSG_DONTWAIT);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /// Whether the kernel lets this process receive and send so: what a filter of system calls
  /// forbids does not come as far as the bad descriptor.
  boolean areAllowed() {
    try {
      int received = (int) RECVMMSG_OR_ERROR.invokeExact(state, -1, 0L, 0, MSG_DONTWAIT, 0L);
      return received < 0 && errno() == EBADF && send(-1, 0, 0) == -EBADF;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /// Reads the eight octets of a timer that has fired.
  void readTimer(int fd) {
    try {
      long _ = (long) READ.invokeExact(fd, small.address(), (long) Long.BYTES);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  void option(int fd, int level, int option, int value) throws IOException {
    try {
      small.set(JAVA_INT, 0, value);
      int result = (int) SETSOCKOPT.invokeExact(state, fd, level, option, small, Integer.BYTES);
      require("setsockopt " + level + "/" + option, result);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  int option(int fd, int level, int option) throws IOException {
    try {
      small.set(JAVA_INT, 0, 0);
      small.set(JAVA_INT, 8, Integer.BYTES);
      MemorySegment length = small.asSlice(8);
      require(
          "getsockopt " + level + "/" + option,
          (int) GETSOCKOPT.invokeExact(state, fd, level, option, small, length));
      return small.get(JAVA_INT, 0);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /// Whether the kernel knows this option of the socket. One that does not know UDP_SEGMENT would
  /// send what is to be cut apart as one long datagram.
  boolean hasOption(int fd, int level, int option) {
    try {
      int _ = option(fd, level, option);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /// Another descriptor of the same socket.
  int duplicate(int fd) throws IOException {
    try {
      return require("dup", (int) FCNTL.invokeExact(state, fd, F_DUPFD_CLOEXEC, 0));
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /// A timer that does not run yet, as a descriptor.
  int timer() throws IOException {
    try {
      return require(
          "timerfd_create",
          (int) TIMERFD_CREATE.invokeExact(state, CLOCK_MONOTONIC, TFD_NONBLOCK_CLOEXEC));
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /// Lets the timer fire every so many nanoseconds from now on; 0 stops it.
  void runTimer(int fd, long nanos) {
    for (int half = 0; half < TIMER_OCTETS; half += TIMER_OCTETS / 2) {
      small.set(JAVA_LONG, half, nanos / 1_000_000_000);
      small.set(JAVA_LONG, half + 8, nanos % 1_000_000_000);
    }
    try {
      int _ = (int) TIMERFD_SETTIME.invokeExact(state, fd, 0, small, 0L);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /// A new epoll(7) descriptor that watches nothing yet.
  int epoll() throws IOException {
    try {
      return require("epoll_create1", (int) EPOLL_CREATE.invokeExact(state, EPOLL_CLOEXEC));
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /// Watches `fd` for these events, and for errors in any case; an event of it carries its number.
  void watch(int epoll, int fd, int events) throws IOException {
    control(epoll, EPOLL_CTL_ADD, fd, events);
  }

  /// Changes what a watched descriptor is watched for.
  void watchFor(int epoll, int fd, int events) throws IOException {
    control(epoll, EPOLL_CTL_MOD, fd, events);
  }

  void forget(int epoll, int fd) throws IOException {
    control(epoll, EPOLL_CTL_DEL, fd, 0);
  }

  private void control(int epoll, int operation, int fd, int events) throws IOException {
    EpollEvents.set(small, events, fd);
    try {
      require("epoll_ctl", (int) EPOLL_CTL.invokeExact(state, epoll, operation, fd, small));
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /// Fills `events` with what there is, without waiting.
  ///
  /// @return how many; not positive for none
  int poll(int epoll, EpollEvents events) {
    try {
      return (int) EPOLL_WAIT.invokeExact(epoll, events.address(), EpollEvents.MOST, 0);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  private int require(String call, int result) throws IOException {
    if (result < 0) {
      throw new IOException(call + ": error " + errno());
    }
    return result;
  }

  private int errno() {
    return state.get(JAVA_INT, ERRNO);
  }

  /// A downcall throws only what is a mistake of ours.
  private static IllegalStateException impossible(Throwable e) {
    return new IllegalStateException("a system call", e);
  }

  /// Without the error number, and so without the slice that taking it allocates.
  @SuppressWarnings("restricted") // the JDK reads and writes one datagram at a time
  private static MethodHandle bareCall(String name, FunctionDescriptor shape) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), shape);
  }

  @SuppressWarnings("restricted")
  private static MethodHandle call(String name, FunctionDescriptor shape, Linker.Option... more) {
    Linker linker = Linker.nativeLinker();
    List<Linker.Option> options = new ArrayList<>(Arrays.asList(more));
    options.add(Linker.Option.captureCallState("errno"));
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), shape, options.toArray(Linker.Option[]::new));
  }
}
