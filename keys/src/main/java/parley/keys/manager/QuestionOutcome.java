package parley.keys.manager;

import java.util.List;
import parley.mikey.identity.Identity;

/// What a member's question brings it.
public sealed interface QuestionOutcome {
  /// What waits for it, oldest T first; empty where nothing does.
  record Waiting(Identity ue, List<GmkMessage> messages) implements QuestionOutcome {
    public Waiting {
      messages = List.copyOf(messages);
    }
  }

  /// The signed list of members.
  record Listed(Identity ue, UnverifiedMemberList list) implements QuestionOutcome {}

  /// Nothing. `detail` is one sentence.
  record Refused(RegistrationRefusal reason, String detail) implements QuestionOutcome {}
}
