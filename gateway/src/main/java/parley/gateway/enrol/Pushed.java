package parley.gateway.enrol;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.keys.enrol.Enrolled;
import parley.keys.enrol.KeyEnrolment;
import parley.keys.enrol.NotEnrolled;
import parley.keys.gba.zn.NafKey;
import parley.mikey.identity.Identity;

/// What a member does when its KMS calls: it asks the KMS of its own configuration for new keys,
/// with the key of the push. On the thread that hears pushes, one at a time.
///
/// A KMS that calls many at once may be too busy for all of them: who is told so comes again after
/// a pause of its own, some times.
final class Pushed implements Consumer<NafKey>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Pushed.class);
  private static final int MOST_ATTEMPTS = 6;
  private static final long FIRST_PAUSE_MILLIS = 2_000;

  private final KeyEnrolment enrolment;
  private final OwnSim sim;
  private final RandomGenerator random;
  private final List<Follower> followers = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  /// Whose keys are fetched, and who hears of it.
  private record Follower(Identity who, Consumer<Enrolled> news) {}

  Pushed(KeyEnrolment enrolment, OwnSim sim, RandomGenerator random) {
    this.enrolment = enrolment;
    this.sim = sim;
    this.random = random;
  }

  void add(Identity who, Consumer<Enrolled> news) {
    followers.add(new Follower(who, news));
  }

  @Override
  public void accept(NafKey key) {
    try {
      for (Follower follower : followers) {
        fetch(follower, key);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void fetch(Follower follower, NafKey key) throws InterruptedException {
    long pauseMillis = FIRST_PAUSE_MILLIS;
    for (int attempt = 1; attempt <= MOST_ATTEMPTS && closed.getCount() > 0; attempt++) {
      NotEnrolled failure = attempt(follower, key);
      if (failure == null) {
        return;
      }
      boolean isLast = failure.kind() != NotEnrolled.Kind.LATER || attempt == MOST_ATTEMPTS;
      LOG.atWarn()
          .addKeyValue("identity", follower.who.uri())
          .addKeyValue("reason", failure.sentence())
          .log(isLast ? "no keys after a push" : "no keys after a push yet");
      long pause = random.nextLong(pauseMillis / 2, pauseMillis);
      if (isLast || closed.await(pause, TimeUnit.MILLISECONDS)) {
        return;
      }
      pauseMillis *= 2;
    }
  }

  /// Null where keys came.
  private @Nullable NotEnrolled attempt(Follower follower, NafKey key) throws InterruptedException {
    try {
      Enrolled enrolled = enrolment.enrol(follower.who, sim.introduction(key));
      LOG.atInfo()
          .addKeyValue("identity", follower.who.uri())
          .addKeyValue("kms", enrolled.kms().kmsUri())
          .log("keys fetched after a push");
      follower.news.accept(enrolled);
      return null;
    } catch (NotEnrolled e) {
      return e;
    }
  }

  /// Ends what waits for its next attempt.
  @Override
  public void close() {
    closed.countDown();
  }
}
