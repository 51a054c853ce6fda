package parley.gateway;

import parley.gateway.keying.KeyingCounters;
import parley.gateway.media.GroupCounters;

/// What a group has counted. It outlives its plane: a group that comes back, or moves to another
/// loop, goes on where it stopped, so that no counter ever falls.
record PlaneCounters(GroupCounters media, KeyingCounters keying) {
  PlaneCounters() {
    this(new GroupCounters(), new KeyingCounters());
  }
}
