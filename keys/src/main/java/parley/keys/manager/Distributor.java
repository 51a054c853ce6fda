package parley.keys.manager;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import parley.keys.member.KeysMissing;
import parley.keys.vault.VaultException;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.identity.Identity;

/// Brings a group's GMKs to its members: makes them by the plan, sends each message until its
/// receipt has come, slower and slower, and at once when its UE registers.
///
/// Holds nothing that a restart would lose: what has to be sent stands on the delivery board, and
/// begins anew there. Confined to one thread, which calls [#turn] when [#turn] has said so.
public final class Distributor {
  private static final int SEALED_IN_A_TURN = 256;
  private static final long MOST_WAIT_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final GroupManager manager;
  private final Outlet outlet;
  private final DeliveryEvents events;
  private final InstantSource clock;
  private final LongSupplier nanoClock;
  private GmkPlan plan;
  private DeliveryPace pace;
  private final Map<Identity, Round> rounds = new HashMap<>();
  private final PriorityQueue<Round> queue =
      new PriorityQueue<>((a, b) -> Long.signum(a.dueNanos - b.dueNanos));
  private boolean changed = true;
  private Set<Integer> deliverable = Set.of();
  private boolean isSealing;
  private long sealNanos;
  private long spentUntilNanos;

  /// All messages to one UE go in one round.
  private static final class Round {
    private final Identity ue;
    private long dueNanos;
    private int sent;

    Round(Identity ue, long dueNanos) {
      this.ue = ue;
      this.dueNanos = dueNanos;
    }
  }

  /// `nanoClock` is a clock like [System#nanoTime], which nobody sets.
  public Distributor(
      GroupManager manager,
      GmkPlan plan,
      DeliveryPace pace,
      Outlet outlet,
      DeliveryEvents events,
      InstantSource clock,
      LongSupplier nanoClock) {
    this.manager = manager;
    this.plan = plan;
    this.pace = pace;
    this.outlet = outlet;
    this.events = events;
    this.clock = clock;
    this.nanoClock = nanoClock;
    this.spentUntilNanos = nanoClock.getAsLong();
  }

  /// Other rules from the next turn on.
  public void change(GmkPlan otherPlan, DeliveryPace otherPace) {
    plan = otherPlan;
    pace = otherPace;
    changed = true;
  }

  public GroupManager manager() {
    return manager;
  }

  /// Makes a new GMK now, on demand.
  public GroupMasterKey rekey() throws VaultException {
    GroupMasterKey made = manager.newGmk(plan.atOnce(clock.instant()));
    changed = true;
    events.made(made);
    return made;
  }

  /// Takes another list of members; who is out of it is excluded by a new GMK.
  public void members(MemberList list) throws VaultException {
    manager.changeMembers(list, plan.atOnce(clock.instant())).ifPresent(events::made);
    changed = true;
  }

  /// Members, GMKs or addresses were changed at the [GroupManager] itself.
  public void changed() {
    changed = true;
  }

  /// What waits for this UE goes out in the next turn: it has just said where it is.
  public void reached(Identity ue) {
    Round round = rounds.get(ue);
    if (round != null) {
      queue.remove(round);
      round.sent = 0;
      round.dueNanos = nanoClock.getAsLong();
      queue.add(round);
    }
  }

  /// Receipts that came in, noted in one write.
  public void receipts(Collection<byte[]> receipts) throws VaultException {
    List<Delivery> proved = manager.confirm(receipts);
    for (Delivery delivery : proved) {
      Round round = rounds.get(delivery.ue());
      if (round != null && pending(delivery.ue()).isEmpty()) {
        rounds.remove(delivery.ue());
        queue.remove(round);
      }
    }
    if (!proved.isEmpty()) {
      events.confirmed(proved);
    }
  }

  /// Does what is due now.
  ///
  /// @return for how many nanoseconds nothing is; 0 for none
  public long turn() throws VaultException {
    Instant now = clock.instant();
    makeDue(now);
    noticeActivation(now);
    sealSome(now);
    long wait = Math.min(sendDue(), untilNextGmk(now));
    return isSealing ? Math.clamp(sealNanos - nanoClock.getAsLong(), 0, wait) : wait;
  }

  private void makeDue(Instant now) throws VaultException {
    if (manager.isDissolved()) {
      return;
    }
    var due = plan.due(manager.newestGmk().orElse(null), now);
    if (due.isPresent()) {
      GroupMasterKey made = manager.newGmk(due.get());
      changed = true;
      events.made(made);
    }
  }

  /// A GMK that becomes active puts an end to the delivery of older ones.
  private void noticeActivation(Instant now) {
    Set<Integer> found =
        manager.deliverable(now).stream().map(GroupMasterKey::gmkId).collect(Collectors.toSet());
    changed |= !found.equals(deliverable);
    deliverable = found;
  }

  /// Begins all rounds anew where something has changed, and makes messages, some in each turn.
  private void sealSome(Instant now) throws VaultException {
    if (changed) {
      rounds.clear();
      changed = false;
      isSealing = true;
      sealNanos = nanoClock.getAsLong();
    }
    if (!isSealing || sealNanos - nanoClock.getAsLong() > 0) {
      return;
    }
    boolean more = false;
    try {
      for (GroupMasterKey gmk : manager.deliverable(now)) {
        more |= manager.seal(gmk, now, SEALED_IN_A_TURN);
      }
    } catch (KeysMissing e) {
      more = true;
      sealNanos = nanoClock.getAsLong() + MOST_WAIT_NANOS;
      events.cannotSeal(e);
    }
    isSealing = more;
    plan(now);
  }

  /// A round for each UE for which something waits, and for no other.
  private void plan(Instant now) {
    long nanos = nanoClock.getAsLong();
    Map<Identity, Round> before = new HashMap<>(rounds);
    rounds.clear();
    queue.clear();
    for (GmkMessage message : manager.pending(now)) {
      rounds.computeIfAbsent(message.ue(), ue -> known(before, ue, nanos));
    }
    queue.addAll(rounds.values());
  }

  private static Round known(Map<Identity, Round> before, Identity ue, long nanos) {
    Round round = before.get(ue);
    return round == null ? new Round(ue, nanos) : round;
  }

  private List<GmkMessage> pending(Identity ue) {
    return manager.pending(ue, clock.instant());
  }

  /// Sends what is due, no faster than the pace allows.
  private long sendDue() {
    long now = nanoClock.getAsLong();
    long cost = TimeUnit.SECONDS.toNanos(1) / pace.perSecond();
    spentUntilNanos = spentUntilNanos - now < 0 ? now : spentUntilNanos;
    while (!queue.isEmpty() && queue.peek().dueNanos - now <= 0) {
      long ahead = spentUntilNanos - now;
      if (ahead > BURST_NANOS) {
        return ahead - BURST_NANOS;
      }
      Round round = queue.remove();
      for (GmkMessage message : pending(round.ue)) {
        if (outlet.send(message)) {
          spentUntilNanos += cost;
        }
      }
      round.sent++;
      round.dueNanos = now + pace.waitNanos(round.sent);
      queue.add(round);
    }
    Round next = queue.peek();
    return next == null ? MOST_WAIT_NANOS : Math.min(next.dueNanos - now, MOST_WAIT_NANOS);
  }

  /// Until a GMK is to be made, or one becomes active.
  private long untilNextGmk(Instant now) {
    Instant next = now.plusNanos(MOST_WAIT_NANOS);
    for (GroupMasterKey gmk : manager.gmks()) {
      boolean isAhead = gmk.activation().isAfter(now) && gmk.activation().isBefore(next);
      next = isAhead ? gmk.activation() : next;
    }
    Optional<GroupMasterKey> newest = manager.newestGmk().filter(_ -> !manager.isDissolved());
    Instant look = newest.map(plan::nextLook).orElse(next);
    return Math.max(0, Duration.between(now, look.isBefore(next) ? look : next).toNanos());
  }
}
