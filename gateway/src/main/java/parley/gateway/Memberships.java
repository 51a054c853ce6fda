package parley.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.config.GroupConfig;
import parley.keys.member.GroupMembership;
import parley.keys.member.Member;
import parley.keys.vault.VaultException;
import parley.mikey.identity.Identity;

/// Makes the gateway a member of its groups: the configuration decides whose signature a group's
/// GMKs must bear. A membership outlives the group's line in the configuration, with its GMKs.
final class Memberships {
  private static final Logger LOG = LoggerFactory.getLogger(Memberships.class);

  private final Member member;

  Memberships(Member member) {
    this.member = member;
  }

  /// All or nothing, as far as a vault that fails in the middle lets itself be set back.
  void join(List<GroupConfig> groups) throws VaultException {
    Map<Identity, GroupMembership> before = member.memberships();
    List<GroupMembership> changed = new ArrayList<>();
    try {
      for (GroupConfig group : groups) {
        GroupMembership was = before.get(group.id());
        member.joinGroup(
            new GroupMembership(group.id(), group.managerIdentity(), member.homeKms().kmsUri()));
        if (was != null) {
          changed.add(was);
        }
      }
    } catch (VaultException e) {
      changed.forEach(this::restore);
      throw e;
    }
  }

  private void restore(GroupMembership was) {
    try {
      member.joinGroup(was);
    } catch (VaultException e) {
      LOG.atError()
          .addKeyValue("group", was.group().uri())
          .setCause(e)
          .log("the manager of this group in the vault is that of the refused configuration");
    }
  }
}
