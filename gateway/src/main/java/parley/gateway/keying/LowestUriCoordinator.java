package parley.gateway.keying;

import java.util.HashMap;
import java.util.Map;
import parley.mikey.identity.Identity;

/// The gateway with the lower URI carries, the others stand by (wire profile, section 6).
///
/// A gateway learns of a lower one by its announcements and remembers it for the pair of groups, so
/// that the next burst is carried by one from its first packet; when the lower one stays silent
/// this gateway takes over. URIs compare octet by octet. Confined to one loop.
public final class LowestUriCoordinator implements BridgeCoordinator {
  private record Pair(Identity originGroup, Identity destination) {}

  private final Identity self;
  private final Map<Pair, Identity> lower = new HashMap<>();

  public LowestUriCoordinator(Identity self) {
    this.self = self;
  }

  @Override
  public Role role(Identity originGroup, Identity destination) {
    return lower.containsKey(new Pair(originGroup, destination)) ? Role.STAND_BY : Role.CARRY;
  }

  @Override
  public Role heard(Identity otherGateway, Identity originGroup, Identity destination) {
    if (precedes(self, otherGateway)) {
      return Role.CARRY;
    }
    lower.put(new Pair(originGroup, destination), otherGateway);
    return Role.STAND_BY;
  }

  @Override
  public void missed(Identity originGroup, Identity destination) {
    lower.remove(new Pair(originGroup, destination));
  }

  /// Whether `a` comes before `b` in the order of their octets.
  static boolean precedes(Identity a, Identity b) {
    return a.uri().compareTo(b.uri()) < 0;
  }
}
