package parley.gateway.demo;

import java.util.Map;
import parley.keys.manager.GroupManager;
import parley.keys.member.Member;
import parley.mikey.identity.Identity;

/// Everybody who has keys by the end of the first act. All of it is closed by the stage.
///
/// @param members the terminals; the gateway opens its own vault itself
record Roles(GroupManager fireOps, GroupManager jointOps, Map<Identity, Member> members) {
  Member member(Identity who) {
    Member member = members.get(who);
    if (member == null) {
      throw new IllegalArgumentException(who + " does not play");
    }
    return member;
  }
}
