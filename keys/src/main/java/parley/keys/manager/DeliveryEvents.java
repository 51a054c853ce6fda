package parley.keys.manager;

import java.util.Collection;
import parley.keys.member.KeysMissing;
import parley.mikey.group.GroupMasterKey;

/// What a [Distributor] tells while it works, on its thread.
public interface DeliveryEvents {
  /// The plan, or a command, brought a new GMK.
  default void made(GroupMasterKey gmk) {}

  /// These UEs have proved that they hold their GMKs; all of it is on the disk.
  default void confirmed(Collection<Delivery> deliveries) {}

  /// Messages cannot be made, because the group's signer has no keys of the present period; what is
  /// made already goes on.
  default void cannotSeal(KeysMissing why) {}
}
