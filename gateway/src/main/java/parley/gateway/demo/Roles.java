package parley.gateway.demo;

import java.util.Map;
import parley.keys.member.Member;
import parley.mikey.identity.Identity;

/// Who has keys by the end of the second act. All of it is closed by the stage.
///
/// @param members the terminals; manager and gateway open their own vaults themselves
record Roles(Map<Identity, Member> members) {
  Member member(Identity who) {
    Member member = members.get(who);
    if (member == null) {
      throw new IllegalArgumentException(who + " does not play");
    }
    return member;
  }
}
