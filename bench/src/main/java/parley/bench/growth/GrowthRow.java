package parley.bench.growth;

import java.util.Locale;
import parley.bench.relay.Footprint;
import parley.bench.relay.Numbers;

/// What was measured of one gateway.
///
/// @param startSeconds from the start of the process to its first answer
/// @param startCpuSeconds CPU time that it took until then
/// @param heapOctets of the Java heap after a collection
/// @param idlePercent of one processor, without any media
/// @param isRigBound whether sender or receiver came to their end in a window
record GrowthRow(
    Scale scale,
    double startSeconds,
    double startCpuSeconds,
    Footprint footprint,
    long heapOctets,
    Numbers cpuNanosPerOutput,
    double idlePercent,
    double lossPercent,
    boolean isRigBound) {
  static final String CSV =
      "path,loops,groups,active,receivers,rate_in,rss_mib,pss_mib,heap_mib,descriptors,threads,"
          + "start_s,start_cpu_s,cpu_ns_per_output,spread_percent,idle_percent,loss_percent\n";

  static final String HEAD =
      String.format(
          Locale.ROOT,
          "%-6s %5s %7s %7s %7s %8s %8s %8s %7s %7s %8s %9s %10s %7s %7s %7s",
          "path",
          "loops",
          "groups",
          "active",
          "in/s",
          "RSS MiB",
          "PSS MiB",
          "heap MiB",
          "fds",
          "threads",
          "ready s",
          "its CPU s",
          "ns/output",
          "spread",
          "idle %",
          "loss %");

  private static final double MIB = 1 << 20;

  String csv() {
    return String.format(
        Locale.ROOT,
        "%s,%d,%d,%d,%d,%d,%.1f,%.1f,%.1f,%d,%d,%.2f,%.2f,%.0f,%.1f,%.2f,%.3f%n",
        scale.io(),
        scale.loops(),
        scale.groups(),
        scale.active(),
        Scale.RECEIVERS,
        scale.rateIn(),
        rssMib(),
        footprint.pssOctets() / MIB,
        heapOctets / MIB,
        footprint.descriptors(),
        footprint.threads(),
        startSeconds,
        startCpuSeconds,
        cpuNanosPerOutput.median(),
        cpuNanosPerOutput.spreadPercent(),
        idlePercent,
        lossPercent);
  }

  String line() {
    return String.format(
        Locale.ROOT,
        "%-6s %5d %7d %6d%s %7d %8.0f %8.0f %8.0f %7d %7d %8.1f %9.1f %10.0f %7.1f %7.2f %6.2f%s",
        scale.io(),
        scale.loops(),
        scale.groups(),
        scale.active(),
        scale.isCapped() ? "*" : " ",
        scale.rateIn(),
        rssMib(),
        footprint.pssOctets() / MIB,
        heapOctets / MIB,
        footprint.descriptors(),
        footprint.threads(),
        startSeconds,
        startCpuSeconds,
        cpuNanosPerOutput.median(),
        cpuNanosPerOutput.spreadPercent(),
        idlePercent,
        lossPercent,
        isRigBound ? " !" : "");
  }

  double rssMib() {
    return footprint.rssOctets() / MIB;
  }
}
