package parley.gateway.keying;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.mikey.group.BridgeOrigin;
import parley.mikey.group.VerifiedAnnouncement;
import parley.mikey.identity.Identity;

/// Carries the talkers of one group into another under keys of this gateway's own (wire profile,
/// section 6).
///
/// Every inbound CSB gets an outbound CSB of its own: fresh GSK, fresh CSB ID and RAND, an SSRC
/// from the gateway's space and a random first sequence number, so an index of the inbound stream
/// never meets a key twice. What a bridge must not carry: a burst whose path holds this gateway
/// already or would grow past four gateways, and a burst back into the group where it was first
/// spoken.
final class Bridge {
  private final Identity self;
  private final GroupKeying destination;

  Bridge(Identity self, GroupKeying destination) {
    this.self = self;
    this.destination = destination;
  }

  GroupKeying destination() {
    return destination;
  }

  /// The origin to announce for `in`, or null where the burst must not be carried.
  @Nullable BridgeOrigin originOf(VerifiedAnnouncement in) {
    BridgeOrigin before = in.origin();
    Identity talker = before == null ? in.talker() : before.talker();
    Identity group = before == null ? in.group() : before.group();
    int csbId = before == null ? in.csbId() : before.csbId();
    List<Identity> path = new ArrayList<>(before == null ? List.of() : before.path());
    path.add(self);
    boolean mayCarry =
        !group.equals(destination.group())
            && path.size() <= BridgeOrigin.MAX_PATH
            && path.indexOf(self) == path.size() - 1;
    return mayCarry ? new BridgeOrigin(talker, group, csbId, List.copyOf(path)) : null;
  }

  /// Makes and signs the outbound announcement: a few milliseconds, on the pool. Null when the
  /// destination has no key to announce under; the caller says so.
  @Nullable PreparedBridge prepare(VerifiedAnnouncement in) {
    BridgeOrigin origin = originOf(in);
    return origin == null ? null : destination.own().prepare(this, in, origin);
  }
}
