package parley.bench;

import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.group.Admission;
import parley.mikey.group.AnnouncementGate;
import parley.mikey.group.AnnouncementVerifier;
import parley.mikey.group.GateRules;
import parley.mikey.group.GmkBook;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.ReplayCache;

/// A GSK announcement from octets to a verified key: the gate on the loop, then the verifier in the
/// pool.
///
/// Each message is settled as refused afterwards, so that the next one is no duplicate; everything
/// before is the whole path of a good announcement.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class AnnouncementBenchmark {
  private final World world = new World();
  private final GroupMasterKey gmk = world.gmk();
  private final byte[] octets = world.announcement(gmk);
  private final InstantSource clock = InstantSource.fixed(world.now);
  private final AnnouncementVerifier knowing =
      new AnnouncementVerifier(new EccsiVerifier(64), clock);
  private final AnnouncementGate gate = gate();

  private AnnouncementGate gate() {
    var rules = GateRules.of(World.GROUP, Set.of(World.POLICY), null, world.now.minusSeconds(1));
    var book = new GmkBook();
    book.add(gmk);
    var cache = ReplayCache.of(ReplayCache.DEFAULT_PER_TALKER, GateRules.DEFAULT_WINDOW);
    return new AnnouncementGate(rules, book, cache, clock);
  }

  /// Only what runs on the media loop: grammar, rules, MAC.
  @Benchmark
  public Admission gateOnly() {
    Admission.Admitted admitted = admit();
    gate.settle(admitted, false);
    return admitted;
  }

  /// A talker whose public key the verifier has seen.
  @Benchmark
  public AnnouncementVerifier.Outcome verifyKnownTalker() {
    return verify(knowing);
  }

  /// A talker heard for the first time.
  @Benchmark
  public AnnouncementVerifier.Outcome verifyNewTalker() {
    return verify(new AnnouncementVerifier(new EccsiVerifier(64), clock));
  }

  private AnnouncementVerifier.Outcome verify(AnnouncementVerifier verifier) {
    Admission.Admitted admitted = admit();
    AnnouncementVerifier.Outcome outcome =
        verifier.verify(admitted, uri -> uri.equals(World.KMS_URI) ? world.kms : null);
    gate.settle(admitted, false);
    if (outcome instanceof AnnouncementVerifier.Outcome.Verified(var announcement)) {
      announcement.gsk().close();
      return outcome;
    }
    throw new IllegalStateException("a good announcement was not verified: " + outcome);
  }

  private Admission.Admitted admit() {
    Admission admission = gate.admit(octets);
    if (admission instanceof Admission.Admitted admitted) {
      return admitted;
    }
    throw new IllegalStateException("a good announcement was not admitted: " + admission);
  }
}
