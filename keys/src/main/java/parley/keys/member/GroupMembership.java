package parley.keys.member;

import org.jspecify.annotations.Nullable;
import parley.mikey.identity.Identity;

/// A group that a member belongs to: it decides whose signature a GMK of that group must bear.
///
/// `manager` is the manager's own identity where the group's configuration names one, else null:
/// then the group's identity signs. `kmsUri` is the KMS that certifies the signer.
public record GroupMembership(Identity group, @Nullable Identity manager, String kmsUri) {
  /// A group whose own identity signs its GMKs.
  public static GroupMembership of(Identity group, String kmsUri) {
    return new GroupMembership(group, null, kmsUri);
  }

  /// Who signs the group's I_MESSAGEs.
  public Identity signer() {
    return manager == null ? group : manager;
  }
}
