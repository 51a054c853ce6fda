package parley.gateway.manager;

import org.jspecify.annotations.Nullable;
import parley.keys.manager.MemberList;

/// A server's answer to a [DoorRequest]: how the group stands now, or one sentence why not.
///
/// @param members the members file's text, where the request was about them
/// @param signed the signed list in Base64, where it was asked for
public record DoorReply(
    @Nullable String error,
    @Nullable GroupReport report,
    @Nullable String members,
    @Nullable String signed) {
  static DoorReply failed(String sentence) {
    return new DoorReply(sentence, null, null, null);
  }

  static DoorReply status(GroupReport report) {
    return new DoorReply(null, report, null, null);
  }

  static DoorReply members(MemberList list) {
    return new DoorReply(null, null, list.toYaml(), null);
  }

  static DoorReply signed(String list) {
    return new DoorReply(null, null, null, list);
  }
}
