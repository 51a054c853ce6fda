package parley.gateway.bsf;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import parley.keys.gba.BootstrappedKey;
import parley.keys.gba.aka.SqnMemory;
import parley.keys.gba.aka.Usim;
import parley.keys.gba.ue.BootstrapFailed;
import parley.keys.gba.ue.UbClient;

/// UEs that bootstrap without a pause, whatever becomes of their BSFs, and remember the last key
/// that each was given and every SQN that its SIM has taken.
final class BsfClients implements AutoCloseable {
  private static final int THREADS = 4;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final BsfRig rig;
  private final List<URI> bsfs;
  private final Map<String, BootstrappedKey> held = new ConcurrentHashMap<>();
  private final Map<String, List<Long>> taken = new ConcurrentHashMap<>();
  private final AtomicLong made = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private volatile boolean stopped;

  /// @param bsfs asked in turns
  BsfClients(BsfRig rig, List<URI> bsfs) {
    this.rig = rig;
    this.bsfs = List.copyOf(bsfs);
  }

  static String impi(int number) {
    return "ue%04d@ims.example.org".formatted(number);
  }

  /// Starts that many UEs.
  void start(int ues) {
    for (int thread = 0; thread < THREADS; thread++) {
      int first = thread;
      var _ = threads.submit(() -> run(first, ues));
    }
  }

  private Void run(int first, int ues) throws IOException {
    Map<String, Usim> sims = new LinkedHashMap<>();
    for (int ue = first; ue < ues; ue += THREADS) {
      sims.put(impi(ue), BsfRig.usim(new Remembering(impi(ue))));
    }
    for (int round = 0; !stopped; round++) {
      URI bsf = bsfs.get(round % bsfs.size());
      for (Map.Entry<String, Usim> sim : sims.entrySet()) {
        if (!stopped) {
          bootstrap(bsf, sim.getKey(), sim.getValue());
        }
      }
    }
    sims.values().forEach(Usim::close);
    return null;
  }

  private void bootstrap(URI bsf, String impi, Usim usim) {
    try (UbClient client = rig.ub(bsf, impi, usim)) {
      BootstrappedKey key = client.bootstrap();
      BootstrappedKey before = held.put(impi, key);
      if (before != null) {
        before.close();
      }
      made.incrementAndGet();
    } catch (BootstrapFailed _) {
      failed.incrementAndGet();
      LockSupport.parkNanos(PAUSE_NANOS); // it is down; the next one is not asked at once
    }
  }

  /// Every SEQ and IND that came, as one number.
  private final class Remembering implements SqnMemory {
    private final String impi;
    private long[] seqs = new long[32];

    Remembering(String impi) {
      this.impi = impi;
    }

    @Override
    public long[] load() {
      return seqs.clone();
    }

    @Override
    public void store(long[] next) {
      for (int ind = 0; ind < next.length; ind++) {
        if (next[ind] != seqs[ind]) {
          taken.computeIfAbsent(impi, _ -> new ArrayList<>()).add(next[ind] * next.length + ind);
        }
      }
      seqs = next.clone();
    }
  }

  long made() {
    return made.get();
  }

  long failed() {
    return failed.get();
  }

  void awaitMade(long count) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    while (made() < count) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("%d of %d bootstraps".formatted(made(), count));
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  /// The last key of each UE, when all have stopped.
  Map<String, BootstrappedKey> held() throws InterruptedException {
    stopped = true;
    threads.shutdown();
    if (!threads.awaitTermination(3, TimeUnit.MINUTES)) {
      throw new AssertionError("a UE does not end");
    }
    return Map.copyOf(held);
  }

  Map<String, List<Long>> taken() {
    return Map.copyOf(taken);
  }

  @Override
  public void close() {
    stopped = true;
    threads.close();
    held.values().forEach(BootstrappedKey::close);
  }
}
