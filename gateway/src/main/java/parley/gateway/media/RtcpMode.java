package parley.gateway.media;

/// Where a leg's RTCP travels.
public enum RtcpMode {
  /// On the port of the RTP packets, told apart by the payload type (RFC 5761).
  MUX,
  /// On the next higher port (RFC 3550, 11).
  NEXT_PORT
}
