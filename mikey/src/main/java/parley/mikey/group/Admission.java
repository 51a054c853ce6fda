package parley.mikey.group;

import org.jspecify.annotations.Nullable;

/// What an [AnnouncementGate] says to a datagram.
public sealed interface Admission {

  /// Worth a signature check, and in flight until [AnnouncementGate#settle]. `gmk` is its book's.
  record Admitted(UnverifiedAnnouncement message, GroupMasterKey gmk) implements Admission {}

  /// Not accepted. `message` is null where the octets are none.
  record Refused(Refusal reason, String detail, @Nullable UnverifiedAnnouncement message)
      implements Admission {}
}
