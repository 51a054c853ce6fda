package parley.keys.manager;

import java.util.EnumSet;
import java.util.Set;
import parley.mikey.identity.Identity;

/// A member and what it may do: at least one thing.
public record GroupMember(Identity identity, Set<Permission> permissions) {
  public GroupMember {
    if (permissions.isEmpty()) {
      throw new IllegalArgumentException(identity + " would be a member that may do nothing");
    }
    permissions = Set.copyOf(permissions);
  }

  public static GroupMember of(Identity identity, Permission first, Permission... more) {
    return new GroupMember(identity, EnumSet.of(first, more));
  }

  public boolean may(Permission permission) {
    return permissions.contains(permission);
  }

  /// Whether it gets the group's GMK: whoever talks, listens or relays needs it.
  public boolean needsGmk() {
    return may(Permission.TALK) || may(Permission.LISTEN) || may(Permission.RELAY);
  }
}
