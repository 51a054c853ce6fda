package parley.keys.enrol;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.keys.member.Member;
import parley.mikey.identity.Identity;
import parley.mikey.identity.KeyPeriod;
import parley.mikey.identity.KmsCertificate;

/// Keeps one member in keys while its process runs: fetches those of the next period before the
/// present one ends, tries again after growing pauses, and says so aloud when the end comes near.
///
/// Works on a virtual thread of its own; nothing else waits for it. A [Member] that is open on the
/// same vault sees new keys at once.
public final class KeyRenewal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeyRenewal.class);

  /// A clock that is set, or a host that slept, is noticed after this.
  private static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final KeyEnrolment enrolment;
  private final Identity who;
  private final RenewalPlan plan;
  private final RandomGenerator random;
  private final Consumer<Enrolled> news;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private volatile RenewalState state = RenewalState.NEW;
  private @Nullable KeyPeriod planned;
  private Instant due = Instant.MIN;
  private int failures;

  /// `news` hears what came, on this object's thread.
  public KeyRenewal(
      KeyEnrolment enrolment,
      Identity who,
      RenewalPlan plan,
      RandomGenerator random,
      Consumer<Enrolled> news) {
    this.enrolment = enrolment;
    this.who = who;
    this.plan = plan;
    this.random = random;
    this.news = news;
    this.thread = Thread.ofVirtual().name("parley-renewal").unstarted(this::run);
  }

  /// Begins to work, until it is closed.
  public KeyRenewal start() {
    thread.start();
    return this;
  }

  /// Any thread.
  public RenewalState state() {
    return state;
  }

  private void run() {
    try {
      boolean isOpen = true;
      while (isOpen) {
        Duration pause = turn();
        Duration sleep = pause.compareTo(LONGEST_SLEEP) < 0 ? pause : LONGEST_SLEEP;
        isOpen = !closed.await(Math.max(1, sleep.toMillis()), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Does what is due now; tells how long there is nothing to do.
  Duration turn() throws InterruptedException {
    Instant now = enrolment.clock().instant();
    KeyPeriod last = lastHeld(now);
    if (last == null) {
      due = failures == 0 ? now : due;
    } else if (!last.equals(planned)) {
      planned = last;
      failures = 0;
      due = plan.firstAttempt(last, random);
    }
    if (!now.isBefore(due)) {
      attempt(last, now);
    }
    watch(now);
    Duration left = Duration.between(enrolment.clock().instant(), due);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /// The present period or the next, whichever is the later that keys are held for.
  private @Nullable KeyPeriod lastHeld(Instant now) {
    Optional<KmsCertificate> kms = Member.homeKms(enrolment.vault(), who);
    if (kms.isEmpty()) {
      return null;
    }
    KeyPeriod present = kms.get().periodAt(now);
    KeyPeriod next = kms.get().next(present);
    if (Member.holdsKeys(enrolment.vault(), who, next.from())) {
      return next;
    }
    return Member.holdsKeys(enrolment.vault(), who, now) ? present : null;
  }

  private void attempt(@Nullable KeyPeriod last, Instant now) throws InterruptedException {
    try {
      Enrolled enrolled = enrolment.renew(who);
      KeyPeriod held = lastHeld(now);
      if (held == null || held.equals(last)) {
        failed("KMS %s gives no keys of the next period yet".formatted(enrolment.kms().kmsUri()));
      } else {
        succeeded(held);
      }
      if (closed.getCount() > 0) {
        news.accept(enrolled);
      }
    } catch (NotEnrolled e) {
      failed(e.sentence());
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("a fault in the renewal of keys");
      failed("a fault in parley itself: " + e);
    }
  }

  private void succeeded(KeyPeriod held) {
    failures = 0;
    planned = held;
    due = plan.firstAttempt(held, random);
    state = new RenewalState(held.until(), state.succeeded() + 1, state.failed(), null, null);
    LOG.atInfo()
        .addKeyValue("identity", who.uri())
        .addKeyValue("until", held.until())
        .log("keys renewed");
  }

  private void failed(String why) {
    failures++;
    due = enrolment.clock().instant().plus(plan.pause(failures, random));
    state =
        new RenewalState(
            state.keysEnd(), state.succeeded(), state.failed() + 1, why, state.alarm());
    LOG.atWarn()
        .addKeyValue("identity", who.uri())
        .addKeyValue("reason", why)
        .addKeyValue("again", due)
        .log("keys not renewed");
  }

  /// Raises the alarm once, and takes it back as soon as there are keys.
  private void watch(Instant now) {
    KeyPeriod last = lastHeld(now);
    Instant end = last == null ? null : last.until();
    boolean isAlarm = failures > 0 && (end == null || plan.isAlarming(end, now));
    String alarm = isAlarm ? alarm(end) : null;
    if (alarm != null && state.alarm() == null) {
      LOG.atError().addKeyValue("identity", who.uri()).addKeyValue("detail", alarm).log("keys end");
    }
    state = new RenewalState(end, state.succeeded(), state.failed(), state.lastFailure(), alarm);
  }

  private String alarm(@Nullable Instant end) {
    return end == null
        ? "%s has no keys and gets none: %s".formatted(who, state.lastFailure())
        : "the keys of %s end at %s and are not renewed: %s"
            .formatted(who, end, state.lastFailure());
  }

  /// Waits a moment for what is under way, and not for a KMS that takes its time: what is not in
  /// the vault by then can be asked for again. Not interrupted, because that would close the
  /// vault's file in the middle of a write.
  @Override
  public void close() {
    closed.countDown();
    try {
      if (thread.isAlive() && !thread.join(PATIENCE)) {
        LOG.warn("a request to the KMS is left unanswered");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
