package parley.bench.load;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import parley.gateway.media.MediaPort;
import parley.gateway.media.MediaTransport;
import parley.gateway.media.NettyTransport;
import parley.gateway.media.PortUnavailable;
import parley.srtp.CipherEngine;
import parley.srtp.CipherEngines;

/// One load from beginning to end: sockets, announcements until every listener has verified its
/// own, traffic, a short wait for stragglers, the report.
final class LoadRun implements AutoCloseable {
  private static final Duration ANNOUNCED_WITHIN = Duration.ofSeconds(8);
  private static final Duration QUIET = Duration.ofMillis(500);
  private static final Duration STRAGGLERS_WITHIN = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(10);

  /// So long the times of a packet are remembered.
  private static final double REMEMBERED_SECONDS = 4;

  /// Of the listeners and of the talkers.
  private static final int LOOPS = 2;

  private final LoadSettings settings;
  private final Deployment deployment;
  private final Latencies latencies;
  private final PrintStream live;
  private final Deque<AutoCloseable> open;
  private final List<LoadTalker> talkers;
  private final CipherEngine engine;
  private final Ears ears;
  private final Stays stays;
  private final Admission admission;
  private final EventLoop sendingLoop;
  private final MediaPort port;
  private final Pacer pacer;

  private LoadRun(
      LoadSettings settings,
      Deployment deployment,
      Latencies latencies,
      PrintStream live,
      Deque<AutoCloseable> open)
      throws LoadFailed, WrongPlan, PortUnavailable {
    this.settings = settings;
    this.deployment = deployment;
    this.latencies = latencies;
    this.live = live;
    this.open = open;
    engine = CipherEngines.select("auto");
    talkers = talkers();
    MediaTransport transport = keep(NettyTransport.select("auto", joins() ? LOOPS + 1 : LOOPS));
    ears = keep(Ears.open(talkers, transport, transport.nextLoop(), engine, latencies));
    sendingLoop = transport.nextLoop();
    stays = keep(Stays.of(ears.listeners(), transport.nextLoop()));
    admission = new Admission(stays, ears);
    port = keep(transport.sender(null, sendingLoop));
    pacer = new Pacer(settings, talkers, port, engine);
    AutoCloseable stop = pacer::stop;
    open.push(stop);
  }

  /// @param deployment stays the caller's
  /// @param latencies stays the caller's
  /// @param live where a line is printed each second
  static LoadRun open(
      LoadSettings settings, Deployment deployment, Latencies latencies, PrintStream live)
      throws LoadFailed, WrongPlan, PortUnavailable {
    long listeners = deployment.groups().stream().mapToLong(group -> group.listen().size()).sum();
    FileDescriptors.require(listeners + 1, deployment.groups().size());
    Deque<AutoCloseable> open = new ArrayDeque<>();
    try {
      return new LoadRun(settings, deployment, latencies, live, open);
    } catch (LoadFailed | WrongPlan | PortUnavailable | RuntimeException e) {
      close(open);
      throw e;
    }
  }

  private boolean joins() {
    return deployment.groups().stream().anyMatch(group -> group.reach() == Reach.JOINED);
  }

  private List<LoadTalker> talkers() throws LoadFailed {
    double remembered = REMEMBERED_SECONDS * settings.rate() / deployment.groups().size();
    var random = new SecureRandom();
    List<LoadTalker> made = new ArrayList<>();
    for (LoadGroup group : deployment.groups()) {
      LoadTalker talker = LoadTalker.of(group, remembered, engine, random);
      open.push(talker);
      made.add(talker);
    }
    return made;
  }

  private <T extends AutoCloseable> T keep(T part) {
    open.push(part);
    return part;
  }

  /// Ends the traffic early; the report still comes. Any thread.
  void stop() {
    admission.stop();
    pacer.stop();
  }

  LoadReport run() throws LoadFailed, IOException, InterruptedException {
    try (Announcements announcements = Announcements.start(talkers, InstantSource.system())) {
      JoinReport joins = stays.isEmpty() ? null : letJoin(announcements);
      if (joins == null) {
        awaitAnnounced(announcements);
      }
      long start = System.nanoTime();
      Future<?> traffic = sendingLoop.submit(pacer);
      watch(traffic);
      double seconds = (System.nanoTime() - start) / 1e9;
      awaitStragglers();
      var _ = latencies.interval();
      List<String> head = head();
      String failure = announcements.failure();
      if (failure != null) {
        head.add("warning    " + failure);
      }
      if (announcements.unreachable() > 0) {
        head.add(
            "warning    %d announcements met nobody at the gateway (ICMP)"
                .formatted(announcements.unreachable()));
      }
      if (stays.losses() > 0) {
        head.add(
            "warning    %d times a listener that had joined was forgotten, or not answered any more"
                .formatted(stays.losses()));
      }
      return report(head, seconds, joins);
    }
  }

  private void awaitAnnounced(Announcements announcements) throws LoadFailed, InterruptedException {
    long deadline = System.nanoTime() + ANNOUNCED_WITHIN.toNanos();
    while (true) {
      List<LoadListener> deaf =
          ears.listeners().stream().filter(ear -> ear.tally().of(Heard.ANNOUNCEMENT) == 0).toList();
      if (deaf.isEmpty()) {
        return;
      }
      announcements.requireGateway();
      if (System.nanoTime() > deadline) {
        throw new LoadFailed(refused(deaf));
      }
      Thread.sleep(PAUSE);
    }
  }

  /// Every burst is announced and speaks while the listeners join.
  private JoinReport letJoin(Announcements announcements) throws LoadFailed, InterruptedException {
    announcements.awaitBegun(talkers.size());
    Future<?> leadIn = LeadIn.start(settings, talkers, port, sendingLoop, engine);
    try {
      admission.await(announcements, live);
    } finally {
      leadIn.cancel(false);
    }
    return admission.settle(LeadIn.stepNanos(settings, talkers.size()), live);
  }

  private String refused(List<LoadListener> deaf) {
    LoadGroup group = deaf.getFirst().talker().group();
    long refused = ears.count(Heard.REFUSED);
    if (refused > 0) {
      return "%d announcements of %s came and do not verify with the keys of %s"
          .formatted(refused, group.id(), group.listener().identity());
    }
    return ("no announcement reached %d of %d listeners within %d s, for example %s of %s. Either"
            + " the gateway at %s refuses the talker %s (its log and its metrics say why), or it"
            + " does not relay to that address, or a firewall is between")
        .formatted(
            deaf.size(),
            ears.listeners().size(),
            ANNOUNCED_WITHIN.toSeconds(),
            deaf.getFirst().name(),
            group.id(),
            group.to(),
            group.talker().identity());
  }

  /// Prints a line each second until everything is sent.
  private void watch(Future<?> traffic) throws LoadFailed, InterruptedException {
    long second = 1;
    long madeBefore = 0;
    long deliveredBefore = 0;
    long expectedBefore = 0;
    while (!isOver(traffic)) {
      long made = pacer.made();
      long delivered = ears.count(Heard.DELIVERED);
      long expected = ears.expected();
      Histogram interval = latencies.interval();
      live.println(
          "%4d s  in %,d/s  out %,d/s  lost %,d  p50 %.2f ms  p99 %.2f ms"
              .formatted(
                  second++,
                  made - madeBefore,
                  delivered - deliveredBefore,
                  Math.max(0, expectedBefore - delivered),
                  Latencies.millis(interval, 50),
                  Latencies.millis(interval, 99)));
      madeBefore = made;
      deliveredBefore = delivered;
      expectedBefore = expected;
    }
  }

  private static boolean isOver(Future<?> traffic) throws LoadFailed, InterruptedException {
    try {
      traffic.get(1, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException _) {
      return false;
    } catch (ExecutionException e) {
      throw new LoadFailed("the talkers broke off: " + e.getCause(), e);
    }
  }

  /// Until all has come, or nothing comes any more.
  private void awaitStragglers() throws InterruptedException {
    long deadline = System.nanoTime() + STRAGGLERS_WITHIN.toNanos();
    long lastCame = System.nanoTime();
    long before = -1;
    while (System.nanoTime() < deadline && System.nanoTime() - lastCame < QUIET.toNanos()) {
      long came = ears.count(Heard.DELIVERED) + ears.count(Heard.DUPLICATE);
      if (came != before) {
        before = came;
        lastCame = System.nanoTime();
      }
      Thread.sleep(PAUSE);
    }
  }

  private List<String> head() {
    WireFaults wire = settings.wire();
    List<String> head = new ArrayList<>();
    head.add("gateway    " + deployment.description());
    head.add(
        "traffic    %d groups, %d listeners; %.0f packets/s in all for %.1f s, %d octets of payload"
            .formatted(
                talkers.size(),
                ears.listeners().size(),
                settings.rate(),
                settings.duration().toMillis() / 1e3,
                settings.payloadOctets()));
    head.add(
        "wire       loss %s %%, reorder %s %%, duplicate %s %%, jitter %s ms, seed %d"
            .formatted(
                wire.lossPercent(),
                wire.reorderPercent(),
                wire.duplicatePercent(),
                wire.jitterMillis(),
                settings.seed()));
    head.add(
        "listeners  verify every announcement (each once for all of a group) and every packet;"
            + " the gateway reaches them as "
            + deployment.groups().stream()
                .map(group -> group.reach().label())
                .distinct()
                .collect(Collectors.joining(" and ")));
    return head;
  }

  private LoadReport report(List<String> head, double seconds, @Nullable JoinReport joins) {
    double worst = 0;
    for (LoadListener listener : ears.listeners()) {
      long expected = listener.talker().sent();
      long lost = expected - listener.tally().of(Heard.DELIVERED);
      worst = Math.max(worst, LoadReport.percent(lost, expected));
    }
    return new LoadReport(
        head,
        seconds,
        pacer.made(),
        pacer.leftOut(),
        talkers.stream().mapToLong(LoadTalker::sent).sum(),
        pacer.doubled(),
        pacer.reordered(),
        port.sendsFull() + port.sendsFailed(),
        ears.expected(),
        ears.count(Heard.DELIVERED),
        ears.count(Heard.LATE),
        ears.count(Heard.DUPLICATE),
        ears.count(Heard.STALE),
        ears.count(Heard.BAD),
        ears.count(Heard.UNKNOWN),
        ears.count(Heard.REFUSED),
        worst,
        pacer.mostLateNanos() / 1e6,
        latencies.fromIntended(),
        latencies.fromActual(),
        deployment.account(),
        joins,
        latencies.folder() == null ? null : latencies.folder().toString());
  }

  @Override
  public void close() {
    close(open);
  }

  private static void close(Deque<AutoCloseable> open) {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        System.err.println("parley bench: did not close: " + e);
      }
    }
  }
}
