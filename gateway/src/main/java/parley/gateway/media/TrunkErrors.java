package parley.gateway.media;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/// What comes back of a trunk's datagrams: it quotes the begin of one, and so the tag of the group
/// whose it was. Where it quotes too little it is of all groups: their peer is gone.
final class TrunkErrors extends BatchErrors {
  private final Map<Long, LegCounters> legs = new HashMap<>();

  @Override
  void mayComeBack(Destination to) {
    if (!to.isKnownTo(this)) {
      GroupTag tag = to.tag();
      LegCounters leg = to.leg();
      if (tag != null && leg != null) {
        legs.put(tag.octets(), leg);
      }
      to.knownTo(this);
    }
  }

  @Override
  void cameBack(InetSocketAddress to, long quoted) {
    String sentence = SendLosses.sentence(DropReason.SEND_BOUNCED, to, "");
    LegCounters one = legs.get(quoted);
    if (one != null) {
      one.refused(DropReason.SEND_BOUNCED, 1, sentence);
    } else {
      legs.values().forEach(leg -> leg.refused(DropReason.SEND_BOUNCED, 1, sentence));
    }
  }
}
