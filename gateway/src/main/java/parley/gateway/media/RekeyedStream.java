package parley.gateway.media;

import parley.srtp.SrtpSession;

/// One stream of a burst as it leaves into another group.
///
/// @param outboundSsrc from the gateway's own space in the destination
/// @param session the gateway's own key in the destination; closed with the re-keying
/// @param firstSeq the random 16-bit start of the outbound index
public record RekeyedStream(int inboundSsrc, int outboundSsrc, SrtpSession session, int firstSeq) {}
