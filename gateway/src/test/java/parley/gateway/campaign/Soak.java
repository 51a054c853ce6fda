package parley.gateway.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import parley.gateway.record.Integrity;
import parley.gateway.record.RecordingExport;
import parley.gateway.record.RecordingSummary;
import parley.keys.vault.RecordingKey;
import parley.keys.vault.Vault;

/// A gateway lives for a while in a [World] that changes all the time, and is then held to account:
/// every packet, every recording, its memory.
final class Soak implements AutoCloseable {
  /// @param accountEvery how often everybody is silent until the account is even
  /// @param churnEvery how often something changes
  /// @param lookEvery how often its memory is looked at
  record Pace(Duration length, Duration accountEvery, Duration churnEvery, Duration lookEvery) {}

  private static final long TICK_NANOS = Duration.ofMillis(100).toNanos();

  private static final int TELL_EVERY = 250;

  private final Report report;
  private final World world;
  private final Accounts accounts;
  private final Churn churn;
  private final Vitals vitals;

  Soak(Path folder, long seed, World.Scale scale, Report report) throws Exception {
    this.report = report;
    RandomGenerator random = Terms.random(seed);
    world = new World(folder, seed, scale, random);
    accounts = new Accounts(world);
    churn = new Churn(world, accounts, random);
    vitals = new Vitals(world.gateway().pid(), world.gcLog());
  }

  void run(Pace pace) throws Exception {
    world.wire().impair(Churn.BAD_WIRE);
    accounts.begin();
    var end = new Timer(pace.length());
    var account = new Timer(pace.accountEvery());
    var change = new Timer(pace.churnEvery());
    var look = new Timer(pace.lookEvery());
    vitals.look();
    talk();
    while (!end.isDue()) {
      if (look.isDue()) {
        vitals.look();
      }
      if (change.isDue()) {
        churn.next();
      }
      if (account.isDue()) {
        account();
        talk();
      }
      LockSupport.parkNanos(TICK_NANOS);
    }
    account();
  }

  /// Due once in every period, from now on.
  private static final class Timer {
    private final long period;
    private long due;

    Timer(Duration period) {
      this.period = period.toNanos();
      this.due = System.nanoTime() + this.period;
    }

    boolean isDue() {
      boolean is = System.nanoTime() - due >= 0;
      due = is ? System.nanoTime() + period : due;
      return is;
    }
  }

  private void talk() {
    world.configured().forEach(group -> group.talkers().forEach(FieldTalker::start));
  }

  private void account() throws Exception {
    accounts.settle();
    Vitals.Sample now = vitals.look();
    report.progress(
        String.format(
            Locale.ROOT,
            "%s; RSS %.0f MiB; %s",
            accounts.sentence(),
            now.rssKib() / 1024,
            churn.done()));
  }

  // ---- the end ----

  /// So much of what members say gets through, in every group.
  void requireRelayed(double share) {
    for (SoakGroup group : world.groups()) {
      Tally t = group.sum();
      assertThat((double) t.relayed())
          .as("packets relayed in %s, of %d", group.id(), t.genuine())
          .isGreaterThanOrEqualTo(t.genuine() * share);
    }
  }

  /// Ends the gateway in order and reads back everything that it has recorded: every chain intact,
  /// no gap, and in each group as many packets as were relayed.
  void requireRecorded() throws Exception {
    assertThat(world.gateway().graveLines())
        .as("errors, but for reloads that had to be refused")
        .noneMatch(line -> line.contains("\"ERROR\"") && !line.contains("SIGHUP changed nothing"));
    assertThat(world.gateway().stop()).as("the exit code of SIGTERM").isIn(0, 143);
    Map<String, Long> recorded = new TreeMap<>();
    List<Path> files = RecordingSummary.find(world.recordings());
    try (Vault vault = world.gatewayVault();
        RecordingKey key = vault.recordingKey()) {
      for (int n = 0; n < files.size(); n++) {
        RecordingSummary is = intact(files.get(n), key);
        String group = is.header().group().uri();
        recorded.merge(group, is.srtpPackets() + is.srtcpPackets(), Long::sum);
        if ((n + 1) % TELL_EVERY == 0) {
          report.progress("%d of %d recordings read back".formatted(n + 1, files.size()));
        }
      }
    }
    for (SoakGroup group : world.groups()) {
      assertThat(recorded.getOrDefault(group.id(), 0L))
          .as("recorded packets of %s, as many as were relayed", group.id())
          .isEqualTo(group.sum().relayed());
    }
    report.result(
        "%d recordings: every chain intact, no gap; %d packets in them, which is every one relayed"
            .formatted(files.size(), recorded.values().stream().mapToLong(n -> n).sum()));
  }

  private static RecordingSummary intact(Path file, RecordingKey key) throws Exception {
    RecordingSummary is = RecordingSummary.read(file);
    assertThat(is.integrity().state()).as("the end of %s", file).isEqualTo(Integrity.State.CLOSED);
    assertThat(is.integrity().damages()).as("damages of %s", file).isEmpty();
    assertThat(is.gaps()).as("gaps in %s", file).isZero();
    assertThat(RecordingExport.payloads(file, key))
        .as("packets that %s gives back", file)
        .hasSize(Math.toIntExact(is.srtpPackets()));
    return is;
  }

  /// Memory, descriptors and threads have stopped growing.
  void requireFlat() {
    assertThat(vitals.trends().stream().filter(trend -> !trend.isFlat()).toList()).isEmpty();
  }

  /// What happened, in tables.
  void tell() throws IOException {
    accounts.tell(report);
    List<List<String>> changes = new ArrayList<>(List.of(List.of("what changed", "times")));
    churn.done().forEach((what, n) -> changes.add(List.of(what, Integer.toString(n))));
    report.table("Churn", changes);
    vitals.trends().forEach(trend -> report.result(trend.toString()));
    report.csv("vitals", vitals.csv());
    report.csv("accounts", accounts.csv());
  }

  @Override
  public void close() throws IOException {
    world.close();
  }
}
