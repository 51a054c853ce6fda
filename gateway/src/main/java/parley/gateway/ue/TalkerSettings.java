package parley.gateway.ue;

import parley.gateway.media.Leg;
import parley.mikey.group.MediaPolicy;
import parley.mikey.identity.Identity;

/// Where and how a talker speaks.
///
/// @param to where announcement, SRTP and SRTCP go
/// @param speed how many seconds of speech are sent in a second; 1 outside tests
/// @param ahead how many bursts are made before they are wanted
public record TalkerSettings(
    Identity group, Leg to, MediaPolicy policy, double speed, BurstsAhead ahead) {
  public TalkerSettings {
    if (!(speed > 0)) {
      throw new IllegalArgumentException("speed is " + speed + ", it must be above 0");
    }
  }

  /// In real time, with the next burst made ahead.
  public TalkerSettings(Identity group, Leg to, MediaPolicy policy) {
    this(group, to, policy, 1, BurstsAhead.DEFAULT);
  }

  /// The same with so many bursts made ahead.
  public TalkerSettings with(BurstsAhead other) {
    return new TalkerSettings(group, to, policy, speed, other);
  }
}
