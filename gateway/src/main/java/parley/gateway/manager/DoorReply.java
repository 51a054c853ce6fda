package parley.gateway.manager;

import org.jspecify.annotations.Nullable;

/// A server's answer to a [DoorRequest]: how the group stands now, or one sentence why not.
public record DoorReply(@Nullable String error, @Nullable GroupReport report) {
  static DoorReply failed(String sentence) {
    return new DoorReply(sentence, null);
  }

  static DoorReply status(GroupReport report) {
    return new DoorReply(null, report);
  }
}
