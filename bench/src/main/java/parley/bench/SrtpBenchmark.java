package parley.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.BenchmarkParams;
import parley.srtp.SrtpProfile;

/// SRTP side by side: every [Contender], 32 packets at a time, in laps of 256 times 32, which
/// always come from the same memory; the time is that of one packet.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SrtpBenchmark {
  private static final int LAP_PACKETS = Workload.LAP * Contender.BATCH;

  @Param({"native", "jce", "jitsi-srtp", "SunJCE", "Conscrypt", "BC", "ACCP"})
  String implementation = "native";

  @Param({"AEAD_AES_128_GCM", "AEAD_AES_256_GCM", "AES_CM_128_HMAC_SHA1_80"})
  String profile = "AEAD_AES_128_GCM";

  @Param({"20", "160", "1000"})
  int payload = 160;

  @Param({"1", "1024"})
  int streams = 1;

  private @Nullable Contender contender;

  @Setup
  public void makePackets() {
    contender =
        Contender.of(implementation, new Workload(SrtpProfile.valueOf(profile), payload, streams));
  }

  /// A lap needs packets that their receivers have not seen.
  @Setup(Level.Invocation)
  public void renew(BenchmarkParams params) {
    if (params.getBenchmark().endsWith("." + SrtpGoals.UNPROTECT)) {
      contender().renew();
    }
  }

  @TearDown
  public void close() {
    contender().close();
  }

  private Contender contender() {
    if (contender == null) {
      throw new IllegalStateException("no packets were made");
    }
    return contender;
  }

  /// What was allocated for how many packets, as JMH's own profiler tells it, but without what it
  /// takes to make packets new.
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Garbage {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    public long octets;
    public long packets;
    private long before;

    void begin() {
      before = THREADS.getCurrentThreadAllocatedBytes();
    }

    void end() {
      octets += THREADS.getCurrentThreadAllocatedBytes() - before;
      packets += LAP_PACKETS;
    }
  }

  @Benchmark
  @OperationsPerInvocation(LAP_PACKETS)
  public void protect(Garbage garbage) {
    lap(garbage, Contender::protect);
  }

  @Benchmark
  @OperationsPerInvocation(LAP_PACKETS)
  public void unprotect(Garbage garbage) {
    lap(garbage, Contender::unprotect);
  }

  @Benchmark
  @OperationsPerInvocation(LAP_PACKETS)
  public void forged(Garbage garbage) {
    lap(garbage, Contender::refuseForged);
  }

  private void lap(Garbage garbage, Consumer<Contender> batch) {
    Contender measured = contender();
    garbage.begin();
    for (int b = 0; b < Workload.LAP; b++) {
      batch.accept(measured);
    }
    garbage.end();
  }
}
