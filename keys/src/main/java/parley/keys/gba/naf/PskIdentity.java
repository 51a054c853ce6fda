package parley.keys.gba.naf;

import java.util.Optional;
import parley.keys.gba.Tid;

/// The identity of a pre-shared key in TLS: `3GPP-bootstrapping;` and B-TID (TS 24.109, 5.3.3).
public final class PskIdentity {
  /// Also the hint that a TLS 1.2 server gives.
  public static final String HINT = "3GPP-bootstrapping";

  private static final String PREFIX = HINT + ";";

  private PskIdentity() {}

  public static String of(Tid tid) {
    return PREFIX + tid;
  }

  /// For text of a stranger.
  public static Optional<Tid> parse(String identity) {
    return identity.startsWith(PREFIX)
        ? Tid.parse(identity.substring(PREFIX.length()))
        : Optional.empty();
  }
}
