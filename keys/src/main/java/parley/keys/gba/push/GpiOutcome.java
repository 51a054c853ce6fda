package parley.keys.gba.push;

import parley.keys.gba.zn.NafKey;

/// What became of a push in the UE.
public sealed interface GpiOutcome {
  /// The home network calls: connect to the configured server with this key, which whoever asked
  /// closes.
  final class Called implements GpiOutcome {
    private final NafKey key;

    Called(NafKey key) {
      this.key = key;
    }

    public NafKey key() {
      return key;
    }

    @Override
    public String toString() {
      return "Called[" + key + "]";
    }
  }

  /// Nothing happens and nothing is answered.
  record Refused(Reason reason) implements GpiOutcome {}

  /// Why not.
  enum Reason {
    /// Not of the form of GBA push information.
    MALFORMED,
    /// More of them than a network sends.
    TOO_MANY,
    /// Made by somebody who does not know K.
    NOT_OF_THE_HOME_NETWORK,
    /// Its SQN was seen before: a copy, or overtaken by a newer challenge.
    REPLAYED,
    /// RAND and AUTN are of the home network, the rest is not, or is another subscriber's.
    ALTERED,
    /// For a server that this UE has not in its configuration.
    OTHER_SERVER,
    /// The lifetime of its key is over.
    EXPIRED
  }
}
