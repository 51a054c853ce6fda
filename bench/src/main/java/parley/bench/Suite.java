package parley.bench;

import java.util.List;
import java.util.stream.Stream;

/// What can be measured by name.
enum Suite {
  SRTP,
  MIKEY,
  ALL;

  List<Class<?>> benchmarks() {
    return switch (this) {
      case SRTP -> List.of(SrtpBenchmark.class);
      case MIKEY ->
          List.of(AnnouncementBenchmark.class, EccsiBenchmark.class, SakkeBenchmark.class);
      case ALL ->
          Stream.of(SRTP, MIKEY).<Class<?>>flatMap(part -> part.benchmarks().stream()).toList();
    };
  }
}
