package parley.keys.gba;

import java.util.Base64;
import java.util.Optional;

/// The name of a bootstrapped key: B-TID, `base64(RAND)@bsf`, or P-TID of a pushed one,
/// `base64(random)@push.bsf`. Not secret.
///
/// Pushed keys carry the `push` of our own in their host part: a NAF sees by the name how the key
/// was made, and with it for which Ua security protocol.
public record Tid(String text) {
  public static final int LOCAL_OCTETS = 16;

  private static final int LOCAL_CHARACTERS = 24;
  private static final String PUSH = "push.";

  /// @throws IllegalArgumentException if it is no transaction identifier, exactly as this class
  ///   writes one
  public Tid {
    if (text.length() <= LOCAL_CHARACTERS || text.charAt(LOCAL_CHARACTERS) != '@') {
      throw new IllegalArgumentException("no transaction identifier");
    }
    String local = text.substring(0, LOCAL_CHARACTERS);
    if (!base64(decoded(local)).equals(local)) {
      throw new IllegalArgumentException("no transaction identifier");
    }
    var _ = new Fqdn(text.substring(LOCAL_CHARACTERS + 1));
  }

  /// The name of the key that `rand` (16 octets) bootstraps.
  public static Tid bootstrapped(byte[] rand, Fqdn bsf) {
    return new Tid(base64(rand) + "@" + bsf);
  }

  /// @param random 16 octets
  public static Tid pushed(byte[] random, Fqdn bsf) {
    return new Tid(base64(random) + "@" + PUSH + bsf);
  }

  /// For text of a stranger.
  public static Optional<Tid> parse(String text) {
    try {
      return Optional.of(new Tid(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /// The 16 octets in front of the `@`.
  public byte[] localOctets() {
    return decoded(text.substring(0, LOCAL_CHARACTERS));
  }

  public boolean isPushed() {
    return text.startsWith(PUSH, LOCAL_CHARACTERS + 1);
  }

  /// Whether the BSF of this name made the key.
  public boolean isOf(Fqdn bsf) {
    String host = text.substring(LOCAL_CHARACTERS + 1);
    return host.equals(isPushed() ? PUSH + bsf : bsf.name());
  }

  private static byte[] decoded(String local) {
    byte[] octets = Base64.getDecoder().decode(local);
    if (octets.length != LOCAL_OCTETS) {
      throw new IllegalArgumentException("no transaction identifier");
    }
    return octets;
  }

  private static String base64(byte[] octets) {
    return Base64.getEncoder().encodeToString(octets);
  }

  @Override
  public String toString() {
    return text;
  }
}
