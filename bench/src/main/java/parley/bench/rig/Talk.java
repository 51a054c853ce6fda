package parley.bench.rig;

import java.security.SecureRandom;
import java.time.InstantSource;
import parley.keys.member.Member;
import parley.mikey.group.MediaPolicy;
import parley.mikey.identity.Identity;
import parley.srtp.CipherEngine;

/// Who may talk in a group, and how.
public record Talk(
    Member talker, Identity group, MediaPolicy policy, SecureRandom random, InstantSource clock) {
  /// A new burst under the group's present GMK, which the talker has.
  public KeyedBurst burst(CipherEngine engine) {
    return new KeyedBurst(
        talker, group, policy, talker.sendingGmk(group).orElseThrow(), engine, random);
  }
}
