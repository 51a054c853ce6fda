package parley.bench.relay;

import java.util.List;
import java.util.Locale;

/// A garbage collector of the JVM.
enum Collector {
  /// That of the service's options.
  SHIPPED(""),
  ZGC("-XX:+UseZGC"),
  G1("-XX:+UseG1GC"),
  PARALLEL("-XX:+UseParallelGC"),
  SERIAL("-XX:+UseSerialGC");

  private final String option;

  Collector(String option) {
    this.option = option;
  }

  List<String> options() {
    return option.isEmpty() ? List.of() : List.of(option);
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
