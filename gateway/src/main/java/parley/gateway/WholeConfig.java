package parley.gateway;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import parley.gateway.config.GatewayConfig;
import parley.gateway.config.GroupConfig;
import parley.gateway.keying.GroupRoster;
import parley.keys.manager.MemberList;
import parley.keys.manager.WrongSetting;
import parley.mikey.identity.Identity;

/// A configuration with every file that it names read: nothing of it can be wrong any more.
record WholeConfig(GatewayConfig gateway, List<GroupSetup> groups) {
  WholeConfig {
    groups = List.copyOf(groups);
  }

  /// Members lists that cannot be used, one sentence each.
  static final class WrongMembers extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient List<String> findings;

    WrongMembers(List<String> findings) {
      super(String.join("; ", findings));
      this.findings = List.copyOf(findings);
    }

    List<String> findings() {
      return findings;
    }
  }

  /// @param signed the newest signed list of a group, where one is held
  static WholeConfig of(GatewayConfig config, Function<Identity, Optional<MemberList>> signed)
      throws WrongMembers {
    List<GroupSetup> groups = new ArrayList<>();
    List<String> findings = new ArrayList<>();
    for (GroupConfig group : config.groups()) {
      try {
        groups.add(new GroupSetup(group, roster(group, signed)));
      } catch (WrongSetting e) {
        findings.add(String.valueOf(e.getMessage()));
      } catch (IOException e) {
        findings.add(
            "the members list of %s cannot be read: %s"
                .formatted(group.id().uri(), e.getMessage()));
      }
    }
    if (!findings.isEmpty()) {
      throw new WrongMembers(findings);
    }
    return new WholeConfig(config, groups);
  }

  /// Until a signed list has come nobody is on it.
  private static GroupRoster roster(
      GroupConfig group, Function<Identity, Optional<MemberList>> signed)
      throws WrongSetting, IOException {
    if (group.membersFrom() != null) {
      return GroupRoster.of(signed.apply(group.id()).orElseGet(() -> MemberList.of(List.of())));
    }
    return group.members() == null
        ? GroupRoster.withoutList()
        : GroupRoster.of(MemberList.load(group.members()));
  }
}
