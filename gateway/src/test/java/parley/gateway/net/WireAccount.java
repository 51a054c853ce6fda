package parley.gateway.net;

/// What a wire did to datagrams of a kind in one direction. Once it is idle, `delivered` is
/// `entered - lost + duplicated`.
///
/// @param entered what the sender put in
/// @param lost what vanished
/// @param duplicated copies made beside the datagrams themselves
/// @param reordered delivered after one that had entered later
/// @param delivered what came out, copies too
public record WireAccount(
    long entered, long lost, long duplicated, long reordered, long delivered) {
  static final WireAccount EMPTY = new WireAccount(0, 0, 0, 0, 0);

  WireAccount plus(WireAccount other) {
    return new WireAccount(
        entered + other.entered,
        lost + other.lost,
        duplicated + other.duplicated,
        reordered + other.reordered,
        delivered + other.delivered);
  }

  /// The datagrams that came out once or more.
  public long survived() {
    return entered - lost;
  }
}
