package parley.bench;

import java.util.List;

/// What can be measured by name beside [SrtpBench].
enum Suite {
  MIKEY,
  ALL;

  List<Class<?>> benchmarks() {
    return List.of(AnnouncementBenchmark.class, EccsiBenchmark.class, SakkeBenchmark.class);
  }
}
