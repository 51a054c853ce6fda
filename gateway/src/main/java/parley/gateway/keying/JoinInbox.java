package parley.gateway.keying;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;
import parley.gateway.log.LogRation;
import parley.gateway.media.Leg;
import parley.gateway.media.MediaPort;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.group.JoinAdmission;
import parley.mikey.group.JoinAnswer;
import parley.mikey.group.JoinGate;
import parley.mikey.group.JoinOutcome;
import parley.mikey.group.JoinRefusal;
import parley.mikey.group.JoinVerb;
import parley.mikey.group.JoinVerifier;
import parley.mikey.group.UnverifiedJoin;

/// A JOIN, REFRESH or LEAVE from its octets to a leg, for one group (wire profile, section 7).
///
/// 1. on the loop: the [JoinGate], up to the MAC; whatever fails has no answer;
/// 2. still there: the cookie. Without a good one a fresh one goes back, shorter than what came,
///    and nothing is kept; so what follows is for those that are where they say they are;
/// 3. in the [VerifyPool]: the signature;
/// 4. back on the loop: permission, caps, and the [Receivers].
///
/// Confined to the group's loop, but for step 3.
public final class JoinInbox {
  private static final Logger LOG = LoggerFactory.getLogger(JoinInbox.class);

  private final GroupKeying group;
  private final Receivers receivers;
  private final KeyingServices services;
  private final JoinCounters counters;
  private final JoinGate gate;
  private final JoinVerifier verifier;
  private final Cookies cookies;
  private final LogRation<JoinRefusal> ration = new LogRation<>(JoinRefusal.class);

  JoinInbox(GroupKeying group, Receivers receivers, KeyingServices services) {
    this.group = group;
    this.receivers = receivers;
    this.services = services;
    this.counters = group.counters().joins();
    this.gate =
        new JoinGate(
            group.group(),
            services.member().identity(),
            group.settings().window(),
            services.member().gmkBook(),
            services.clock());
    this.verifier = new JoinVerifier(services.eccsi(), services.clock());
    this.cookies = new Cookies(services.random(), services.clock());
  }

  /// Octets that [UnverifiedJoin#isOne] took for one.
  public void receive(MediaPort port, InetSocketAddress source, byte[] octets) {
    if (group.settings().joins() == null) {
      note(
          JoinRefusal.NOT_OFFERED,
          "this group has no receivers: in its configuration",
          null,
          source);
    } else if (!group.media().hearsUnicastOn(port)) {
      note(JoinRefusal.WRONG_LEG, "receivers join at a unicast leg", null, source);
    } else {
      switch (gate.admit(octets)) {
        case JoinAdmission.Refused r -> note(r.reason(), r.detail(), r.message(), source);
        case JoinAdmission.Admitted a -> admitted(a, port, source);
      }
    }
  }

  private void admitted(JoinAdmission.Admitted a, MediaPort port, InetSocketAddress source) {
    UnverifiedJoin message = a.message();
    if (!cookies.isGood(message, source)) {
      if (!gate.isFirst(a)) {
        note(JoinRefusal.DUPLICATE, "a cookie was sent for it before", message, source);
        return;
      }
      if (message.cookie() != null) {
        note(JoinRefusal.STALE_COOKIE, "a fresh one was sent", message, source);
      }
      counters.cookie();
      answer(a, JoinOutcome.COOKIE, port, source);
    } else if (receivers.joined().isOld(message)) {
      note(JoinRefusal.DUPLICATE, "a newer message came before", message, source);
    } else if (!services.pool().submit(this, source.getAddress(), () -> examine(a, port, source))) {
      note(JoinRefusal.OVERLOAD, "the verification pool is full", message, source);
    }
  }

  private void examine(JoinAdmission.Admitted a, MediaPort port, InetSocketAddress source) {
    JoinRefusal refusal = verifier.refusal(a, services.member().kms());
    group.loop().execute(() -> complete(a, refusal, port, source));
  }

  private void complete(
      JoinAdmission.Admitted a,
      @Nullable JoinRefusal refusal,
      MediaPort port,
      InetSocketAddress source) {
    long acceptedNanos = System.nanoTime();
    if (group.isClosed() || !group.media().hearsUnicastOn(port)) {
      return;
    }
    JoinRefusal refused = refusal == null ? refusal(a, source) : refusal;
    if (refused == null) {
      refused = follow(a, port, source, acceptedNanos);
    }
    if (refused != null) {
      note(refused, a.message().toString(), a.message(), source);
      JoinOutcome outcome = outcome(refused);
      if (outcome != null) {
        answer(a, outcome, port, source);
      }
    }
  }

  /// What speaks against an authentic message, or null.
  private @Nullable JoinRefusal refusal(JoinAdmission.Admitted a, InetSocketAddress source) {
    UnverifiedJoin message = a.message();
    JoinSettings limits = group.settings().joins();
    if (limits == null) {
      return JoinRefusal.NOT_OFFERED;
    }
    if (receivers.joined().isOld(message)) {
      return JoinRefusal.DUPLICATE;
    }
    if (isOver(a.gmk(), now())) {
      return JoinRefusal.GMK_NOT_OPEN;
    }
    if (!group.roster().mayListen(message.ue())) {
      return JoinRefusal.NOT_PERMITTED;
    }
    return message.verb() == JoinVerb.JOIN
        ? receivers.joined().fullFor(message, source, limits)
        : receivers.joined().isAt(message, source) ? null : JoinRefusal.NOT_JOINED;
  }

  private @Nullable JoinRefusal follow(
      JoinAdmission.Admitted a, MediaPort port, InetSocketAddress source, long acceptedNanos) {
    UnverifiedJoin message = a.message();
    boolean isNew = !receivers.joined().isAt(message, source);
    switch (message.verb()) {
      case LEAVE -> leave(message, source);
      case REFRESH -> receivers.joined().heard(message, source, now());
      case JOIN -> {
        if (!isNew) {
          receivers.joined().heard(message, source, now());
        } else if (!receivers.join(message, source, port, a.gmk(), now(), remember())) {
          return JoinRefusal.UNREACHABLE;
        }
      }
    }
    counters.does(message.verb());
    answer(a, JoinOutcome.DONE, port, source);
    if (message.verb() == JoinVerb.JOIN) {
      Leg leg = receivers.legOf(source);
      if (isNew && group.isHeard()) {
        group.media().awaitFirstMedia(leg, acceptedNanos);
      }
      group.tell(leg);
    }
    return null;
  }

  private void leave(UnverifiedJoin message, InetSocketAddress source) {
    receivers.joined().heard(message, source, now());
    JoinedReceivers.Receiver there = receivers.joined().at(source);
    if (there != null) {
      receivers.end(there, JoinEnd.LEFT, now(), remember());
    }
  }

  /// What the receiver is told; null for what is nobody's business.
  private static @Nullable JoinOutcome outcome(JoinRefusal refused) {
    return switch (refused) {
      case NOT_PERMITTED -> JoinOutcome.NOT_PERMITTED;
      case NOT_JOINED -> JoinOutcome.NOT_JOINED;
      case GROUP_FULL, MEMBER_FULL, SOURCE_FULL -> JoinOutcome.FULL;
      case NOT_OFFERED,
          WRONG_LEG,
          MALFORMED,
          WRONG_GROUP,
          OWN,
          UNKNOWN_GMK,
          GMK_NOT_OPEN,
          T_TOO_OLD,
          T_IN_FUTURE,
          BEFORE_RESTART,
          RAND_NOT_BOUND,
          DUPLICATE,
          BAD_MAC,
          STALE_COOKIE,
          OVERLOAD,
          UNKNOWN_KMS,
          PERIOD_NOT_ACCEPTABLE,
          BAD_SIGNATURE,
          UNREACHABLE ->
          null;
    };
  }

  private void answer(
      JoinAdmission.Admitted a, JoinOutcome outcome, MediaPort port, InetSocketAddress source) {
    byte[] answer =
        JoinAnswer.seal(
            a.message(),
            a.gmk(),
            outcome,
            cookies.make(a.message(), source),
            outcome == JoinOutcome.DONE ? group.runningKeys() : List.of());
    port.send(ByteBuffer.wrap(answer), source);
    port.flush();
  }

  // ---- as time and the operator end them ----

  /// Looks at the clock: who has not been heard, whose GMK is over.
  void tick(Instant now) {
    JoinSettings limits = group.settings().joins();
    Duration expire = limits == null ? Duration.ZERO : limits.expire();
    receivers.end(one -> now.isAfter(one.heardAt().plus(expire)), JoinEnd.EXPIRED, now, remember());
    receivers.end(one -> isOver(one.gmk(), now), JoinEnd.GMK, now, remember());
    receivers.joined().forget(now);
  }

  /// By what is known of that GMK now: it may have been revoked since, or been given more time.
  private boolean isOver(GroupMasterKey then, Instant now) {
    GroupMasterKey gmk = services.member().gmkBook().find(then.group(), then.gmkId()).orElse(null);
    return gmk == null || !gmk.isOpen(now) || group.gmks().isBeyondGrace(gmk, now);
  }

  /// The group has other rules from now on.
  void change() {
    gate.window(group.settings().window());
    JoinSettings limits = group.settings().joins();
    int room = limits == null ? 0 : limits.max();
    receivers.end(
        one -> !group.roster().mayListen(one.member()), JoinEnd.NOT_PERMITTED, now(), remember());
    receivers.joined().all().stream()
        .skip(room)
        .forEach(one -> receivers.end(one, JoinEnd.NOT_OFFERED, now(), remember()));
  }

  void close() {
    receivers.end(_ -> true, JoinEnd.CLOSED, now(), remember());
  }

  /// For so long the last T of an ended stay counts.
  public Duration remember() {
    return group.settings().window().multipliedBy(2);
  }

  private Instant now() {
    return services.clock().instant();
  }

  private void note(
      JoinRefusal reason,
      String detail,
      @Nullable UnverifiedJoin message,
      InetSocketAddress source) {
    counters.refuse(reason);
    if (reason == JoinRefusal.DUPLICATE || reason == JoinRefusal.STALE_COOKIE) {
      ration.pass(reason);
      return;
    }
    long unlogged = ration.take(reason, now());
    if (unlogged == LogRation.SILENT) {
      return;
    }
    LoggingEventBuilder line =
        LOG.atWarn()
            .addKeyValue("group", group.group().uri())
            .addKeyValue("reason", reason)
            .addKeyValue("detail", detail)
            .addKeyValue("source", source)
            .addKeyValue("unlogged", unlogged);
    if (message != null) {
      line = line.addKeyValue("claimedMember", message.ue().uri());
    }
    line.log("receiver refused");
  }
}
