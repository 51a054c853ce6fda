package parley.gateway.kms;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import parley.keys.kms.MemberKeys;
import parley.keys.kms.client.KeyProvisioning;
import parley.keys.kms.client.KmsAddress;
import parley.keys.kms.client.KmsConversation.Asker;
import parley.keys.kms.client.KmsRefusal;
import parley.keys.kms.client.Provision;
import parley.keys.kms.message.TransportKeys;
import parley.keys.kms.registry.EnrolmentTicket;
import parley.keys.kms.registry.KmsRegistry;
import parley.mikey.identity.Identity;
import parley.mikey.secret.SecretBytes;

/// UEs that enrol one device after the other by tickets and renew their keys, whatever becomes of
/// their KMSs, and remember everything that they were given.
final class KmsClients implements AutoCloseable {
  private static final int THREADS = 4;
  private static final int RENEWALS = 2;
  private static final int MOST_TRIES = 5;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final InstantSource CLOCK = InstantSource.system();

  private final KmsRig rig;
  private final KmsRegistry registry;
  private final List<KmsAddress> kmss;
  private final UeHttp http;
  private final Queue<Enrolled> enrolled = new ConcurrentLinkedQueue<>();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final List<Future<Void>> runs = new ArrayList<>();
  private volatile boolean stopped;

  /// @param registry the tables of the KMSs, where tickets are made as an operator does
  /// @param kmss asked in turns
  KmsClients(KmsRig rig, KmsRegistry registry, List<KmsAddress> kmss) {
    this.rig = rig;
    this.registry = registry;
    this.kmss = List.copyOf(kmss);
    this.http = new UeHttp(rig.files().tls());
  }

  static Identity ue(int number) {
    return new Identity("sip:ue%d@example.org".formatted(number));
  }

  /// What a device was given: it keeps its transport keys and each key set, and closes them.
  static final class Enrolled implements AutoCloseable {
    private final Identity who;
    private final String device;
    private final EnrolmentTicket ticket;
    private final TransportKeys own;
    private final Map<Long, SecretBytes> sets = new HashMap<>();

    private Enrolled(Identity who, String device, EnrolmentTicket ticket, Provision got) {
      this.who = who;
      this.device = device;
      this.ticket = ticket;
      this.own = Objects.requireNonNull(got.newTransportKeys()).duplicate();
      requireSame(got);
    }

    /// Each set that came before is the same now.
    private void requireSame(Provision got) {
      for (MemberKeys set : got.keys()) {
        SecretBytes octets = set.encode();
        SecretBytes before = sets.putIfAbsent(set.period().number(), octets);
        if (before == null) {
          continue;
        }
        boolean isSame = before.equals(octets);
        octets.close();
        if (!isSame) {
          throw new AssertionError(this + " was issued two sets for " + set.period());
        }
      }
    }

    /// As the audit log names what was issued.
    List<String> issues() {
      return sets.keySet().stream()
          .map(period -> "%s, device %s, period %d".formatted(who, device, period))
          .toList();
    }

    @Override
    public String toString() {
      return "device %s of %s".formatted(device, who);
    }

    @Override
    public void close() {
      ticket.close();
      own.close();
      sets.values().forEach(SecretBytes::close);
    }
  }

  void start() throws Exception {
    for (int thread = 0; thread < THREADS; thread++) {
      Identity who = ue(thread);
      registry.users().add(who, null);
      runs.add(threads.submit(() -> run(who)));
    }
  }

  private Void run(Identity who) throws Exception {
    for (int number = 0; !stopped; number++) {
      String device = "phone-" + number;
      EnrolmentTicket ticket = registry.tickets().make(who, device, Duration.ofDays(1));
      Optional<Enrolled> mine = enrol(who, device, ticket);
      if (mine.isEmpty()) {
        ticket.close();
        continue;
      }
      enrolled.add(mine.get());
      for (int renewal = 0; renewal < RENEWALS && !stopped; renewal++) {
        renew(mine.get());
      }
    }
    return null;
  }

  /// Asks each KMS in turns until one answers; empty where the answer that spent the ticket was
  /// lost, which only a failure before explains.
  private Optional<Enrolled> enrol(Identity who, String device, EnrolmentTicket ticket)
      throws InterruptedException {
    boolean hasFailed = false;
    try (TransportKeys keys = ticket.transportKeys()) {
      for (int round = 0; !stopped; round++) {
        try (KeyProvisioning client = byTicket(at(round), who, device, ticket, keys);
            Provision got = client.keys(who, rig.certificate())) {
          answered.incrementAndGet();
          return Optional.of(new Enrolled(who, device, ticket, got));
        } catch (IOException _) {
          hasFailed = true;
          failed();
        } catch (KmsRefusal refusal) {
          if (!hasFailed || refusal.kind() == KmsRefusal.Kind.NOT_GOOD) {
            throw new AssertionError("device %s of %s".formatted(device, who), refusal);
          }
          lost.incrementAndGet();
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  /// Asks each KMS in turns until one answers; a refusal is never right.
  private void renew(Enrolled device) throws InterruptedException {
    for (int round = 0; !stopped; round++) {
      try {
        renew(device, at(round));
        return;
      } catch (IOException _) {
        failed();
      }
    }
  }

  private void renew(Enrolled device, KmsAddress at) throws IOException, InterruptedException {
    Asker asker = Asker.of(at, device.who, device.device, device.own);
    try (KeyProvisioning client = KeyProvisioning.over(http.with(Map.of()), asker, CLOCK);
        Provision got = client.keys(device.who, rig.certificate())) {
      device.requireSame(got);
      answered.incrementAndGet();
    } catch (KmsRefusal refusal) {
      throw new AssertionError(device + " is not known any more", refusal);
    }
  }

  private KeyProvisioning byTicket(
      KmsAddress at, Identity who, String device, EnrolmentTicket ticket, TransportKeys keys) {
    return KeyProvisioning.over(
        http.with(Map.of("Authorization", "Bearer " + ticket.bearer())),
        Asker.of(at, who, device, keys),
        CLOCK);
  }

  private KmsAddress at(int round) {
    return kmss.get(Math.floorMod(round + (int) answered.get(), kmss.size()));
  }

  private void failed() {
    failed.incrementAndGet();
    LockSupport.parkNanos(PAUSE_NANOS); // it is down; it is not asked again at once
  }

  long answered() {
    return answered.get();
  }

  /// Requests that a kill has cost.
  long failures() {
    return failed.get();
  }

  /// Tickets whose one answer was lost.
  long lost() {
    return lost.get();
  }

  /// Also ends when a UE has seen what must not be.
  void awaitAnswered(long count) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    while (answered() < count) {
      for (Future<Void> run : runs) {
        if (run.isDone()) {
          run.get();
        }
      }
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("%d of %d answers".formatted(answered(), count));
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  /// Every device that was enrolled, when all UEs have stopped without having seen a fault.
  List<Enrolled> enrolled() throws Exception {
    stopped = true;
    threads.shutdown();
    for (Future<Void> run : runs) {
      run.get(3, TimeUnit.MINUTES);
    }
    return List.copyOf(enrolled);
  }

  /// At this KMS every device is known by its transport keys and gets the same again, and no ticket
  /// is good any more.
  void requireKept(KmsAddress at) throws Exception {
    for (Enrolled device : enrolled()) {
      atLast(() -> renew(device, at));
      atLast(() -> requireSpent(device, at));
    }
  }

  /// What a running KMS is asked.
  private interface Question {
    void put() throws KmsRefusal, IOException, InterruptedException;
  }

  /// A connection that was kept may have ended.
  private static void atLast(Question question)
      throws KmsRefusal, IOException, InterruptedException {
    for (int attempt = 1; attempt < MOST_TRIES; attempt++) {
      try {
        question.put();
        return;
      } catch (IOException _) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
    question.put();
  }

  private void requireSpent(Enrolled device, KmsAddress at)
      throws KmsRefusal, IOException, InterruptedException {
    try (TransportKeys keys = device.ticket.transportKeys();
        KeyProvisioning client = byTicket(at, device.who, device.device, device.ticket, keys)) {
      client.keys(device.who, rig.certificate()).close();
      throw new AssertionError("the ticket of " + device + " is good again");
    } catch (KmsRefusal refusal) {
      if (refusal.kind() != KmsRefusal.Kind.NOT_KNOWN) {
        throw refusal;
      }
    }
  }

  @Override
  public void close() {
    stopped = true;
    threads.close();
    enrolled.forEach(Enrolled::close);
    http.close();
  }
}
