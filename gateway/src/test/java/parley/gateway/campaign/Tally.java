package parley.gateway.campaign;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What became of one group's packets between two moments of silence, each number counted by whom
/// it concerns: the talkers' sockets, the wire, the gateway's metrics, the receivers' sockets.
///
/// @param sent by the talkers' sockets
/// @param genuine media of members among them, each packet once
/// @param entered what the wire took in towards the gateway
/// @param lost what it lost
/// @param doubled copies it made
/// @param delivered what it put out at the gateway
/// @param in what the gateway counted as received
/// @param dropped what it refused, by reason
/// @param announced announcements it accepted
/// @param refused announcements it refused
/// @param rekeyedAway packets that were to be re-keyed into this group and were not
/// @param unsent what the gateway's sockets did not take
/// @param legs what left towards receivers
record Tally(
    long sent,
    long genuine,
    long entered,
    long lost,
    long doubled,
    long delivered,
    long in,
    Map<String, Long> dropped,
    long announced,
    long refused,
    long rekeyedAway,
    long unsent,
    Map<String, Leg> legs) {
  /// One relay leg.
  ///
  /// @param isKept false for a leg that comes and goes
  /// @param out what the gateway counted as sent
  /// @param entered what the wire took in from the gateway
  /// @param media RTP and RTCP among it
  /// @param lost what it lost
  /// @param doubled copies it made
  /// @param delivered what it put out at the receiver
  /// @param heard what the receiver's socket gave
  /// @param strange media among it that no member had sent
  record Leg(
      boolean isKept,
      long out,
      long entered,
      long media,
      long lost,
      long doubled,
      long delivered,
      long heard,
      long strange) {
    private static final Leg NONE = new Leg(false, 0, 0, 0, 0, 0, 0, 0, 0);

    private Leg plus(Leg more, long times) {
      return new Leg(
          isKept || more.isKept,
          out + times * more.out,
          entered + times * more.entered,
          media + times * more.media,
          lost + times * more.lost,
          doubled + times * more.doubled,
          delivered + times * more.delivered,
          heard + times * more.heard,
          strange + times * more.strange);
    }
  }

  static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0, 0, Map.of(), 0, 0, 0, 0, Map.of());

  Tally {
    dropped = Map.copyOf(dropped);
    legs = Map.copyOf(legs);
  }

  /// What came since `before`.
  Tally since(Tally before) {
    return plus(before, -1);
  }

  Tally plus(Tally more) {
    return plus(more, 1);
  }

  private Tally plus(Tally more, long times) {
    Map<String, Long> drops = new TreeMap<>(dropped);
    more.dropped.forEach((why, n) -> drops.merge(why, times * n, Long::sum));
    Map<String, Leg> out = new TreeMap<>(legs);
    more.legs.forEach((leg, is) -> out.put(leg, out.getOrDefault(leg, Leg.NONE).plus(is, times)));
    return new Tally(
        sent + times * more.sent,
        genuine + times * more.genuine,
        entered + times * more.entered,
        lost + times * more.lost,
        doubled + times * more.doubled,
        delivered + times * more.delivered,
        in + times * more.in,
        drops,
        announced + times * more.announced,
        refused + times * more.refused,
        rekeyedAway + times * more.rekeyedAway,
        unsent + times * more.unsent,
        out);
  }

  long droppedInAll() {
    return dropped.values().stream().mapToLong(Long::longValue).sum();
  }

  /// Media that the gateway passed on: what the wire saw of it behind the gateway, on a leg that is
  /// always there.
  long relayed() {
    return legs.values().stream().filter(Leg::isKept).mapToLong(Leg::media).max().orElse(0);
  }

  /// Datagrams that the receivers' sockets gave.
  long heard() {
    return legs.values().stream().mapToLong(Leg::heard).sum();
  }

  /// What the wire lost of it before.
  long lostBehind() {
    return legs.values().stream().mapToLong(Leg::lost).sum();
  }

  /// Every equation that does not hold, as a sentence; none in a group that lost nothing.
  ///
  /// @param bridged what another group was to pass on into this one
  List<String> contradictions(String group, long bridged) {
    var wrong = new Contradictions(group);
    wrong.unless("sent by the talkers", sent, "seen by the wire", entered);
    wrong.unless(
        "delivered by the wire", delivered, "the wire's own sum", entered - lost + doubled);
    wrong.unless("delivered by the wire", delivered, "received by the gateway", in);
    wrong.unless(
        "received by the gateway, and re-keyed into it",
        in + bridged,
        "relayed + dropped " + dropped + " + announcements accepted and refused",
        relayed() + droppedInAll() + announced + refused + rekeyedAway);
    long out = legs.values().stream().mapToLong(Leg::out).sum();
    long behind = legs.values().stream().mapToLong(Leg::entered).sum();
    wrong.unless("sent by the gateway", out, "seen by the wire behind it", behind + unsent);
    legs.forEach((leg, is) -> {
      if (unsent == 0) {
        wrong.unless("sent to " + leg, is.out, "seen by the wire behind it", is.entered);
      }
      if (is.isKept) {
        wrong.unless("media to " + leg, is.media, "relayed", relayed());
      } else {
        wrong.unlessAtMost("media to " + leg, is.media, "relayed", relayed());
      }
      wrong.unless(
          "delivered to " + leg,
          is.delivered,
          "the wire's own sum",
          is.entered - is.lost + is.doubled);
      wrong.unless("delivered to " + leg, is.delivered, "heard there", is.heard);
      wrong.unless("heard at " + leg + " and sent by nobody", is.strange, "none", 0);
    });
    if (bridged == 0) {
      legs.forEach((leg, is) -> {
        if (is.isKept) {
          wrong.unless("announcements to " + leg, is.entered - is.media, "accepted", announced);
        }
      });
      wrong.unlessAtMost("relayed", relayed(), "different packets of members", genuine);
    }
    return wrong.sentences;
  }

  private static final class Contradictions {
    private final String group;
    private final List<String> sentences = new ArrayList<>();

    Contradictions(String group) {
      this.group = group;
    }

    void unless(String one, long a, String other, long b) {
      if (a != b) {
        sentences.add("%s: %s: %d, but %s: %d".formatted(group, one, a, other, b));
      }
    }

    void unlessAtMost(String one, long a, String other, long b) {
      if (a > b) {
        sentences.add("%s: %s: %d, more than %s: %d".formatted(group, one, a, other, b));
      }
    }
  }
}
