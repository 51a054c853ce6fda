package parley.gateway.manager;

import org.jspecify.annotations.Nullable;
import parley.mikey.identity.Identity;

/// What a `parley manager` command asks of a server that has the vault: `{"verb":"put",
/// "group":"sip:fire-ops@example.org","member":"sip:bob@example.org","may":"talk,listen"}`.
///
/// @param member null where the verb is not about one
/// @param may permissions joined by commas; null likewise
public record DoorRequest(
    Verb verb, Identity group, @Nullable Identity member, @Nullable String may) {
  /// A request about the group as a whole.
  public DoorRequest(Verb verb, Identity group) {
    this(verb, group, null, null);
  }

  /// What it is about.
  public enum Verb {
    STATUS,
    REKEY,
    DISSOLVE,
    MEMBERS,
    SIGNED,
    PUT,
    EXCLUDE;

    /// Whether something is other than before when it is done.
    boolean isAct() {
      return this == REKEY || this == DISSOLVE || this == PUT || this == EXCLUDE;
    }
  }
}
