package parley.gateway.keying;

import java.net.InetSocketAddress;

/// How an announcement came.
///
/// @param isByTrunk by a trunk from another gateway: it is not told by a trunk again
record Arrival(InetSocketAddress source, long receivedUnixNanos, boolean isByTrunk) {}
