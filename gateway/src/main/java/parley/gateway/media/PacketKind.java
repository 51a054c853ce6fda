package parley.gateway.media;

/// What the sorter takes a datagram for.
enum PacketKind {
  RTP,
  RTCP,
  MIKEY,
  /// RTP or RTCP by its first octet, but shorter than the header it needs.
  TOO_SHORT,
  /// Fills its slot, so that its end may be missing.
  OVERSIZED,
  RUBBISH
}
