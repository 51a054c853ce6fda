package parley.gateway.enrol;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.config.KmsConfig;
import parley.gateway.config.SimConfig.PushListen;
import parley.keys.enrol.Enrolled;
import parley.keys.enrol.KeyRenewal;
import parley.keys.enrol.NotEnrolled;
import parley.keys.enrol.RenewalPlan;
import parley.keys.gba.push.PushEar;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.mikey.identity.Identity;

/// A member that comes by its own keys while its process runs, as its configuration says. The
/// caller closes it after what it renews, and before the vault.
public final class SelfEnrolment implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SelfEnrolment.class);

  private final KmsClient kms;
  private final Vault vault;
  private final Identity user;
  private final InstantSource clock;
  private final @Nullable PushListen push;
  private final @Nullable Pushed pushed;
  private @Nullable PushEar ear;

  private SelfEnrolment(
      KmsClient kms,
      Vault vault,
      Identity user,
      InstantSource clock,
      @Nullable PushListen push,
      @Nullable Pushed pushed) {
    this.kms = kms;
    this.vault = vault;
    this.user = user;
    this.clock = clock;
    this.push = push;
    this.pushed = pushed;
  }

  /// The keys of `user`, from `config`'s KMS into `vault`.
  public static SelfEnrolment of(
      KmsConfig config, Vault vault, Identity user, String device, InstantSource clock)
      throws NotEnrolled {
    KmsClient kms = KmsClient.open(config, vault, user, device, clock);
    OwnSim sim = kms.sim();
    PushListen push = config.sim() == null ? null : config.sim().push();
    Pushed pushed =
        push == null || sim == null ? null : new Pushed(kms.enrolment(), sim, new SecureRandom());
    return new SelfEnrolment(kms, vault, user, clock, push, pushed);
  }

  /// Fetches keys where the vault holds none of the present key period; null where it does. Blocks
  /// for as long as a KMS may take to answer.
  public @Nullable Enrolled fetchIfMissing() throws NotEnrolled {
    return fetchIfMissing(user);
  }

  /// The same for the keys of `who`, a group that the user manages.
  public @Nullable Enrolled fetchIfMissing(Identity who) throws NotEnrolled {
    if (Member.holdsKeys(vault, who, clock.instant())) {
      return null;
    }
    try {
      Enrolled enrolled = kms.enrolment().renew(who);
      LOG.atInfo()
          .addKeyValue("identity", who.uri())
          .addKeyValue("kms", enrolled.kms().kmsUri())
          .addKeyValue("until", enrolled.periods().getLast().until())
          .log("enrolled");
      return enrolled;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotEnrolled(NotEnrolled.Kind.LATER, "interrupted while it asked the KMS", e);
    }
  }

  /// Renews from now on, and when a push calls; the caller closes it. `news` hears what came, one
  /// thing at a time.
  ///
  /// @throws NotEnrolled if pushes cannot be heard where the configuration says
  public KeyRenewal renewing(SecureRandom random, Consumer<Enrolled> news) throws NotEnrolled {
    return renewing(user, random, news);
  }

  /// The same for the keys of `who`, a group that the user manages.
  public KeyRenewal renewing(Identity who, SecureRandom random, Consumer<Enrolled> news)
      throws NotEnrolled {
    Consumer<Enrolled> one =
        enrolled -> {
          synchronized (news) {
            news.accept(enrolled);
          }
        };
    follow(who, one);
    return new KeyRenewal(kms.enrolment(), who, RenewalPlan.DEFAULT, random, one).start();
  }

  /// Fetches nothing by itself: only when a push calls.
  ///
  /// @throws NotEnrolled as [#renewing]
  public void follow(Consumer<Enrolled> news) throws NotEnrolled {
    follow(user, news);
  }

  private synchronized void follow(Identity who, Consumer<Enrolled> news) throws NotEnrolled {
    OwnSim sim = kms.sim();
    if (push == null || pushed == null || sim == null) {
      return;
    }
    pushed.add(who, news);
    if (ear == null) {
      ear = sim.listen(push, user, pushed);
      LOG.atInfo().addKeyValue("identity", user.uri()).addKeyValue("at", ear).log("hears pushes");
    }
  }

  /// Null where no pushes are heard.
  public synchronized @Nullable PushEar ear() {
    return ear;
  }

  /// Returns when the push that is being followed has come to its end; whoever hears the news may
  /// go then.
  public void hearNoMore() {
    PushEar heard = ear();
    if (pushed != null) {
      pushed.close();
    }
    try {
      if (heard != null) {
        heard.close();
      }
    } catch (IOException e) {
      LOG.atWarn().setCause(e).log("not closed");
    }
  }

  @Override
  public void close() {
    hearNoMore();
    kms.close();
  }
}
