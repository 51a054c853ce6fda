package parley.bench.relay;

/// Where the packets of a stream lie in the windows of several streams that take turns.
///
/// @param position of the stream's first packet
/// @param streams how many take turns
/// @param to the IPv4 address that its packets go to; 0 for 127.0.0.1
public record Lane(int position, int streams, int to) {
  /// Of a stream that has the windows for itself.
  static final Lane ALONE = new Lane(0, 1, 0);
}
