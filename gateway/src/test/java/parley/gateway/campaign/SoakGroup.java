package parley.gateway.campaign;

import static parley.gateway.campaign.Scrape.label;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import parley.gateway.media.DropReason;
import parley.gateway.net.ImpairedWire;
import parley.gateway.net.ImpairedWire.Direction;
import parley.gateway.net.ImpairedWire.Traffic;
import parley.gateway.net.WireAccount;

/// One group of the soak: where it listens and relays to, who talks, who hears, and the two
/// accounts between which its packets are counted.
final class SoakGroup {
  /// Drops behind the decision to relay, in the group that the packet was to leave from.
  private static final Set<DropReason> OUTBOUND =
      EnumSet.of(
          DropReason.SEND_FULL,
          DropReason.SEND_FAILED,
          DropReason.OVER_MTU,
          DropReason.INDEX_EXHAUSTED,
          DropReason.NO_ROOM,
          DropReason.REKEY_INDEX,
          DropReason.REKEY_RTCP);

  private static final Set<DropReason> UNSENT =
      EnumSet.of(DropReason.SEND_FULL, DropReason.SEND_FAILED);

  private final String id;
  private final boolean isGuest;
  private final List<InetSocketAddress> doors = new ArrayList<>();
  private final Map<String, FieldEar> ears = new TreeMap<>();
  private final List<FieldTalker> talkers = new ArrayList<>();
  private final List<String> extraYaml = new ArrayList<>();
  private final @Nullable String device;
  private @Nullable FieldEar extraEar;
  private boolean hasExtra;
  private boolean isConfigured;
  private Tally base = Tally.NONE;
  private Tally sum = Tally.NONE;

  /// @param isGuest whether it is in the configuration only now and then
  /// @param device of multicast legs
  SoakGroup(String id, boolean isGuest, String device) {
    this.id = id;
    this.isGuest = isGuest;
    this.device = device;
    isConfigured = !isGuest;
  }

  String id() {
    return id;
  }

  boolean isGuest() {
    return isGuest;
  }

  boolean isConfigured() {
    return isConfigured;
  }

  void configured(boolean now) {
    isConfigured = now;
  }

  List<InetSocketAddress> doors() {
    return doors;
  }

  List<FieldTalker> talkers() {
    return talkers;
  }

  /// A leg that is always there.
  void relaysTo(FieldEar ear) {
    ears.put(legName(ear.address()), ear);
  }

  /// A leg that comes and goes.
  void relaysNowAndThenTo(FieldEar ear) {
    extraEar = ear;
    ears.put(legName(ear.address()), ear);
  }

  boolean hasExtra() {
    return hasExtra;
  }

  void extra(boolean wanted) {
    hasExtra = wanted;
  }

  /// More lines of its entry.
  void yaml(String line) {
    extraYaml.add(line);
  }

  void close() {
    ears.values().forEach(FieldEar::close);
  }

  private String legName(InetSocketAddress address) {
    String text = address.getAddress().getHostAddress() + ":" + address.getPort();
    return address.getAddress().isMulticastAddress() ? text + "%" + device : text;
  }

  /// Its entry in the configuration.
  String yaml() {
    var yaml = new StringBuilder("  - id: " + id + "\n    listen:\n");
    doors.forEach(door -> yaml.append("      - ").append(leg(door, "unicast")).append('\n'));
    if (doors.isEmpty()) {
      yaml.setLength(yaml.length() - "    listen:\n".length());
    }
    yaml.append("    relay:\n");
    for (FieldEar ear : ears.values()) {
      if (ear != extraEar || hasExtra) {
        yaml.append("      - ").append(leg(ear.address(), "to")).append('\n');
      }
    }
    extraYaml.forEach(line -> yaml.append(line).append('\n'));
    return yaml.append("    record: {}\n").toString();
  }

  private String leg(InetSocketAddress at, String unicast) {
    String address = at.getAddress().getHostAddress() + ":" + at.getPort();
    if (!at.getAddress().isMulticastAddress()) {
      return "{%s: \"%s\"}".formatted(unicast, address);
    }
    String ttl = unicast.equals("to") ? ", ttl: 1" : "";
    return "{multicast: \"%s\", interface: %s%s}".formatted(address, device, ttl);
  }

  /// Counts from here.
  void begin(Scrape scrape, ImpairedWire wire) {
    base = now(scrape, wire);
  }

  /// What came since the account began.
  Tally soFar(Scrape scrape, ImpairedWire wire) {
    return now(scrape, wire).since(base);
  }

  /// `passed` is settled; a new account begins behind it.
  void settle(Tally passed) {
    base = base.plus(passed);
    sum = sum.plus(passed);
  }

  /// All that was settled.
  Tally sum() {
    return sum;
  }

  private Tally now(Scrape scrape, ImpairedWire wire) {
    WireAccount forth = new WireAccount(0, 0, 0, 0, 0);
    for (InetSocketAddress door : doors) {
      forth = plus(forth, wire.account(Direction.FORTH, door.getPort(), Traffic.ANY));
    }
    String group = label("group", id);
    Map<String, Tally.Leg> legs = new TreeMap<>();
    ears.forEach((name, ear) -> legs.put(name, leg(name, ear, scrape, wire)));
    return new Tally(
        talkers.stream().mapToLong(FieldTalker::sent).sum(),
        talkers.stream().mapToLong(FieldTalker::sentGenuine).sum(),
        forth.entered(),
        forth.lost(),
        forth.duplicated(),
        forth.delivered(),
        scrape.sum("parley_packets_total", group, label("direction", "in")),
        drops(scrape),
        scrape.sum("parley_announcements_accepted_total", group),
        scrape.sum("parley_announcements_refused_total", group),
        dropped(scrape, EnumSet.of(DropReason.REKEY_INDEX, DropReason.REKEY_RTCP)),
        dropped(scrape, UNSENT),
        legs);
  }

  private static WireAccount plus(WireAccount a, WireAccount b) {
    return new WireAccount(
        a.entered() + b.entered(),
        a.lost() + b.lost(),
        a.duplicated() + b.duplicated(),
        a.reordered() + b.reordered(),
        a.delivered() + b.delivered());
  }

  private Tally.Leg leg(String name, FieldEar ear, Scrape scrape, ImpairedWire wire) {
    int port = ear.address().getPort();
    WireAccount back = wire.account(Direction.BACK, port, Traffic.ANY);
    return new Tally.Leg(
        ear != extraEar,
        scrape.sum(
            "parley_packets_total",
            label("group", id),
            label("leg", name),
            label("direction", "out")),
        back.entered(),
        wire.account(Direction.BACK, port, Traffic.RTP).entered()
            + wire.account(Direction.BACK, port, Traffic.RTCP).entered(),
        back.lost(),
        back.duplicated(),
        back.delivered(),
        ear.heard(),
        ear.strange());
  }

  private Map<String, Long> drops(Scrape scrape) {
    Map<String, Long> drops = new TreeMap<>();
    for (DropReason reason : EnumSet.complementOf(EnumSet.copyOf(OUTBOUND))) {
      long count = dropped(scrape, EnumSet.of(reason));
      if (count > 0) {
        drops.put(reason.label(), count);
      }
    }
    return drops;
  }

  private long dropped(Scrape scrape, Set<DropReason> reasons) {
    return reasons.stream()
        .mapToLong(reason ->
            scrape.sum(
                "parley_packets_dropped_total",
                label("group", id),
                label("reason", reason.label())))
        .sum();
  }
}
