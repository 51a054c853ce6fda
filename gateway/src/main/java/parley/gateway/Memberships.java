package parley.gateway;

import java.util.List;
import parley.gateway.config.GroupConfig;
import parley.keys.member.GroupMembership;
import parley.keys.member.Member;
import parley.keys.vault.VaultException;

/// Makes the gateway a member of its groups: the configuration decides whose signature a group's
/// GMKs must bear. A membership outlives the group's line in the configuration, with its GMKs.
final class Memberships {
  private final Member member;

  Memberships(Member member) {
    this.member = member;
  }

  /// All or nothing, in one write of the vault.
  void join(List<GroupConfig> groups) throws VaultException {
    String kms = member.homeKms().kmsUri();
    member.joinGroups(
        groups.stream()
            .map(group -> new GroupMembership(group.id(), group.managerIdentity(), kms))
            .toList());
  }
}
