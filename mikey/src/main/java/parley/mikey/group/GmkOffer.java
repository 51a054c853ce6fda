package parley.mikey.group;

import parley.mikey.identity.Identity;

/// A GMK that a group's manager brings to one member. `manager` is the group's own identity unless
/// the group's configuration names another; it signs. The GMK stays its owner's.
public record GmkOffer(Identity group, Identity manager, Identity ue, GroupMasterKey gmk) {
  public GmkOffer {
    if (!gmk.group().equals(group)) {
      throw new IllegalArgumentException(gmk + " is not for " + group);
    }
  }

  /// An offer signed as the group.
  public static GmkOffer of(Identity ue, GroupMasterKey gmk) {
    return new GmkOffer(gmk.group(), gmk.group(), ue, gmk);
  }
}
