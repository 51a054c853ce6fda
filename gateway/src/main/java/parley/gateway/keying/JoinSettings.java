package parley.gateway.keying;

import java.time.Duration;

/// How many receivers may join a group's unicast relay by themselves, and for how long.
///
/// @param max in the group
/// @param perMember of one member, which may have several devices
/// @param perSource at one address, whatever their ports: behind one NAT there may be many
/// @param expire a receiver that says nothing for so long is gone; three refreshes by default
public record JoinSettings(int max, int perMember, int perSource, Duration expire) {
  /// How often a receiver refreshes (wire profile, section 7).
  public static final Duration REFRESH = Duration.ofSeconds(15);

  public static final int DEFAULT_MAX = 100;
  public static final int DEFAULT_PER_MEMBER = 4;
  public static final int DEFAULT_PER_SOURCE = 16;
  public static final Duration DEFAULT_EXPIRE = REFRESH.multipliedBy(3);

  public static JoinSettings defaults() {
    return new JoinSettings(DEFAULT_MAX, DEFAULT_PER_MEMBER, DEFAULT_PER_SOURCE, DEFAULT_EXPIRE);
  }
}
