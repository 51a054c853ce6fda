package parley.gateway.admin;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import parley.gateway.keying.JoinCounters;
import parley.gateway.media.GroupCounters;
import parley.mikey.group.Refusal;
import parley.mikey.identity.Identity;

/// One group at one moment.
///
/// @param talkers verified talkers with a running burst
/// @param bursts running bursts, bridged ones included
/// @param media the group's live counters
/// @param accepted announcements accepted since the start, repeats included
/// @param refused announcements refused since the start; a reason that is absent counts 0
/// @param gmk the current key; null where there is none
/// @param joins the live counters of receivers
/// @param manager how it goes with its manager, where that is asked over HTTPS
public record GroupStatus(
    Identity group,
    int talkers,
    int bursts,
    GroupCounters media,
    long accepted,
    Map<Refusal, Long> refused,
    @Nullable GmkStatus gmk,
    JoinCounters joins,
    List<ManagerContact> manager) {
  public GroupStatus {
    manager = List.copyOf(manager);
    refused = Map.copyOf(refused);
  }
}
