package parley.gateway.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import parley.gateway.keying.JoinSettings;
import parley.gateway.media.Leg;
import parley.mikey.group.MediaPolicy;
import parley.mikey.identity.Identity;

/// One group the gateway serves.
///
/// @param manager how its GMKs come, besides MIKEY's ports; null: by these alone
/// @param managerIdentity who signs the group's GMKs, where it is not the group itself
/// @param profiles what an announcement may ask for
/// @param members who may talk, listen, relay, manage; null: whoever holds the GMK may talk
/// @param membersFrom who is asked for the same, signed as the group's GMKs are; null where
///   `members` says, or nobody
/// @param bridges the groups into which this one is re-keyed
/// @param grace how long streams under an older GMK go on
/// @param window how far an announcement's T may be from now
/// @param lowLatency whether packets are taken as they come, never at the next tick
/// @param receivers bounds of those that join by themselves; null where none may
public record GroupConfig(
    Identity id,
    @Nullable ManagerWay manager,
    @Nullable Identity managerIdentity,
    List<MediaPolicy> profiles,
    @Nullable Path members,
    @Nullable HttpsManager membersFrom,
    List<Leg> listen,
    List<Leg> relay,
    List<Identity> bridges,
    boolean record,
    int maxTalkers,
    Duration grace,
    Duration window,
    boolean lowLatency,
    @Nullable JoinSettings receivers) {
  public GroupConfig {
    profiles = List.copyOf(profiles);
    listen = List.copyOf(listen);
    relay = List.copyOf(relay);
    bridges = List.copyOf(bridges);
  }
}
