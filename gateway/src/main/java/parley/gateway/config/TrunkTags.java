package parley.gateway.config;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.gateway.media.GroupTag;
import parley.mikey.identity.Identity;

/// Which group has which tag on trunks: no two may have one.
final class TrunkTags {
  private final Map<GroupTag, Identity> groups = new HashMap<>();

  /// What speaks against this group's tag, or null.
  @Nullable String objection(GroupTag tag, Identity group) {
    Identity other = groups.putIfAbsent(tag, group);
    return other == null || other.equals(group)
        ? null
        : "has the tag of %s on a trunk, by a chance of 1 in 2^56; give one of them another id"
            .formatted(other.uri());
  }
}
