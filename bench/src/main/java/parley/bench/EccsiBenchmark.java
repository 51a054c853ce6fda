package parley.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.eccsi.EccsiVerifier;

/// ECCSI over 400 octets, the size of an announcement (RFC 6507).
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class EccsiBenchmark {
  private static final int MESSAGE_OCTETS = 400;

  private final World world = new World();
  private final EccsiSigner signer = world.signer();
  private final byte[] message = new byte[MESSAGE_OCTETS];
  private final byte[] signature = signer.sign(message, 0, MESSAGE_OCTETS, world.random);
  private final EccsiVerifier knowing = new EccsiVerifier(64);

  @Benchmark
  public byte[] sign() {
    return signer.sign(message, 0, MESSAGE_OCTETS, world.random);
  }

  /// The signer's public key is cached.
  @Benchmark
  public boolean verifyKnownSigner() {
    return verify(knowing);
  }

  @Benchmark
  public boolean verifyNewSigner() {
    return verify(new EccsiVerifier(64));
  }

  private boolean verify(EccsiVerifier verifier) {
    boolean good =
        verifier.verify(
            world.eccsi.publicKey(), world.talkerId, message, 0, MESSAGE_OCTETS, signature);
    if (!good) {
      throw new IllegalStateException("a good signature was refused");
    }
    return true;
  }
}
