package parley.bench.trunk;

import java.util.Locale;
import parley.bench.rig.GatewayFile;
import parley.bench.rig.LegAddresses;

/// How groups come from the first gateway to the second.
enum Way {
  /// Each by a UDP leg of its own.
  LEGS("unicast", "to") {
    @Override
    int place(int group) {
      return group;
    }
  },

  /// All by one trunk, at the address of the first group.
  TRUNK("trunk", "trunk") {
    @Override
    int place(int group) {
      return 0;
    }
  };

  private final String hears;
  private final String sends;

  Way(String hears, String sends) {
    this.hears = hears;
    this.sends = sends;
  }

  abstract int place(int group);

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The second gateway's leg under `listen`.
  String listen(LegAddresses between, int group) {
    return GatewayFile.leg(hears, between.of(place(group)));
  }

  /// The first gateway's leg under `relay`.
  String relay(LegAddresses between, int group) {
    return GatewayFile.leg(sends, between.of(place(group)));
  }
}
