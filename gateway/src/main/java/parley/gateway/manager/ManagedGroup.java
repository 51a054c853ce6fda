package parley.gateway.manager;

import parley.gateway.config.ManagedGroupConfig;
import parley.keys.manager.Distributor;
import parley.keys.manager.GroupManager;

/// A group with what serves it. `config` is the newest that was read.
record ManagedGroup(
    ManagedGroupConfig config, GroupManager manager, GroupOutlet outlet, Distributor distributor) {
  ManagedGroup with(ManagedGroupConfig newer) {
    return new ManagedGroup(newer, manager, outlet, distributor);
  }
}
