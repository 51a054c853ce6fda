package parley.gateway;

import java.util.List;
import parley.gateway.keying.GroupKeyingSettings;
import parley.gateway.keying.GroupRoster;
import parley.gateway.media.Leg;
import parley.gateway.media.MediaTap;
import parley.gateway.media.PreparedLegs;

/// What a plane shall be from now on; its sockets are open already.
///
/// @param relay the relay legs of its configuration
/// @param bridges the planes into which it carries, on the same loop
record PlaneChange(
    PreparedLegs legs,
    List<Leg> relay,
    GroupKeyingSettings rules,
    GroupRoster roster,
    MediaTap tap,
    List<GroupPlane> bridges,
    boolean lowLatency) {
  PlaneChange {
    relay = List.copyOf(relay);
    bridges = List.copyOf(bridges);
  }
}
