package parley.keys.http;

import java.time.Duration;

/// How much of a server its clients may take.
///
/// @param connections open at once
/// @param connectionsOfAnAddress the same, from one address
/// @param newConnectionsPerSecond from one address, /64 for IPv6, looked at before any handshake;
///   so many at once are let in after a pause
/// @param requestsAtOnce that are being answered; what comes on top is answered by 503
/// @param bodyOctets of a request
/// @param patience for a handshake, for a whole request, and for a client to take the answer
public record HttpLimits(
    int connections,
    int connectionsOfAnAddress,
    int newConnectionsPerSecond,
    int requestsAtOnce,
    int bodyOctets,
    Duration patience) {

  /// For a server that ten thousand UEs ask on the first day of a month.
  public static HttpLimits standard() {
    return new HttpLimits(4096, 256, 100, 256, 64 * 1024, Duration.ofSeconds(30));
  }
}
