package parley.bench;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import parley.mikey.InvalidKey;
import parley.mikey.sakke.SakkeReceiver;
import parley.mikey.secret.SecretBytes;

/// SAKKE with a 128-bit shared secret on parameter set 1 (RFC 6508, RFC 6509).
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SakkeBenchmark {
  private static final int SSV_OCTETS = 16;

  private final World world = new World();
  private final SecretBytes ssv = SecretBytes.random(SSV_OCTETS, world.random, "SSV");
  private final SakkeReceiver receiver = receiver();
  private final byte[] encapsulated = world.sakke.publicKey().encapsulate(world.talkerId, ssv);

  private SakkeReceiver receiver() {
    try (SecretBytes rsk = world.sakke.issue(world.talkerId)) {
      return SakkeReceiver.of(world.sakke.publicKey(), world.talkerId, rsk);
    } catch (InvalidKey e) {
      throw new IllegalStateException("the KMS issued a key that it refuses", e);
    }
  }

  @Benchmark
  public byte[] encapsulate() {
    return world.sakke.publicKey().encapsulate(world.talkerId, ssv);
  }

  @Benchmark
  public SecretBytes decapsulate() {
    Optional<SecretBytes> opened = receiver.decapsulate(encapsulated);
    SecretBytes secret = opened.orElseThrow();
    secret.close();
    return secret;
  }
}
