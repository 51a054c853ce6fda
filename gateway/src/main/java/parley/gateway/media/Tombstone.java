package parley.gateway.media;

/// What is left of an ended stream: the highest indices it had accepted, -1 for none.
record Tombstone(long rtpIndex, long rtcpIndex, long expiresMillis) {}
