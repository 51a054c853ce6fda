package parley.gateway.net;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What a wire tells datagrams apart by.
///
/// @param port where to
/// @param ssrc of RTP and RTCP, else 0
record WireDatagram(int port, Kind kind, int ssrc) {
  /// By the first octets of the payload.
  enum Kind {
    MIKEY,
    RTP,
    RTCP,
    OTHER
  }

  private static final int ETHERNET_OCTETS = 14;
  private static final int IPV4 = 0x0800;
  private static final int IPV6 = 0x86dd;
  private static final int IPV6_OCTETS = 40;
  private static final int UDP = 17;
  private static final int UDP_OCTETS = 8;

  /// The UDP datagram in an Ethernet frame; null for everything else, and for fragments.
  static @Nullable WireDatagram of(ByteBuffer frame) {
    if (frame.limit() < ETHERNET_OCTETS + 20) {
      return null;
    }
    return switch (frame.getShort(12) & 0xffff) {
      case IPV4 -> ipv4(frame);
      case IPV6 -> ipv6(frame);
      default -> null;
    };
  }

  private static @Nullable WireDatagram ipv4(ByteBuffer frame) {
    boolean isFragment = (frame.getShort(ETHERNET_OCTETS + 6) & 0x3fff) != 0;
    int header = (frame.get(ETHERNET_OCTETS) & 0xf) * 4;
    return isFragment || frame.get(ETHERNET_OCTETS + 9) != UDP
        ? null
        : udp(frame, ETHERNET_OCTETS + header);
  }

  private static @Nullable WireDatagram ipv6(ByteBuffer frame) {
    return frame.limit() < ETHERNET_OCTETS + IPV6_OCTETS || frame.get(ETHERNET_OCTETS + 6) != UDP
        ? null
        : udp(frame, ETHERNET_OCTETS + IPV6_OCTETS);
  }

  private static @Nullable WireDatagram udp(ByteBuffer frame, int at) {
    int payload = at + UDP_OCTETS;
    if (frame.limit() < payload) {
      return null;
    }
    int port = frame.getShort(at + 2) & 0xffff;
    int octets = (frame.getShort(at + 4) & 0xffff) - UDP_OCTETS;
    return rtp(port, frame, payload, Math.min(octets, frame.limit() - payload));
  }

  private static WireDatagram rtp(int port, ByteBuffer frame, int at, int octets) {
    int first = octets > 0 ? frame.get(at) & 0xff : 0;
    if (first == 1) {
      return new WireDatagram(port, Kind.MIKEY, 0);
    }
    if (first >>> 6 != 2 || octets < 12) {
      return new WireDatagram(port, Kind.OTHER, 0);
    }
    int second = frame.get(at + 1) & 0xff;
    boolean isRtcp = second >= 192 && second <= 223;
    return isRtcp
        ? new WireDatagram(port, Kind.RTCP, frame.getInt(at + 4))
        : new WireDatagram(port, Kind.RTP, frame.getInt(at + 8));
  }
}
