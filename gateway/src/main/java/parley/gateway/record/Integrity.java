package parley.gateway.record;

import java.util.List;

/// What reading a whole recording told about the file itself.
///
/// @param blocks whole, good blocks
/// @param octets of the file
/// @param truncatedOctets at the end, of a block that was being written when the writer died; that
///   is no damage
/// @param chainHead SHA-256 chain over the good blocks, in hexadecimal; of a closed file, over
///   everything
/// @param damages one sentence for each place where something was altered, removed or added
public record Integrity(
    State state,
    long blocks,
    long octets,
    long truncatedOctets,
    String chainHead,
    List<String> damages) {
  /// How the file ends.
  public enum State {
    /// With the burst's end and the chain's head.
    CLOSED,
    /// In the middle: it is being written, or its writer was killed.
    UNCLOSED
  }

  public Integrity {
    damages = List.copyOf(damages);
  }

  public boolean isUnaltered() {
    return damages.isEmpty();
  }
}
