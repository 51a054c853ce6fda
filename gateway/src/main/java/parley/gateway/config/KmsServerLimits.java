package parley.gateway.config;

/// How much of a KMS its clients may take. An address counts as its /64 for IPv6, and UEs behind
/// one NAT share it.
///
/// @param peerBurst requests of one address at once
/// @param peerPerSecond and so many more each second
/// @param peerFailures wrong proofs by HTTP Digest of one address at once; one more each second
/// @param peerConnections of one address, open at once
/// @param peerConnectionsPerSecond new ones of one address, and so many at once after a pause
/// @param clientBurst requests of one client that is known, at once
/// @param clientPerMinute and so many more each minute
/// @param strangersPerSecond requests that are read for their signature, of all addresses together
/// @param connections of all, open at once
/// @param requests of all that are being answered
public record KmsServerLimits(
    int peerBurst,
    int peerPerSecond,
    int peerFailures,
    int peerConnections,
    int peerConnectionsPerSecond,
    int clientBurst,
    int clientPerMinute,
    int strangersPerSecond,
    int connections,
    int requests) {

  /// For a KMS whose clients have addresses of their own, ten thousand of them on the first day of
  /// a month.
  public static KmsServerLimits standard() {
    return new KmsServerLimits(40, 10, 30, 256, 100, 10, 30, 500, 4096, 256);
  }
}
