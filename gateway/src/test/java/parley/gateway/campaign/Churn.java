package parley.gateway.campaign;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import parley.gateway.net.Impairment;

/// Changes everything that may change while a gateway runs, one thing at a time.
final class Churn {
  private enum Change {
    NEW_GMK,
    GUEST,
    EXTRA_LEG,
    BAD_RELOAD,
    OTHER_WIRE
  }

  /// Played to its end in another order each time.
  private static final List<Change> DECK =
      List.of(
          Change.NEW_GMK,
          Change.NEW_GMK,
          Change.GUEST,
          Change.GUEST,
          Change.EXTRA_LEG,
          Change.EXTRA_LEG,
          Change.BAD_RELOAD,
          Change.OTHER_WIRE);

  /// 5 % lost, 2 % doubled, 3 % held back behind the next ones, 5 to 15 ms under way.
  static final Impairment BAD_WIRE =
      Impairment.NONE
          .withLoss(0.05)
          .withDuplication(0.02)
          .withReordering(0.03, Duration.ofMillis(40))
          .withDelay(Duration.ofMillis(5), Duration.ofMillis(10));

  private static final Impairment REORDERING_WIRE =
      BAD_WIRE.withLoss(0.01).withReordering(0.2, Duration.ofMillis(30));

  private static final Duration CUT = Duration.ofSeconds(2);

  private final World world;
  private final Accounts accounts;
  private final RandomGenerator random;
  private final List<Change> deck = new ArrayList<>();
  private final Map<String, Integer> done = new TreeMap<>();

  Churn(World world, Accounts accounts, RandomGenerator random) {
    this.world = world;
    this.accounts = accounts;
    this.random = random;
  }

  /// How often each change was made.
  Map<String, Integer> done() {
    return done;
  }

  void next() throws Exception {
    if (deck.isEmpty()) {
      deck.addAll(DECK);
      Collections.shuffle(deck, random);
    }
    String what =
        switch (deck.removeLast()) {
          case NEW_GMK -> newGmk();
          case GUEST -> guest();
          case EXTRA_LEG -> extraLeg();
          case BAD_RELOAD -> badReload();
          case OTHER_WIRE -> otherWire();
        };
    done.merge(what, 1, Integer::sum);
  }

  private SoakGroup any(List<SoakGroup> from) {
    return from.get(random.nextInt(from.size()));
  }

  /// While bursts under the old one run.
  private String newGmk() throws Exception {
    world.newGmk(any(world.configured()));
    return "new GMK";
  }

  private String guest() throws Exception {
    SoakGroup guest = any(world.groups().stream().filter(SoakGroup::isGuest).toList());
    if (!guest.isConfigured()) {
      guest.configured(true);
      world.reload();
      accounts.begin(guest);
      guest.talkers().forEach(FieldTalker::start);
      return "group added";
    }
    accounts.settle(List.of(guest));
    guest.configured(false);
    world.reload();
    return "group removed";
  }

  private String extraLeg() throws Exception {
    SoakGroup group = any(world.configured().stream().filter(g -> !world.isJoint(g)).toList());
    group.extra(!group.hasExtra());
    world.reload();
    return group.hasExtra() ? "relay leg added" : "relay leg removed";
  }

  private String badReload() throws Exception {
    world.reloadNonsense();
    return "reload refused";
  }

  private String otherWire() {
    return switch (random.nextInt(3)) {
      case 0 -> cutWire();
      case 1 -> wire("wire reorders", REORDERING_WIRE);
      default -> wire("wire loses", BAD_WIRE);
    };
  }

  private String cutWire() {
    wire("", Impairment.CUT);
    LockSupport.parkNanos(CUT.toNanos());
    return wire("wire cut for two seconds", BAD_WIRE);
  }

  private String wire(String what, Impairment by) {
    world.wire().impair(by);
    return what;
  }
}
