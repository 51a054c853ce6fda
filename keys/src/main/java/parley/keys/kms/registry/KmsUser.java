package parley.keys.kms.registry;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.mikey.identity.Identity;

/// What the registry knows of one user, as of one moment.
///
/// @param homeKms the KMS that serves this user; null for this one
/// @param revoked why its keys are withdrawn; null while they are not
/// @param devices that may have keys; any where none is named
/// @param managed the groups whose own keys it may have
public record KmsUser(
    Identity identity,
    @Nullable String homeKms,
    @Nullable String revoked,
    Set<String> devices,
    Set<Identity> managed) {
  public KmsUser {
    devices = Set.copyOf(devices);
    managed = Set.copyOf(managed);
  }
}
