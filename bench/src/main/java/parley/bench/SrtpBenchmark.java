package parley.bench;

import java.util.concurrent.TimeUnit;
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

/// SRTP in batches of 32 packets of one stream, from one direct memory to another. The time is that
/// of one packet.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SrtpBenchmark {
  @Param({"AEAD_AES_128_GCM", "AEAD_AES_256_GCM", "AES_CM_128_HMAC_SHA1_80"})
  String profile = "AEAD_AES_128_GCM";

  @Param({"20", "160", "1000"})
  int payload = 160;

  private PacketSource packets = PacketSource.of(profile, payload);

  @Setup
  public void makePackets() {
    packets = PacketSource.of(profile, payload);
  }

  @TearDown
  public void wipe() {
    packets.close();
  }

  @Benchmark
  @OperationsPerInvocation(PacketSource.BATCH)
  public int protect() {
    return packets.protectNext();
  }

  @Benchmark
  @OperationsPerInvocation(PacketSource.BATCH)
  public int unprotect() {
    return packets.unprotectNext();
  }
}
