package parley.gateway.admin;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import parley.gateway.media.PacketLatency;

/// Shows each loop's [PacketLatency] as a Prometheus histogram.
///
/// Micrometer has no meter that shows a histogram which somebody else keeps, so this stands beside
/// its meters in the registry that it writes to. Any thread.
final class LatencyMetric implements Collector {
  private static final String NAME = "parley_packet_latency_seconds";

  private final GatewayStatus status;

  LatencyMetric(GatewayStatus status) {
    this.status = status;
  }

  @Override
  public MetricSnapshot collect() {
    var histogram =
        HistogramSnapshot.builder()
            .name(NAME)
            .help("from the kernel's receipt of a packet until its last copy is sent");
    List<PacketLatency> loops = status.latencies();
    for (int i = 0; i < loops.size(); i++) {
      var labels = Labels.of("loop", Integer.toString(i));
      var point = HistogramDataPointSnapshot.builder().labels(labels);
      point.classicHistogramBuckets(buckets(loops.get(i)));
      point.sum(loops.get(i).sumNanos() / 1e9);
      histogram.dataPoint(point.build());
    }
    return histogram.build();
  }

  private static ClassicHistogramBuckets buckets(PacketLatency loop) {
    var buckets = ClassicHistogramBuckets.builder();
    for (int i = 0; i < PacketLatency.bounds(); i++) {
      buckets.bucket(PacketLatency.boundNanos(i) / 1e9, loop.packets(i));
    }
    return buckets.bucket(Double.POSITIVE_INFINITY, loop.packets(PacketLatency.bounds())).build();
  }
}
