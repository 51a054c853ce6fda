package parley.keys.kms.front;

import org.jspecify.annotations.Nullable;
import parley.keys.kms.message.TransportKeys;
import parley.mikey.identity.Identity;

/// Who asks, and how that is known. What the request itself says widens nothing of it.
///
/// @param name by which it was known: of a certificate, an IMPI, a key; for the audit log
/// @param user whose keys it may ask for first of all
/// @param device the one device that it speaks for; null where that is not known
/// @param keys that came about with the authentication (GBA); null where there are none. The site
///   closes them when it has answered
public record KmsClient(
    Way way, String name, Identity user, @Nullable String device, @Nullable TransportKeys keys) {

  /// How a client is known (the source document's three, and what they come to).
  public enum Way {
    CERTIFICATE,
    PRESHARED_KEY,
    TICKET,
    TUNNEL,
    GBA,
    /// By a signature under its InK, over the request itself.
    TRANSPORT_KEY,
    /// By a signature under its SSK, over the GMK message that it has left for a UE.
    SIGNER
  }

  /// Without a device and keys.
  public static KmsClient of(Way way, String name, Identity user) {
    return new KmsClient(way, name, user, null, null);
  }
}
