package parley.bench.mikey;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.GskAnnouncement;
import parley.mikey.identity.NtpTimestamp;

/// What a talker waits for when it begins to speak, for our implementations alone: others have no
/// announcements. The methods are named as the operations in the table.
///
/// Each burst is used once, so what is prepared is made before each call, outside its time.
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class SealingBenchmark {
  /// The talker.
  @State(Scope.Thread)
  public static class Keys {
    /// What [MikeyBench] runs it as.
    @Param("parley")
    public String implementation = "";

    final World world = new World();
    final GroupMasterKey gmk = world.gmk();
    final EccsiSigner signer = world.signer();

    GskAnnouncement prepare() {
      return world.burst(gmk);
    }

    byte[] seal(GskAnnouncement burst, NtpTimestamp t) {
      return burst.seal(t, World.STREAMS, signer, world.random);
    }
  }

  /// A burst that was made ahead, with the nonce of its signature.
  @State(Scope.Thread)
  public static class Ahead {
    private @Nullable GskAnnouncement ready;

    @Setup(Level.Invocation)
    public void prepare(Keys keys) {
      GskAnnouncement burst = keys.prepare();
      burst.drawNonceAhead(keys.world.random);
      ready = burst;
    }

    @TearDown(Level.Invocation)
    public void close() {
      burst().close();
    }

    GskAnnouncement burst() {
      return requireNonNull(ready);
    }
  }

  /// A burst that runs.
  @State(Scope.Thread)
  public static class Running {
    private @Nullable GskAnnouncement burst;
    private NtpTimestamp t = new NtpTimestamp(0);

    @Setup
    public void prepare(Keys keys) {
      burst = keys.prepare();
      t = keys.world.t;
    }

    GskAnnouncement burst() {
      return requireNonNull(burst);
    }

    NtpTimestamp next() {
      t = t.after(t);
      return t;
    }
  }

  /// Keys drawn and derived, announcement written and signed, when the key is pressed.
  @Benchmark
  public byte[] announcementSealed(Keys keys) {
    try (GskAnnouncement burst = keys.prepare()) {
      return keys.seal(burst, keys.world.t);
    }
  }

  /// The same with everything done before that can be.
  @Benchmark
  public byte[] announcementSealedFromPrepared(Keys keys, Ahead ahead) {
    return keys.seal(ahead.burst(), keys.world.t);
  }

  /// A later message of the same burst.
  @Benchmark
  public byte[] announcementRepeated(Keys keys, Running running) {
    return keys.seal(running.burst(), running.next());
  }
}
