package parley.keys.gba.hss;

import java.util.List;
import parley.mikey.identity.Identity;

/// What an operator sees of one subscriber.
///
/// @param identities public ones, for which it may get keys
public record Subscriber(String impi, List<Identity> identities) {
  public Subscriber {
    identities = List.copyOf(identities);
  }
}
