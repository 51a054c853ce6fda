package parley.gateway.ue;

import parley.gateway.media.Leg;
import parley.mikey.group.MediaPolicy;
import parley.mikey.identity.Identity;

/// Where and how a talker speaks.
///
/// @param to where announcement, SRTP and SRTCP go
/// @param speed how many seconds of speech are sent in a second; 1 outside tests
public record TalkerSettings(Identity group, Leg to, MediaPolicy policy, double speed) {
  public TalkerSettings {
    if (!(speed > 0)) {
      throw new IllegalArgumentException("speed is " + speed + ", it must be above 0");
    }
  }

  /// In real time.
  public TalkerSettings(Identity group, Leg to, MediaPolicy policy) {
    this(group, to, policy, 1);
  }
}
