package parley.bench.relay;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import parley.bench.rig.GroupKeys;
import parley.bench.rig.LegAddresses;
import parley.bench.rig.Opened;
import parley.keys.member.KeysMissing;
import parley.mikey.group.MediaPolicy;
import parley.mikey.identity.Identity;
import parley.srtp.CipherEngine;

/// One talker in each of several groups: the bursts that they announce to a gateway, and their
/// streams, which take turns. Closing it twice does no harm.
public final class Talkers implements AutoCloseable {
  private final Opened opened = new Opened();
  private final List<AnnouncedBurst> bursts = new ArrayList<>();

  private Talkers() {}

  /// Announces a burst in each of these groups, now and from now on.
  ///
  /// @param to where the gateway listens to them
  public static Talkers start(
      GroupKeys keys,
      MediaPolicy policy,
      List<Identity> groups,
      LegAddresses to,
      CipherEngine engine)
      throws IOException, KeysMissing {
    var talkers = new Talkers();
    try {
      for (int i = 0; i < groups.size(); i++) {
        talkers.bursts.add(
            talkers.opened.keep(
                AnnouncedBurst.start(
                    keys.talk(groups.get(i), policy),
                    to.of(i),
                    new Lane(i, groups.size(), to.host(i)),
                    engine)));
      }
    } catch (IOException | KeysMissing e) {
      talkers.close();
      throw e;
    }
    return talkers;
  }

  public Traffic traffic() {
    return new Streams(bursts.stream().map(AnnouncedBurst::packets).toList());
  }

  /// Leaves the repeats of announcements out while `now` is true; a gateway endures that for three.
  public void hold(boolean now) {
    bursts.forEach(burst -> burst.hold(now));
  }

  @Override
  public void close() {
    opened.close();
  }
}
