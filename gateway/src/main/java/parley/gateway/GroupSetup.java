package parley.gateway;

import parley.gateway.config.GroupConfig;
import parley.gateway.keying.GroupRoster;
import parley.mikey.identity.Identity;

/// One group as it is configured, with the members list that its configuration names.
record GroupSetup(GroupConfig config, GroupRoster roster) {
  Identity id() {
    return config.id();
  }
}
