package parley.keys.gba.aka;

/// What a USIM says to a challenge (TS 33.102, 6.3.3).
public sealed interface UsimAnswer {
  /// It is of the home network and fresh. Whoever asked closes the keys.
  final class Agreed implements UsimAnswer {
    private final AgreedKeys keys;

    Agreed(AgreedKeys keys) {
      this.keys = keys;
    }

    public AgreedKeys keys() {
      return keys;
    }

    @Override
    public String toString() {
      return "Agreed[]";
    }
  }

  /// It is of the home network, and its SQN was seen before or is too far ahead.
  final class SynchronisationFailure implements UsimAnswer {
    private final byte[] auts;

    SynchronisationFailure(byte[] auts) {
      this.auts = auts;
    }

    /// 14 octets for the home network.
    public byte[] auts() {
      return auts.clone();
    }

    @Override
    public String toString() {
      return "SynchronisationFailure[]";
    }
  }

  /// It is not of the home network; nothing goes back.
  record WrongMac() implements UsimAnswer {}
}
