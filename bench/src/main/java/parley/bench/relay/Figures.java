package parley.bench.relay;

import java.util.ArrayList;
import java.util.List;

/// What the rounds brought of one contestant at one fan-out.
final class Figures {
  private final Contestant contestant;
  private final int fanout;
  private final List<Double> cpu = new ArrayList<>();
  private final List<Double> loss = new ArrayList<>();
  private final List<Double> allocated = new ArrayList<>();
  private final List<Double> p50 = new ArrayList<>();
  private final List<Double> p99 = new ArrayList<>();
  private final List<Double> p999 = new ArrayList<>();
  private final List<Double> clean = new ArrayList<>();
  private final List<Double> overload = new ArrayList<>();
  private boolean rigBound;
  private boolean survives = true;

  Figures(Contestant contestant, int fanout) {
    this.contestant = contestant;
    this.fanout = fanout;
  }

  void cost(Window window) {
    cpu.add(window.cpuNanos() == 0 ? Double.NaN : window.cpuNanosPerOutput());
    loss.add(window.lossPercent());
  }

  void allocation(Window window) {
    allocated.add(window.allocatedPerPacket());
  }

  void latency(Window window) {
    p50.add(window.received().p50Nanos() / 1e3);
    p99.add(window.received().p99Nanos() / 1e3);
    p999.add(window.received().p999Nanos() / 1e3);
  }

  void limit(CleanRate rate) {
    clean.add(rate.out());
    rigBound |= rate.isRigBound();
  }

  /// @param percent delivered at twice the clean rate, in percent of the clean rate
  void overload(double percent, boolean survived) {
    overload.add(percent);
    survives &= survived;
  }

  RelayRow row() {
    Numbers cost = Numbers.of(cpu);
    return new RelayRow(
        contestant.relay(),
        contestant.mode(),
        fanout,
        Plan.rate(fanout),
        cost.median(),
        cost.spreadPercent(),
        Numbers.of(loss).median(),
        Numbers.of(clean).median(),
        rigBound,
        Numbers.of(overload).median(),
        survives,
        Numbers.of(p50).median(),
        Numbers.of(p99).median(),
        Numbers.of(p999).median(),
        Numbers.of(allocated).median());
  }
}
