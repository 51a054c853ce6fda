package parley.gateway.media;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static parley.gateway.media.MessageHeader.CONTROL;
import static parley.gateway.media.MessageHeader.CONTROL_OCTETS;
import static parley.gateway.media.MessageHeader.MESSAGE_OCTETS;
import static parley.gateway.media.MessageHeader.NAME;
import static parley.gateway.media.MessageHeader.NAME_OCTETS;
import static parley.gateway.media.MessageHeader.VECTOR;
import static parley.gateway.media.MessageHeader.VECTORS;
import static parley.gateway.media.MessageHeader.VECTOR_OCTETS;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What comes back of a socket's datagrams: ICMP errors, which Linux keeps in the socket's error
/// queue once it is asked to (IP_RECVERR in ip(7), IPV6_RECVERR in ipv6(7)), each with the address
/// to which the datagram went.
///
/// Whoever forges an ICMP error has a counter raised and a sentence shown, nothing more: the
/// receiver is sent to as before.
///
/// The book of receivers is bounded. When it is full, whoever comes is sent to without standing in
/// it, and what comes back from there is counted for nobody, until a newcomer finds the book a
/// minute old and it is begun anew with those that are sent to then. So a packet costs the same
/// however many receivers it has. Confined to the loop.
sealed class BatchErrors permits TrunkErrors {
  private static final int SO_ERROR = 4;
  private static final int SO_DOMAIN = 39;
  private static final int AF_INET6 = 10;
  private static final int IPPROTO_IP = 0;
  private static final int IP_RECVERR = 11;
  private static final int IPPROTO_IPV6 = 41;
  private static final int IPV6_RECVERR = 25;

  /// Read at once at most; more wake the loop again.
  private static final int AT_ONCE = 256;

  /// Receivers in the book at most.
  private static final int REMEMBERED = 4096;

  /// A full book begins anew for a newcomer once it is that old: most of those in it may be gone.
  private static final long OLD_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final int CONTROL_ROOM_OCTETS = 512;

  /// Of the datagram that did not arrive.
  private static final int QUOTED_OCTETS = Long.BYTES;

  private static final ValueLayout.OfLong QUOTED = JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN);

  /// @param sentence for the operator, once something has come back
  private record Receiver(LegCounters leg, String sentence) {
    Receiver(LegCounters leg, InetSocketAddress address) {
      this(leg, SendLosses.sentence(DropReason.SEND_BOUNCED, address, ""));
    }
  }

  private final LongSupplier nanos;
  private Map<ScopedAddress, Receiver> book = new HashMap<>();
  private long begunNanos;
  private @Nullable MemorySegment memory;

  BatchErrors() {
    this(System::nanoTime);
  }

  BatchErrors(LongSupplier nanos) {
    this.nanos = nanos;
    begunNanos = nanos.getAsLong();
  }

  static boolean isIpv6(LinuxCalls calls, int fd) throws IOException {
    return calls.option(fd, ControlMessages.SOL_SOCKET, SO_DOMAIN) == AF_INET6;
  }

  /// A socket of IPv6 may reach IPv4 as well.
  static void listen(LinuxCalls calls, int fd, boolean isIpv6) throws IOException {
    calls.option(fd, IPPROTO_IP, IP_RECVERR, 1);
    if (isIpv6) {
      calls.option(fd, IPPROTO_IPV6, IPV6_RECVERR, 1);
    }
  }

  /// Remembers whose the answers to this receiver's datagrams are.
  void mayComeBack(Destination to) {
    if (!to.isKnownTo(book)) {
      LegCounters leg = to.leg();
      if (leg != null) {
        write(leg, to);
      }
      to.knownTo(book);
    }
  }

  private void write(LegCounters leg, Destination to) {
    if (book.size() == REMEMBERED && nanos.getAsLong() - begunNanos > OLD_NANOS) {
      book = new HashMap<>();
      begunNanos = nanos.getAsLong();
    }
    ScopedAddress key = ScopedAddress.of(to.address());
    if (book.size() < REMEMBERED || book.containsKey(key)) {
      book.put(key, new Receiver(leg, to.address()));
    }
  }

  /// Counts what the error queue holds.
  ///
  /// @return whether there was anything
  boolean take(LinuxCalls calls, int fd) {
    MemorySegment room = memory;
    if (room == null) {
      room =
          Arena.ofAuto()
              .allocate(
                  MESSAGE_OCTETS
                      + SocketName.ROOM_OCTETS
                      + CONTROL_ROOM_OCTETS
                      + VECTOR_OCTETS
                      + QUOTED_OCTETS,
                  Long.BYTES);
      memory = room;
    }
    int taken = 0;
    while (taken < AT_ONCE && takeOne(calls, fd, room)) {
      taken++;
    }
    return taken > 0;
  }

  /// As [#take], for an error that epoll told. One that found no room in the queue is cleared, or
  /// epoll would tell it for ever.
  void takeTold(LinuxCalls calls, int fd) {
    if (!take(calls, fd)) {
      var _ = calls.hasOption(fd, ControlMessages.SOL_SOCKET, SO_ERROR);
    }
  }

  private boolean takeOne(LinuxCalls calls, int fd, MemorySegment room) {
    long name = MESSAGE_OCTETS;
    long vector = name + SocketName.ROOM_OCTETS + CONTROL_ROOM_OCTETS;
    long quoted = vector + VECTOR_OCTETS;
    room.set(JAVA_LONG, NAME, room.address() + name);
    room.set(JAVA_INT, NAME_OCTETS, SocketName.ROOM_OCTETS);
    room.set(JAVA_LONG, CONTROL, room.address() + name + SocketName.ROOM_OCTETS);
    room.set(JAVA_LONG, CONTROL_OCTETS, CONTROL_ROOM_OCTETS);
    room.set(JAVA_LONG, VECTOR, room.address() + vector);
    room.set(JAVA_LONG, VECTORS, 1);
    room.set(JAVA_LONG, vector, room.address() + quoted);
    room.set(JAVA_LONG, vector + 8, QUOTED_OCTETS);
    int octets = calls.receiveError(fd, room.address());
    if (octets < 0) {
      return false;
    }
    if (room.get(JAVA_INT, NAME_OCTETS) > 0) {
      cameBack(SocketName.read(room, name), octets < QUOTED_OCTETS ? 0 : room.get(QUOTED, quoted));
    }
    return true;
  }

  /// A datagram to this receiver. The kernel tells the link of a link-local address, which a leg
  /// that has an interface does not.
  ///
  /// @param quoted its first eight octets, big-endian; 0 where they are not told
  void cameBack(InetSocketAddress to, long quoted) {
    Receiver scoped = book.get(ScopedAddress.of(to));
    Receiver from = scoped == null ? book.get(new ScopedAddress(to, 0)) : scoped;
    if (from != null) {
      from.leg().refused(DropReason.SEND_BOUNCED, 1, from.sentence());
    }
  }
}
