package parley.mikey.group;

import java.util.List;
import parley.mikey.identity.Identity;

/// Who talks behind a gateway that re-keys: the gateway's signed word, and no more than that.
///
/// `talker`, `group` and `csbId` are those of the first announcement; `path` names the gateways in
/// the order in which it passed them, so the last one announces (and signs) it here.
public record BridgeOrigin(Identity talker, Identity group, int csbId, List<Identity> path) {
  /// More gateways than this make a [Refusal#LOOP].
  public static final int MAX_PATH = 4;

  public BridgeOrigin {
    path = List.copyOf(path);
    if (path.isEmpty()) {
      throw new IllegalArgumentException("a bridged talker came through at least one gateway");
    }
  }

  /// The gateway that announces.
  public Identity gateway() {
    return path.getLast();
  }
}
