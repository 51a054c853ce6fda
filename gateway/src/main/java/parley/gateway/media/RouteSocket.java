package parley.gateway.media;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// A netlink socket on which Linux tells of changes to interfaces and addresses (rtnetlink(7)).
///
/// What has changed is not read from it: whoever hears of a change looks for himself, so a message
/// that was lost because too many came does no harm. Confined to one thread.
final class RouteSocket implements AutoCloseable {
  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW_NONBLOCK_CLOEXEC = 3 | 0x800 | 0x80000;
  private static final int NETLINK_ROUTE = 0;

  /// RTMGRP_LINK, RTMGRP_IPV4_IFADDR and RTMGRP_IPV6_IFADDR.
  private static final int GROUPS = 0x1 | 0x10 | 0x100;

  private static final int ADDRESS_OCTETS = 12;
  private static final int BUFFER_OCTETS = 32_768;
  private static final short POLLIN = 1;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment buffer = arena.allocate(BUFFER_OCTETS);
  private final MemorySegment polled = arena.allocate(8, 4);
  private final MethodHandle poll =
      call("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private final MethodHandle receive =
      call("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private final int fd;

  /// @throws IOException where there is no such thing: not Linux, or forbidden
  RouteSocket() throws IOException {
    try {
      MethodHandle socket =
          call("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
      fd = (int) socket.invokeExact(AF_NETLINK, SOCK_RAW_NONBLOCK_CLOEXEC, NETLINK_ROUTE);
      if (fd < 0) {
        throw new IOException("no netlink socket");
      }
      bind();
    } catch (Throwable e) {
      arena.close();
      throw e instanceof IOException known ? known : new IOException("no netlink here", e);
    }
  }

  private void bind() throws Throwable {
    MemorySegment address = arena.allocate(ADDRESS_OCTETS, 4);
    address.set(JAVA_SHORT, 0, (short) AF_NETLINK);
    address.set(JAVA_INT, 8, GROUPS);
    MethodHandle bind = call("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    if ((int) bind.invokeExact(fd, address, ADDRESS_OCTETS) != 0) {
      closeDescriptor();
      throw new IOException("no netlink groups");
    }
  }

  /// Waits until something has changed, at most so long, and forgets what was told.
  void await(int millis) throws IOException {
    try {
      polled.set(JAVA_INT, 0, fd);
      polled.set(JAVA_INT, 4, POLLIN);
      int ready = (int) poll.invokeExact(polled, 1L, millis);
      long octets = ready > 0 ? 1 : 0;
      while (octets > 0) {
        octets = (long) receive.invokeExact(fd, buffer, (long) BUFFER_OCTETS, 0);
      }
    } catch (Throwable e) {
      throw new IOException("netlink failed", e);
    }
  }

  private void closeDescriptor() throws Throwable {
    MethodHandle close = call("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    int _ = (int) close.invokeExact(fd);
  }

  @SuppressWarnings("restricted") // the JDK has no netlink
  private static MethodHandle call(String name, FunctionDescriptor shape) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), shape);
  }

  @Override
  public void close() {
    try {
      closeDescriptor();
    } catch (Throwable e) {
      throw new IllegalStateException("close", e);
    } finally {
      arena.close();
    }
  }
}
