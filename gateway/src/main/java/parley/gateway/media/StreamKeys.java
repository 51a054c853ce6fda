package parley.gateway.media;

import parley.srtp.SrtpSession;

/// One stream's keys: made by keying, used up by the burst that is made of them. No secret is
/// readable here, `session` is a closed type.
///
/// @param nextIndex the signed 48-bit index of the stream's next packet, or -1 when the sender
///   could not know it
public record StreamKeys(int ssrc, int csId, SrtpSession session, long nextIndex) {}
