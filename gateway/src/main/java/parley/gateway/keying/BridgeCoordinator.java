package parley.gateway.keying;

import parley.mikey.identity.Identity;

/// Decides which of several gateways carries a talker from one group into another.
///
/// Wire profile, section 6: where two gateways bridge the same pair of groups the destination hears
/// one. The default decides by what is heard in the destination group; a deployment that has a lock
/// service can replace it. Called on the loop that owns both groups.
public interface BridgeCoordinator {
  /// What to do now.
  enum Role {
    /// Announce and carry.
    CARRY,
    /// Another gateway carries; wait and take over if it does not.
    STAND_BY
  }

  /// The role for a new burst of `origin` towards `destination`.
  Role role(Identity originGroup, Identity destination);

  /// Another gateway's announcement for the same pair was verified in the destination group.
  Role heard(Identity otherGateway, Identity originGroup, Identity destination);

  /// The gateway that should carry did not announce in time: this one carries from now on.
  void missed(Identity originGroup, Identity destination);
}
