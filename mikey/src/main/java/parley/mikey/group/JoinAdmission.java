package parley.mikey.group;

import org.jspecify.annotations.Nullable;

/// What a [JoinGate] says to a datagram.
public sealed interface JoinAdmission {

  /// A holder of `gmk`, which is its book's, made this. Who signed it is not known yet.
  record Admitted(UnverifiedJoin message, GroupMasterKey gmk) implements JoinAdmission {}

  /// Not accepted. `message` is null where the octets are none.
  record Refused(JoinRefusal reason, String detail, @Nullable UnverifiedJoin message)
      implements JoinAdmission {}
}
