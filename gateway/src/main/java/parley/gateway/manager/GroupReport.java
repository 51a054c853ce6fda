package parley.gateway.manager;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import parley.keys.manager.Delivery;
import parley.keys.manager.GroupManager;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.identity.Identity;

/// A group as its manager sees it, in words: what `parley manager status` shows. Without secrets.
///
/// @param gmks the newest first
public record GroupReport(String group, boolean dissolved, List<Gmk> gmks) {
  public GroupReport {
    gmks = List.copyOf(gmks);
  }

  /// One GMK and who has it. `expiry` is null for none.
  public record Gmk(
      String gmkId,
      String issued,
      String activation,
      @Nullable String expiry,
      boolean revoked,
      List<Line> deliveries) {
    public Gmk {
      deliveries = List.copyOf(deliveries);
    }
  }

  /// One line of the delivery board. `address` is null where none is known.
  public record Line(String ue, String state, String since, @Nullable String address) {}

  /// Of a group that is only looked at.
  public static GroupReport of(GroupManager manager) {
    return of(manager, null);
  }

  static GroupReport of(GroupManager manager, @Nullable GroupOutlet outlet) {
    List<Gmk> gmks = new ArrayList<>();
    for (GroupMasterKey gmk : manager.gmks()) {
      gmks.add(
          new Gmk(
              HexFormat.of().toHexDigits(gmk.gmkId()),
              gmk.issued().toInstant().toString(),
              gmk.activation().toString(),
              gmk.expiry().equals(Instant.MAX) ? null : gmk.expiry().toString(),
              gmk.isRevoked(),
              manager.deliveries().stream()
                  .filter(delivery -> delivery.gmkId() == gmk.gmkId())
                  .map(delivery -> line(delivery, address(manager, outlet, delivery.ue())))
                  .toList()));
    }
    return new GroupReport(manager.group().uri(), manager.isDissolved(), gmks);
  }

  private static Line line(Delivery delivery, @Nullable String address) {
    return new Line(
        delivery.ue().uri(),
        delivery.state().name().toLowerCase(Locale.ROOT),
        delivery.since().toString(),
        address);
  }

  private static @Nullable String address(
      GroupManager manager, @Nullable GroupOutlet outlet, Identity ue) {
    return manager
        .address(ue)
        .map(address -> address.getAddress().getHostAddress() + ":" + address.getPort())
        .orElse(outlet != null && outlet.reaches(ue) ? "configured" : null);
  }
}
