package parley.bench.mikey;

import java.util.List;
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

/// ECCSI, SAKKE and announcements by one implementation after the other; the methods are named as
/// the operations in the table.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class MikeyBenchmark {
  static final String BOUNCY_CASTLE = "Bouncy Castle";

  /// `parley`, or what [MikeyBench] runs it as, or another's name.
  @Param("parley")
  public String implementation = "";

  private MikeyContender contender = new ParleyContender();
  private int identity;

  @Setup
  public void choose() {
    if (implementation.equals(BOUNCY_CASTLE)) {
      contender = new BouncyCastleContender();
    }
  }

  @Benchmark
  public byte[] eccsiSign() {
    return contender.sign();
  }

  @Benchmark
  public void eccsiVerifyKnown() {
    contender.verifyKnown();
  }

  @Benchmark
  public void eccsiVerifyNew() {
    contender.verifyNew();
  }

  @Benchmark
  public byte[] sakkeEncapsulate() {
    return contender.encapsulate(identity++);
  }

  @Benchmark
  public byte[] sakkeEncapsulateAgain() {
    return contender.encapsulateAgain();
  }

  @Benchmark
  @OperationsPerInvocation(MikeyContender.BATCH)
  public List<byte[]> sakkeEncapsulateBatch() {
    identity += MikeyContender.BATCH;
    return contender.encapsulateBatch(identity);
  }

  @Benchmark
  public void sakkeDecapsulate() {
    contender.decapsulate();
  }

  @Benchmark
  public void announcement() {
    contender.announcement();
  }
}
