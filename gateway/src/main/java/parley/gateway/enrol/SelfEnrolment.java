package parley.gateway.enrol;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.config.KmsConfig;
import parley.keys.enrol.Enrolled;
import parley.keys.enrol.KeyEnrolment;
import parley.keys.enrol.KeyRenewal;
import parley.keys.enrol.NotEnrolled;
import parley.keys.enrol.RenewalPlan;
import parley.keys.member.Member;
import parley.keys.vault.Vault;
import parley.mikey.identity.Identity;

/// A server that comes by its own keys, as its configuration says.
public final class SelfEnrolment {
  private static final Logger LOG = LoggerFactory.getLogger(SelfEnrolment.class);

  private final KeyEnrolment enrolment;
  private final Vault vault;
  private final Identity user;
  private final InstantSource clock;

  private SelfEnrolment(KeyEnrolment enrolment, Vault vault, Identity user, InstantSource clock) {
    this.enrolment = enrolment;
    this.vault = vault;
    this.user = user;
    this.clock = clock;
  }

  /// The keys of `user`, from `config`'s KMS into `vault`.
  public static SelfEnrolment of(
      KmsConfig config, Vault vault, Identity user, String device, InstantSource clock)
      throws NotEnrolled {
    KeyEnrolment enrolment = KmsClient.enrolment(config, vault, user, device, clock);
    return new SelfEnrolment(enrolment, vault, user, clock);
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
      Enrolled enrolled = enrolment.renew(who);
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

  /// Renews from now on; the caller closes it before the vault. `news` hears what came.
  public KeyRenewal renewing(SecureRandom random, Consumer<Enrolled> news) {
    return renewing(user, random, news);
  }

  /// The same for the keys of `who`, a group that the user manages.
  public KeyRenewal renewing(Identity who, SecureRandom random, Consumer<Enrolled> news) {
    return new KeyRenewal(enrolment, who, RenewalPlan.DEFAULT, random, news).start();
  }
}
