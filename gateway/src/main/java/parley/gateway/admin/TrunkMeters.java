package parley.gateway.admin;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import parley.gateway.media.LegCounters;
import parley.gateway.media.TrunkCounters;
import parley.gateway.media.TrunkDrop;

/// Shows what trunks have counted, each from when it was opened first. Confined to the thread that
/// scrapes.
final class TrunkMeters {
  private final MeterRegistry registry;
  private final Set<TrunkCounters> bound = new HashSet<>();

  TrunkMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  void refresh(List<TrunkCounters> trunks) {
    for (TrunkCounters trunk : trunks) {
      if (bound.add(trunk)) {
        bind(trunk);
      }
    }
  }

  private void bind(TrunkCounters trunk) {
    String direction = trunk.direction().name().toLowerCase(Locale.ROOT);
    Tags tags = Tags.of("trunk", trunk.name(), "direction", direction);
    FunctionCounter.builder("parley.trunk.frames", trunk, TrunkCounters::frames)
        .description("packets of all groups by a trunk")
        .tags(tags)
        .register(registry);
    FunctionCounter.builder("parley.trunk.messages", trunk, TrunkCounters::messages)
        .description("messages of the kernel, each of one or more packets of one length")
        .tags(tags)
        .register(registry);
    if (trunk.direction() == LegCounters.Direction.IN) {
      for (TrunkDrop reason : TrunkDrop.values()) {
        FunctionCounter.builder("parley.trunk.frames.dropped", trunk, t -> t.dropped(reason))
            .description("packets that a trunk dropped before any group had them")
            .tags(tags.and("reason", reason.label()))
            .register(registry);
      }
    }
  }
}
