package parley.keys.manager;

import org.jspecify.annotations.Nullable;
import parley.mikey.identity.Identity;

/// Which group a manager manages, and as whom it signs: `manager` where it has an identity of its
/// own, else null, and the group's identity signs.
public record GroupSettings(Identity group, @Nullable Identity manager) {
  /// A group whose own identity signs.
  public static GroupSettings of(Identity group) {
    return new GroupSettings(group, null);
  }

  public Identity signer() {
    return manager == null ? group : manager;
  }
}
