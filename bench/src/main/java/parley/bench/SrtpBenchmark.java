package parley.bench;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import parley.srtp.SrtpProfile;

/// SRTP side by side: every [Contender], 32 packets at a time; the time is that of one packet.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SrtpBenchmark {
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

  @Benchmark
  @OperationsPerInvocation(Contender.BATCH)
  public int protect() {
    contender().protect();
    return Contender.BATCH;
  }

  @Benchmark
  @OperationsPerInvocation(Contender.BATCH)
  public int unprotect() {
    contender().unprotect();
    return Contender.BATCH;
  }

  @Benchmark
  @OperationsPerInvocation(Contender.BATCH)
  public int forged() {
    contender().refuseForged();
    return Contender.BATCH;
  }
}
