package parley.bench.mikey;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import parley.bench.Machine;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.group.GmkDistribution;
import parley.mikey.group.GroupMasterKey;
import parley.mikey.identity.Identity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `parley bench rekey`: how long a manager takes to make the messages of a new GMK.
@Command(
    name = "rekey",
    description = "Makes the messages that bring a new GMK to every UE of a large group.",
    footer = {
      "",
      "Each is encrypted to its UE and signed; sending and storing them is not in it.",
      "",
      "Examples:",
      "  parley bench rekey",
      "  parley bench rekey --ues 1000 --threads 1",
      "",
      "Exit codes: 0 measured, 2 usage."
    })
public final class RekeyBench implements Callable<Integer> {
  private static final int ROUNDS = 3;

  /// What one thread makes at a time.
  private static final int PART = 64;

  private static final Duration PROGRESS_EVERY = Duration.ofMillis(500);

  @Option(names = "--ues", paramLabel = "N", description = "UEs (default: ${DEFAULT-VALUE}).")
  int ues = 10_000;

  @Option(names = "--threads", paramLabel = "N", description = "Threads (default: processors).")
  int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Override
  public Integer call() throws ExecutionException, InterruptedException {
    var world = new World();
    List<Identity> members =
        IntStream.range(0, ues)
            .mapToObj(i -> new Identity("sip:ue-%05d@example.org".formatted(i)))
            .toList();
    Machine.here(Instant.now())
        .facts()
        .forEach((name, value) -> System.out.printf("%-8s %s%n", name, value));
    System.out.printf("%n%d UEs, %d threads%n", ues, threads);
    for (int round = 1; round <= ROUNDS; round++) {
      round(round, world, members);
    }
    return 0;
  }

  private void round(int round, World world, List<Identity> members)
      throws ExecutionException, InterruptedException {
    var done = new AtomicInteger();
    long start = System.nanoTime();
    try (GroupMasterKey gmk = world.gmk();
        EccsiSigner signer = world.groupSigner();
        ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> parts = new ArrayList<>();
      for (int from = 0; from < ues; from += PART) {
        List<Identity> part = members.subList(from, Math.min(ues, from + PART));
        parts.add(
            pool.submit(() -> {
              GmkDistribution.seal(
                  world.offers(part, gmk), signer, world.kms, world.t, world.random);
              done.addAndGet(part.size());
            }));
      }
      for (Future<?> part : parts) {
        while (!isDone(part)) {
          System.err.printf("\rround %d: %d of %d ", round, done.get(), ues);
        }
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    System.err.print("\r");
    System.out.printf(
        Locale.ROOT,
        "round %d: %d messages in %.2f s, %.0f a second%n",
        round,
        done.get(),
        seconds,
        done.get() / seconds);
  }

  private static boolean isDone(Future<?> part) throws ExecutionException, InterruptedException {
    try {
      part.get(PROGRESS_EVERY.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException _) {
      return false;
    }
  }
}
