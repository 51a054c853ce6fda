package parley.gateway;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import parley.gateway.admin.GroupView;
import parley.gateway.admin.GroupView.BurstView;
import parley.gateway.admin.GroupView.GmkView;
import parley.gateway.admin.GroupView.LegView;
import parley.gateway.admin.GroupView.ReceiverView;
import parley.gateway.keying.Receivers;
import parley.gateway.keying.RunningBurst;
import parley.gateway.keying.SrtpKeying;
import parley.gateway.media.Burst;
import parley.gateway.media.DropReason;
import parley.gateway.media.GroupMedia;
import parley.gateway.media.Leg;
import parley.gateway.media.LegCounters;
import parley.keys.member.Member;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.MediaPolicy;
import parley.mikey.identity.Identity;

/// Describes a group to its operator. On the loop of the group.
final class GroupViews {
  private final Member member;

  GroupViews(Member member) {
    this.member = member;
  }

  GroupView view(ServedGroup group, Instant now) {
    GroupPlane plane = group.plane();
    return new GroupView(
        plane.group(),
        plane.media().legs().stream().map(leg -> leg(plane.media(), leg)).toList(),
        group.setup().config().bridges(),
        plane.keying().running().stream().map(GroupViews::burst).toList(),
        gmks(plane.group(), now),
        plane.keying().muted(),
        plane.keying().receivers().all().stream().map(GroupViews::receiver).toList());
  }

  private static LegView leg(GroupMedia media, LegCounters leg) {
    String direction = leg.direction() == LegCounters.Direction.IN ? "in" : "out";
    return new LegView(
        leg.leg().name(),
        direction,
        leg.packets(),
        leg.octets(),
        leg.dropped(DropReason.RECEIVE_FULL),
        media.faultOf(leg.leg()));
  }

  private static ReceiverView receiver(Receivers.Entry one) {
    return new ReceiverView(Leg.unicast(one.address()).name(), one.by(), one.member(), one.since());
  }

  private static BurstView burst(RunningBurst running) {
    Burst burst = running.burst();
    return new BurstView(
        burst.csbId(),
        burst.speaker(),
        burst.talker(),
        running.isOwn(),
        profile(SrtpKeying.policy(burst.announcement())),
        burst.startedAt(),
        burst.lastPacketAt(),
        burst.packets(),
        burst.octets(),
        running.isDisputed(),
        burst.isMuted());
  }

  /// As in the configuration.
  static String profile(MediaPolicy policy) {
    return policy.suite() + (policy.rccm3() ? "+RCCM3" : "");
  }

  private List<GmkView> gmks(Identity group, Instant now) {
    GroupMasterKey current = member.sendingGmk(group).orElse(null);
    List<GmkView> views = new ArrayList<>();
    for (GroupMasterKey gmk : member.gmkBook().all(group)) {
      boolean isCurrent = current != null && current.gmkId() == gmk.gmkId();
      views.add(
          new GmkView(
              gmk.gmkId(),
              gmk.issued().toInstant(),
              gmk.activation(),
              gmk.expiry(),
              isCurrent ? "current" : state(gmk, now)));
    }
    return views;
  }

  private static String state(GroupMasterKey gmk, Instant now) {
    if (gmk.isRevoked() || !now.isBefore(gmk.expiry())) {
      return "expired";
    }
    return now.isBefore(gmk.activation()) ? "future" : "older";
  }
}
