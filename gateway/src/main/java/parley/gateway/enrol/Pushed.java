package parley.gateway.enrol;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.keys.enrol.Enrolled;
import parley.keys.enrol.KeyEnrolment;
import parley.keys.enrol.NotEnrolled;
import parley.keys.gba.zn.NafKey;
import parley.mikey.identity.Identity;

/// What a member does when its KMS calls: it asks the KMS of its own configuration for new keys,
/// with the key of the push. On the thread that hears pushes, one at a time.
final class Pushed implements Consumer<NafKey> {
  private static final Logger LOG = LoggerFactory.getLogger(Pushed.class);

  private final KeyEnrolment enrolment;
  private final OwnSim sim;
  private final List<Follower> followers = new CopyOnWriteArrayList<>();

  /// Whose keys are fetched, and who hears of it.
  private record Follower(Identity who, Consumer<Enrolled> news) {}

  Pushed(KeyEnrolment enrolment, OwnSim sim) {
    this.enrolment = enrolment;
    this.sim = sim;
  }

  void add(Identity who, Consumer<Enrolled> news) {
    followers.add(new Follower(who, news));
  }

  @Override
  public void accept(NafKey key) {
    for (Follower follower : followers) {
      try {
        Enrolled enrolled = enrolment.enrol(follower.who, sim.introduction(key));
        LOG.atInfo()
            .addKeyValue("identity", follower.who.uri())
            .addKeyValue("kms", enrolled.kms().kmsUri())
            .log("keys fetched after a push");
        follower.news.accept(enrolled);
      } catch (NotEnrolled e) {
        LOG.atWarn()
            .addKeyValue("identity", follower.who.uri())
            .addKeyValue("reason", e.sentence())
            .log("no keys after a push");
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
