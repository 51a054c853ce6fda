package parley.srtp;

import java.util.ArrayList;
import java.util.List;

/// The engines that this machine has, for tests that hold for each.
final class Engines {
  private static final List<CipherEngine> ALL = find();

  private Engines() {}

  /// `jce`, `openssl` and every tier of `native`; what the machine lacks is left out, and said.
  static List<CipherEngine> all() {
    return ALL;
  }

  private static List<CipherEngine> find() {
    List<CipherEngine> engines = new ArrayList<>();
    engines.add(new JceEngine(null));
    if (OpenSslLibrary.MISSING == null) {
      engines.add(new OpenSslEngine());
    } else {
      leaveOut("openssl", OpenSslLibrary.MISSING);
    }
    for (NativeEngine.Tier tier : NativeEngine.Tier.values()) {
      if (NativeLibrary.MISSING == null && tier.isAvailable()) {
        engines.add(new NativeEngine(tier));
      } else {
        leaveOut("native:" + tier, String.valueOf(NativeLibrary.MISSING));
      }
    }
    return List.copyOf(engines);
  }

  private static void leaveOut(String engine, String why) {
    System.err.println("SKIPPED: engine " + engine + " is not here: " + why);
  }

  /// Engine and something else, each with each: arguments of a parameterised test.
  static <T> List<Object[]> with(List<T> others) {
    List<Object[]> pairs = new ArrayList<>();
    for (CipherEngine engine : ALL) {
      for (T other : others) {
        pairs.add(new Object[] {new Named(engine), other});
      }
    }
    return pairs;
  }

  /// An engine under its name, for reports.
  record Named(CipherEngine engine) {
    @Override
    public String toString() {
      return engine.name();
    }
  }

  static List<Named> named() {
    return ALL.stream().map(Named::new).toList();
  }
}
