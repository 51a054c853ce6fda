package parley.keys.kms.registry;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.mikey.identity.Identity;

/// A user as the operator writes it down.
///
/// @param homeKms the KMS that serves this user; null for this one
/// @param devices added to those that are known already
/// @param names added likewise
public record NewKmsUser(
    Identity identity, @Nullable String homeKms, Set<String> devices, Set<Name> names) {
  public NewKmsUser {
    devices = Set.copyOf(devices);
    names = Set.copyOf(names);
  }

  /// By what it is known.
  public record Name(KnownBy way, String name) {}
}
