package parley.gateway.config;

import java.time.Duration;
import java.util.Map;

/// How packets get in and out.
///
/// @param io `auto`, `batch`, `netty` or `nio`
/// @param tick how long packets of the batch path may wait to be drained together; 0 for not at all
/// @param loops event loops; each group belongs to one
/// @param payloadTypes RTP payload type to encoding, `96 -> opus/48000/2`, as in an SDP rtpmap
public record MediaConfig(String io, Duration tick, int loops, Map<Integer, String> payloadTypes) {
  public MediaConfig {
    payloadTypes = Map.copyOf(payloadTypes);
  }
}
