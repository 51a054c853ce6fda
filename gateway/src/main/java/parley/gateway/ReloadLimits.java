package parley.gateway;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import parley.gateway.config.GatewayConfig;
import parley.gateway.config.GroupConfig;
import parley.gateway.media.Leg;
import parley.gateway.media.RtcpMode;

/// What a running gateway cannot change about itself.
final class ReloadLimits {
  private ReloadLimits() {}

  /// One sentence for each setting of `after` that only a restart can bring about.
  ///
  /// @param isRecording whether the recorder runs, and so has its folder and its payload types
  static List<String> restarts(GatewayConfig before, GatewayConfig after, boolean isRecording) {
    List<String> settings = new ArrayList<>();
    compare(settings, "identity", before.identity(), after.identity());
    compare(settings, "device", before.device(), after.device());
    compare(settings, "vault", before.vault(), after.vault());
    compare(settings, "mikey.listen", before.mikeyListen(), after.mikeyListen());
    compare(settings, "mikey.http", before.mikeyHttp(), after.mikeyHttp());
    compare(settings, "admin.listen", before.admin().listen(), after.admin().listen());
    compare(settings, "audit", before.audit(), after.audit());
    compare(settings, "media.io", before.media().io(), after.media().io());
    compare(settings, "media.tick", before.media().tick(), after.media().tick());
    compare(settings, "media.loops", before.media().loops(), after.media().loops());
    compare(settings, "media.srtp-engine", before.srtpEngine(), after.srtpEngine());
    if (isRecording) {
      compare(
          settings, "record.directory", before.record().directory(), after.record().directory());
      compare(
          settings,
          "record.warn-below",
          before.record().warnBelowOctets(),
          after.record().warnBelowOctets());
      compare(
          settings,
          "media.payload-types",
          before.media().payloadTypes(),
          after.media().payloadTypes());
    }
    return settings;
  }

  private static void compare(
      List<String> settings, String name, @Nullable Object before, @Nullable Object after) {
    if (!Objects.equals(before, after)) {
      settings.add(name + " cannot change while the gateway runs; restart it, or change it back");
    }
  }

  /// One sentence for each new listening leg whose port another of our own groups has now, or this
  /// group by another address: it cannot be given up and taken in one step without a moment in
  /// which a third may take it. A trunk that another group keeps is shared.
  static List<String> portsOfOurOwn(List<ServedGroup> before, List<GroupSetup> after) {
    List<String> clashes = new ArrayList<>();
    for (GroupSetup group : after) {
      for (Leg leg : group.config().listen()) {
        if (!leg.isMulticast() && !isThere(before, group, leg) && !isKept(before, after, leg)) {
          before.forEach(other -> clash(clashes, group, leg, other.setup().config()));
        }
      }
    }
    return clashes;
  }

  private static boolean isThere(List<ServedGroup> before, GroupSetup group, Leg leg) {
    return before.stream()
        .filter(served -> served.setup().id().equals(group.id()))
        .flatMap(served -> served.setup().config().listen().stream())
        .anyMatch(had -> had.hasSocketOf(leg));
  }

  private static boolean isKept(List<ServedGroup> before, List<GroupSetup> after, Leg trunk) {
    return after.stream()
        .filter(group -> group.config().listen().stream().anyMatch(trunk::isOneTrunkWith))
        .anyMatch(group ->
            before.stream()
                .filter(served -> served.setup().id().equals(group.id()))
                .flatMap(served -> served.setup().config().listen().stream())
                .anyMatch(trunk::isOneTrunkWith));
  }

  private static void clash(List<String> clashes, GroupSetup group, Leg leg, GroupConfig other) {
    for (Leg had : other.listen()) {
      if (!had.isMulticast() && overlap(had, leg)) {
        clashes.add(
            "%s: listen on %s: %s has that port now; take %s out, reload, then add this"
                .formatted(group.id().uri(), leg.name(), other.id().uri(), had.name()));
      }
    }
  }

  private static boolean overlap(Leg a, Leg b) {
    return ports(a).stream().anyMatch(x -> ports(b).stream().anyMatch(y -> overlap(x, y)));
  }

  private static boolean overlap(InetSocketAddress a, InetSocketAddress b) {
    return a.getPort() != 0
        && a.getPort() == b.getPort()
        && (a.getAddress().equals(b.getAddress())
            || a.getAddress().isAnyLocalAddress()
            || b.getAddress().isAnyLocalAddress());
  }

  private static List<InetSocketAddress> ports(Leg leg) {
    InetSocketAddress media = leg.address();
    return leg.rtcp() == RtcpMode.MUX
        ? List.of(media)
        : List.of(media, new InetSocketAddress(media.getAddress(), media.getPort() + 1));
  }
}
