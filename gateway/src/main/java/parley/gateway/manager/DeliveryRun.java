package parley.gateway.manager;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import parley.gateway.config.Way;
import parley.keys.manager.Delivery;
import parley.keys.manager.DeliveryEvents;
import parley.keys.manager.DeliveryPace;
import parley.keys.manager.Distributor;
import parley.keys.manager.GmkMessage;
import parley.keys.manager.GmkPlan;
import parley.keys.manager.GroupManager;
import parley.keys.member.KeysMissing;
import parley.keys.vault.VaultException;
import parley.mikey.identity.Identity;

/// A delivery while somebody waits: sends what is pending and repeats it until every member that
/// can be reached has confirmed, or the time is over. Takes registrations meanwhile.
public final class DeliveryRun implements DeliveryEvents {
  private static final DeliveryPace PACE =
      new DeliveryPace(
          DeliveryPace.DEFAULT.perSecond(), Duration.ofMillis(500), Duration.ofSeconds(4));

  private final GroupManager manager;
  private final InstantSource clock;
  private final Consumer<String> say;
  private final Set<Identity> told = new HashSet<>();
  private int of;

  /// `say` gets a line for each receipt, and one for each member that did not answer.
  public DeliveryRun(GroupManager manager, InstantSource clock, Consumer<String> say) {
    this.manager = manager;
    this.clock = clock;
    this.say = say;
  }

  /// True when every member has confirmed.
  ///
  /// @param from where messages are sent from and receipts heard; port 0 lets the system choose
  public boolean run(InetSocketAddress from, Map<Identity, Way> ways, Duration patience)
      throws IOException, VaultException, KeysMissing {
    manager.sealAll(clock.instant()); // not in the loop, so that what is missing is told at once
    try (ManagerLoop loop = ManagerLoop.bind(from, clock);
        var outlet = new GroupOutlet(manager, loop, ways)) {
      Set<Identity> pending = pending();
      pending.stream()
          .filter(ue -> !outlet.reaches(ue))
          .sorted()
          .forEach(ue -> say.accept("no address of " + ue + "; give --to"));
      of = (int) pending.stream().filter(outlet::reaches).count();
      if (pending.isEmpty()) {
        say.accept("every member has confirmed already");
        return true;
      }
      loop.add(
          new Distributor(manager, GmkPlan.ON_DEMAND, PACE, outlet, this, clock, System::nanoTime));
      loop.run(() -> pending().stream().noneMatch(outlet::reaches), patience.toNanos());
      pending().stream()
          .filter(outlet::reaches)
          .sorted()
          .forEach(ue -> say.accept("no receipt from " + ue));
    }
    return pending().isEmpty();
  }

  private Set<Identity> pending() {
    return manager.pending(clock.instant()).stream()
        .map(GmkMessage::ue)
        .collect(Collectors.toSet());
  }

  @Override
  public void confirmed(Collection<Delivery> deliveries) {
    Set<Identity> pending = pending();
    for (Delivery delivery : deliveries) {
      if (!pending.contains(delivery.ue()) && told.add(delivery.ue())) {
        say.accept(
            "%s has the GMK (%d of %d)"
                .formatted(delivery.ue(), told.size(), Math.max(of, told.size())));
      }
    }
  }
}
