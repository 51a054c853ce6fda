package parley.gateway;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import parley.gateway.config.GatewayConfig;
import parley.gateway.config.GroupConfig;
import parley.gateway.keying.GroupRoster;
import parley.keys.manager.MemberList;
import parley.keys.manager.WrongSetting;

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

  static WholeConfig of(GatewayConfig config) throws WrongMembers {
    List<GroupSetup> groups = new ArrayList<>();
    List<String> findings = new ArrayList<>();
    for (GroupConfig group : config.groups()) {
      try {
        groups.add(new GroupSetup(group, roster(group)));
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

  private static GroupRoster roster(GroupConfig group) throws WrongSetting, IOException {
    return group.members() == null
        ? GroupRoster.withoutList()
        : GroupRoster.of(MemberList.load(group.members()));
  }
}
