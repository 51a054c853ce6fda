package parley.gateway;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.config.MemberSource;
import parley.gateway.config.PeerConfig;
import parley.keys.http.TlsRefused;
import parley.keys.manager.HeldMemberList;
import parley.keys.manager.ManagerClient;
import parley.keys.manager.MemberListKeeper;
import parley.keys.manager.MemberListVerdict;
import parley.keys.member.GroupMembership;
import parley.keys.member.KeysMissing;
import parley.keys.member.Member;
import parley.keys.vault.VaultException;
import parley.mikey.identity.Identity;

/// Asks one group's manager for the signed list of members, again and again, on a thread of its
/// own. A manager that is away changes nothing: the list that is held goes on, and the log says
/// since when.
final class MemberListFetch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MemberListFetch.class);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);

  private final Member member;
  private final GroupMembership group;
  private final MemberSource source;
  private final MemberListKeeper keeper;
  private final Runnable news;
  private final InstantSource clock;
  private final SecureRandom random;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private String lastSaid = "";

  /// `news` is run, on this fetch's thread, when a newer list is on the disk.
  MemberListFetch(
      Member member,
      GroupMembership group,
      MemberSource source,
      MemberListKeeper keeper,
      Runnable news,
      InstantSource clock,
      SecureRandom random) {
    this.member = member;
    this.group = group;
    this.source = source;
    this.keeper = keeper;
    this.news = news;
    this.clock = clock;
    this.random = random;
    this.thread = Thread.ofVirtual().name("parley-members").unstarted(this::run);
  }

  MemberListFetch start() {
    thread.start();
    return this;
  }

  boolean isOf(GroupMembership otherGroup, MemberSource otherSource) {
    return group.equals(otherGroup) && source.equals(otherSource);
  }

  private void run() {
    PeerConfig manager = source.manager();
    try (ManagerClient client =
        new ManagerClient(manager.url(), manager.tls(), PATIENCE, member, group, clock, random)) {
      boolean isOver = false;
      while (!isOver) {
        Duration pause = fetch(client) ? source.every() : shorter(source.every());
        isOver = closed.await(jittered(pause), TimeUnit.MILLISECONDS);
      }
    } catch (TlsRefused e) {
      failed(String.valueOf(e.getMessage()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static Duration shorter(Duration every) {
    return every.compareTo(AFTER_FAILURE) < 0 ? every : AFTER_FAILURE;
  }

  /// A tenth more or less, so that a fleet does not come at once.
  private long jittered(Duration pause) {
    long tenth = pause.toMillis() / 10;
    return pause.toMillis() - tenth + random.nextLong(2 * tenth + 1);
  }

  private boolean fetch(ManagerClient client) throws InterruptedException {
    try {
      switch (keeper.take(group.group(), client.members())) {
        case MemberListVerdict.Taken(HeldMemberList list) -> {
          LOG.atInfo()
              .addKeyValue("group", group.group().uri())
              .addKeyValue("changed", list.version())
              .addKeyValue("members", list.members().members().size())
              .log("list of members taken");
          lastSaid = "";
          news.run();
        }
        case MemberListVerdict.Known _ -> lastSaid = "";
        case MemberListVerdict.Refused(var _, var detail) -> {
          failed(detail);
          return false;
        }
      }
      return true;
    } catch (IOException | KeysMissing | VaultException | RuntimeException e) {
      failed(String.valueOf(e.getMessage()));
      return false;
    }
  }

  private void failed(String sentence) {
    boolean isOver = closed.getCount() == 0;
    if (!isOver && !sentence.equals(lastSaid)) {
      lastSaid = sentence;
      Identity id = group.group();
      LOG.atWarn()
          .addKeyValue("group", id.uri())
          .addKeyValue("detail", sentence)
          .addKeyValue(
              "held", keeper.held(id).map(held -> "until " + held.notAfter()).orElse("none"))
          .log("no newer list of members");
    }
  }

  /// Ends after what is under way; waits for nothing.
  @Override
  public void close() {
    closed.countDown();
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
