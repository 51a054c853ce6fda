package parley.gateway.media;

import java.util.List;
import parley.mikey.identity.Identity;

/// What one group's media plane is told at its start.
public record GroupMediaSettings(
    Identity group, List<Leg> listen, List<Leg> relay, MediaLimits limits) {
  public GroupMediaSettings {
    listen = List.copyOf(listen);
    relay = List.copyOf(relay);
  }
}
