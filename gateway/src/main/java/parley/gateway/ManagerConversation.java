package parley.gateway;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.admin.ManagerContact;
import parley.gateway.config.PeerConfig;
import parley.keys.http.TlsRefused;
import parley.keys.manager.ManagerClient;
import parley.keys.member.GroupMembership;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.keys.vault.VaultException;

/// Asks one group's manager over HTTPS whatever is to be asked, each question at its own pace, one
/// after the other on a thread of its own: what a member says has a later T than what it said
/// before.
///
/// After a failure the certificates are read anew, so that renewed ones need no restart. The log
/// has each reason once.
final class ManagerConversation implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ManagerConversation.class);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);

  private final PeerConfig manager;
  private final GroupMembership group;
  private final Member member;
  private final List<Turn> turns;
  private final InstantSource clock;
  private final SecureRandom random;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable ManagerClient client;

  /// One question, when it is asked next, and how it went so far.
  private static final class Turn {
    private final ManagerQuestion question;
    private final LongAdder answered = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private long dueNanos = System.nanoTime();
    private String lastSaid = "";

    private Turn(ManagerQuestion question) {
      this.question = question;
    }

    private ManagerContact contact() {
      return new ManagerContact(
          question.what(), answered.sum(), failed.sum(), question.heldUntil());
    }
  }

  ManagerConversation(
      PeerConfig manager,
      GroupMembership group,
      Member member,
      List<ManagerQuestion> questions,
      InstantSource clock,
      SecureRandom random) {
    this.manager = manager;
    this.group = group;
    this.member = member;
    this.turns = questions.stream().map(Turn::new).toList();
    this.clock = clock;
    this.random = random;
    this.thread = Thread.ofVirtual().name("parley-manager").unstarted(this::run);
  }

  ManagerConversation start() {
    thread.start();
    return this;
  }

  /// How it goes; any thread.
  List<ManagerContact> contacts() {
    return turns.stream().map(Turn::contact).toList();
  }

  private void run() {
    try {
      Turn next = soonest();
      while (!closed.await(next.dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        Duration pause = take(next);
        next.dueNanos = System.nanoTime() + jittered(pause);
        next = soonest();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      hangUp();
    }
  }

  private Turn soonest() {
    long now = System.nanoTime();
    return turns.stream().min(Comparator.comparingLong(turn -> turn.dueNanos - now)).orElseThrow();
  }

  /// Returns how long to wait with this question.
  private Duration take(Turn turn) throws InterruptedException {
    Duration every = turn.question.every();
    try {
      turn.question.ask(connected());
      turn.answered.increment();
      turn.lastSaid = "";
      return every;
    } catch (IOException | TlsRefused | KeysMissing | VaultException | RuntimeException e) {
      hangUp();
      failed(turn, String.valueOf(e.getMessage()));
      return every.compareTo(AFTER_FAILURE) < 0 ? every : AFTER_FAILURE;
    }
  }

  private ManagerClient connected() throws TlsRefused {
    ManagerClient known = client;
    if (known == null) {
      known =
          new ManagerClient(manager.url(), manager.tls(), PATIENCE, member, group, clock, random);
      client = known;
    }
    return known;
  }

  private void hangUp() {
    ManagerClient known = client;
    client = null;
    if (known != null) {
      known.close();
    }
  }

  /// A tenth more or less, so that a fleet does not come at once.
  private long jittered(Duration pause) {
    long tenth = pause.toNanos() / 10;
    return pause.toNanos() - tenth + random.nextLong(2 * tenth + 1);
  }

  private void failed(Turn turn, String sentence) {
    if (closed.getCount() == 0) {
      return;
    }
    turn.failed.increment();
    if (!sentence.equals(turn.lastSaid)) {
      turn.lastSaid = sentence;
      LOG.atWarn()
          .addKeyValue("group", group.group().uri())
          .addKeyValue("asked", turn.question.what())
          .addKeyValue("detail", sentence)
          .addKeyValue("meanwhile", turn.question.meanwhile())
          .log("the group's manager gives no good answer; still asking");
    }
  }

  /// Ends it without waiting; what is being asked fails, what is being stored is stored.
  @Override
  public void close() {
    closed.countDown();
    ManagerClient known = client;
    if (known != null) {
      known.close();
    }
  }

  /// Waits until it has ended, for as long as one question takes at most.
  void awaitEnd() {
    try {
      var _ = thread.join(PATIENCE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
