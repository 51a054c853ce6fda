package parley.gateway.media;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// Where datagrams go, and whose losses they are: made once for a receiver, used for every packet.
///
/// Each path keeps here what it needs to send without looking anything up. Confined to the loop of
/// the port that sends.
public final class Destination {
  private final InetSocketAddress address;
  private final @Nullable LegCounters leg;
  private @Nullable SendPromise promise;
  private @Nullable SocketName name;
  private boolean isNameOfIpv6Socket;
  private @Nullable Object knownTo;
  private boolean refusesSegments;
  private int lastErrno;
  private String lastSentence = "";

  private Destination(InetSocketAddress address, @Nullable LegCounters leg) {
    if (address.isUnresolved()) {
      throw new IllegalArgumentException(
          "no address is known for the host " + address.getHostString());
    }
    this.address = address;
    this.leg = leg;
  }

  /// Of nobody's leg: its losses are in [MediaPort#sendsFull] and [MediaPort#sendsFailed].
  public static Destination of(InetSocketAddress address) {
    return new Destination(address, null);
  }

  /// Of a leg, which counts its own losses.
  static Destination of(InetSocketAddress address, LegCounters leg) {
    return new Destination(address, leg);
  }

  InetSocketAddress address() {
    return address;
  }

  @Nullable LegCounters leg() {
    return leg;
  }

  /// What marks the group's packets on the way there; null where nothing does.
  @Nullable GroupTag tag() {
    return leg == null ? null : leg.leg().tag();
  }

  /// What hears of each datagram to here by this channel.
  SendPromise promise(Channel channel, SendLosses losses) {
    SendPromise known = promise;
    if (known == null || !known.channel().equals(channel)) {
      known = new SendPromise(channel, this, losses);
      promise = known;
    }
    return known;
  }

  /// As a socket of that family takes it.
  SocketName name(boolean isIpv6Socket) {
    SocketName known = name;
    if (known == null || isNameOfIpv6Socket != isIpv6Socket) {
      known = SocketName.of(address, isIpv6Socket);
      name = known;
      isNameOfIpv6Socket = isIpv6Socket;
    }
    return known;
  }

  /// Whether `book` has written this receiver down.
  @SuppressWarnings("ReferenceEquality") // the very book, not an equal one
  boolean isKnownTo(Object book) {
    return knownTo == book;
  }

  void knownTo(Object book) {
    knownTo = book;
  }

  /// Whether the kernel may cut what goes there into datagrams itself.
  boolean takesSegments() {
    return !refusesSegments;
  }

  /// It has not worked.
  void refuseSegments() {
    refusesSegments = true;
  }

  /// The sentence for this error number, the same object while the error stays the same.
  String sentence(int errno, DropReason reason) {
    if (errno != lastErrno) {
      lastErrno = errno;
      lastSentence = SendLosses.sentence(reason, address, "error " + errno);
    }
    return lastSentence;
  }
}
