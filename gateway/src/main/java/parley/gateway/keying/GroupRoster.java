package parley.gateway.keying;

import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import parley.keys.manager.MemberList;
import parley.keys.manager.Permission;
import parley.mikey.identity.Identity;

/// Who may do what in one group, as this member knows it. Immutable; any thread.
///
/// Without a list every identity that the group's KMS certified and that holds the GMK may talk
/// (wire profile, section 4). Nobody may relay without a list: a gateway's word for the origin of a
/// burst is worth only what an operator granted.
public final class GroupRoster {
  private final @Nullable MemberList list;

  private GroupRoster(@Nullable MemberList list) {
    this.list = list;
  }

  public static GroupRoster withoutList() {
    return new GroupRoster(null);
  }

  public static GroupRoster of(MemberList list) {
    return new GroupRoster(list);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GroupRoster that && Objects.equals(list, that.list);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(list);
  }

  boolean mayTalk(Identity who) {
    return list == null || permissions(list, who).contains(Permission.TALK);
  }

  /// Whether it may join a unicast relay. Without a list whoever holds the GMK may.
  boolean mayListen(Identity who) {
    return list == null || permissions(list, who).contains(Permission.LISTEN);
  }

  boolean mayRelay(Identity who) {
    return list != null && permissions(list, who).contains(Permission.RELAY);
  }

  private static Set<Permission> permissions(MemberList list, Identity who) {
    return list.permissions(who);
  }
}
