package parley.gateway.manager;

import parley.mikey.identity.Identity;

/// What a `parley manager` command asks of a server that has the vault: `{"verb":"rekey",
/// "group":"sip:fire-ops@example.org"}`.
public record DoorRequest(Verb verb, Identity group) {
  /// What it is about.
  public enum Verb {
    STATUS,
    REKEY,
    DISSOLVE
  }
}
