package parley.gateway.manager;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.admin.ControlRefused;
import parley.gateway.log.LogRation;
import parley.keys.manager.Distributor;
import parley.keys.manager.RegistrationOutcome;
import parley.keys.manager.RegistrationRefusal;
import parley.keys.member.KeysMissing;
import parley.keys.vault.VaultException;
import parley.mikey.group.UnverifiedRegistration;
import parley.mikey.identity.Identity;
import parley.mikey.message.DataType;
import parley.mikey.message.MalformedMessage;

/// The one thread of a manager: takes what came to its port, lets each group's [Distributor] do
/// what is due, and sleeps until something is.
///
/// What came in a turn is noted in one write of the vault for each group, so ten thousand receipts
/// do not cost ten thousand of them. Whoever else has a receipt, a registration or a task hands it
/// over.
public final class ManagerLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ManagerLoop.class);
  private static final int MOST_IN_A_TURN = 512;
  private static final int MOST_OCTETS = 4096;
  private static final int RECEIVE_BUFFER_OCTETS = 4 << 20;
  private static final int VERSION = 1;
  private static final long LOOK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final DatagramChannel channel;
  private final Selector selector;
  private final InstantSource clock;
  private final News news;
  private final ManagerCounters counters = new ManagerCounters();
  private final LogRation<RegistrationRefusal> ration = new LogRation<>(RegistrationRefusal.class);
  private final Map<Identity, Distributor> groups = new LinkedHashMap<>();
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final Queue<byte[]> receipts = new ConcurrentLinkedQueue<>();
  private final Queue<Caller> callers = new ConcurrentLinkedQueue<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(MOST_OCTETS + 1);

  /// Who hears of registrations, on the loop.
  interface News {
    default void registered(Identity group, RegistrationOutcome.Followed registration) {}

    default void refused(RegistrationRefusal reason, SocketAddress source) {}
  }

  /// What is done on the loop for somebody who waits.
  interface Work<T extends @Nullable Object> {
    T run() throws VaultException, KeysMissing, ControlRefused;
  }

  /// A registration, where it came from, and where its answer goes: empty where it is refused.
  private static final class Caller {
    private final byte[] octets;
    private final SocketAddress source;
    private final CompletableFuture<Optional<byte[]>> answer;

    Caller(byte[] octets, SocketAddress source, CompletableFuture<Optional<byte[]>> answer) {
      this.octets = octets;
      this.source = source;
      this.answer = answer;
    }
  }

  private ManagerLoop(DatagramChannel channel, Selector selector, InstantSource clock, News news) {
    this.channel = channel;
    this.selector = selector;
    this.clock = clock;
    this.news = news;
  }

  /// Binds `address`; port 0 lets the system choose.
  public static ManagerLoop bind(InetSocketAddress address, InstantSource clock)
      throws IOException {
    return bind(address, clock, new News() {});
  }

  static ManagerLoop bind(InetSocketAddress address, InstantSource clock, News news)
      throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_OCTETS);
      channel.bind(address);
      channel.configureBlocking(false);
      Selector selector = Selector.open();
      channel.register(selector, SelectionKey.OP_READ);
      return new ManagerLoop(channel, selector, clock, news);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  public InetSocketAddress local() {
    try {
      return (InetSocketAddress) channel.getLocalAddress();
    } catch (IOException e) {
      throw new IllegalStateException("the manager's port is closed", e);
    }
  }

  public ManagerCounters counters() {
    return counters;
  }

  /// Serves this group from now on. On the loop, or before it runs.
  public void add(Distributor distributor) {
    groups.put(distributor.manager().group(), distributor);
  }

  /// On the loop, or before it runs.
  public void remove(Identity group) {
    groups.remove(group);
  }

  /// Runs `task` on the loop. Any thread.
  public void execute(Runnable task) {
    tasks.add(task);
    selector.wakeup();
  }

  /// Takes a receipt that came by another way. Any thread.
  public void receipt(byte[] octets) {
    receipts.add(octets);
    selector.wakeup();
  }

  /// Takes a registration that came by another way; what is said to it, nothing where it is
  /// refused. Any thread.
  CompletableFuture<Optional<byte[]>> registration(byte[] octets, SocketAddress source) {
    var answer = new CompletableFuture<Optional<byte[]>>();
    callers.add(new Caller(octets, source, answer));
    selector.wakeup();
    return answer;
  }

  /// Runs `work` on the loop and waits for it. Any other thread, while the loop runs.
  <T extends @Nullable Object> T call(Work<T> work)
      throws VaultException, KeysMissing, ControlRefused {
    var done = new CompletableFuture<T>();
    execute(() -> {
      try {
        done.complete(work.run());
      } catch (VaultException | KeysMissing | ControlRefused | RuntimeException e) {
        done.completeExceptionally(e);
      }
    });
    try {
      return done.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case VaultException vaultException -> throw vaultException;
        case KeysMissing keysMissing -> throw keysMissing;
        case ControlRefused refused -> throw refused;
        case null, default -> throw e;
      }
    }
  }

  /// Sends a datagram from this port, or counts that the system would not take it. On the loop.
  void send(byte[] octets, SocketAddress to) {
    try {
      boolean taken = channel.send(ByteBuffer.wrap(octets), to) > 0;
      if (taken) {
        counters.countSent();
      } else {
        counters.countUnsent();
      }
    } catch (IOException e) {
      counters.countUnsent();
      LOG.atDebug().addKeyValue("to", to).setCause(e).log("datagram not sent");
    }
  }

  /// Works on this thread until `over` says so, which is asked after each turn, or for so long.
  /// Nothing that comes in, and no failing disk, ends it.
  public void run(BooleanSupplier over, long patienceNanos) {
    long start = System.nanoTime();
    while (channel.isOpen() && !Thread.currentThread().isInterrupted()) {
      long wait = turn();
      long left = patienceNanos - (System.nanoTime() - start);
      if (over.getAsBoolean() || left <= 0) {
        return;
      }
      sleep(Math.min(wait, left));
    }
  }

  private void sleep(long nanos) {
    try {
      if (nanos > 0 && tasks.isEmpty() && receipts.isEmpty() && callers.isEmpty()) {
        selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
      } else {
        selector.selectNow();
      }
      selector.selectedKeys().clear();
    } catch (IOException | ClosedSelectorException e) {
      LOG.atDebug().setCause(e).log("the manager's port is closed");
    }
  }

  /// One turn; how long nothing more is due.
  private long turn() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
    List<byte[]> proofs = new ArrayList<>();
    Map<Identity, List<Caller>> sorted = new HashMap<>();
    boolean more = drain(proofs, sorted);
    for (Caller caller = callers.poll(); caller != null; caller = callers.poll()) {
      sort(caller, sorted);
    }
    for (byte[] octets = receipts.poll(); octets != null; octets = receipts.poll()) {
      proofs.add(octets);
      counters.countReceipt();
    }
    long wait = more ? 0 : Long.MAX_VALUE;
    for (Distributor group : groups.values()) {
      wait = Math.min(wait, turn(group, proofs, callersOf(group, sorted)));
    }
    return wait;
  }

  private long turn(Distributor group, List<byte[]> proofs, List<Caller> calling) {
    try {
      if (!proofs.isEmpty()) {
        group.receipts(proofs);
      }
      if (!calling.isEmpty()) {
        register(group, calling);
      }
      return group.turn();
    } catch (VaultException | RuntimeException e) {
      LOG.atError()
          .addKeyValue("group", group.manager().group().uri())
          .addKeyValue("detail", e.getMessage())
          .setCause(e instanceof VaultException ? null : e)
          .log("the group waits, trying again in 5 s");
      calling.forEach(caller -> caller.answer.completeExceptionally(e));
      return LOOK_AGAIN_NANOS;
    }
  }

  /// True when there may be more on the socket.
  private boolean drain(List<byte[]> proofs, Map<Identity, List<Caller>> sorted) {
    try {
      for (int i = 0; i < MOST_IN_A_TURN; i++) {
        buffer.clear();
        SocketAddress source = channel.receive(buffer);
        if (source == null) {
          return false;
        }
        buffer.flip();
        byte[] octets = new byte[buffer.remaining()];
        buffer.get(octets);
        sort(octets, source, proofs, sorted);
      }
      return true;
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("the manager's port cannot be read");
      return false;
    }
  }

  private void sort(
      byte[] octets,
      SocketAddress source,
      List<byte[]> proofs,
      Map<Identity, List<Caller>> sorted) {
    boolean isMikey = octets.length > 1 && octets.length <= MOST_OCTETS && octets[0] == VERSION;
    if (isMikey && octets[1] == DataType.PRE_SHARED_KEY_VERIFICATION.code()) {
      counters.countReceipt();
      proofs.add(octets);
    } else if (isMikey && UnverifiedRegistration.isOne(octets)) {
      var answer = new CompletableFuture<Optional<byte[]>>();
      var _ = answer.thenAccept(said -> said.ifPresent(answered -> send(answered, source)));
      sort(new Caller(octets, source, answer), sorted);
    } else {
      counters.countStray();
    }
  }

  /// To the group that a registration names.
  private void sort(Caller caller, Map<Identity, List<Caller>> sorted) {
    try {
      UnverifiedRegistration message = UnverifiedRegistration.read(caller.octets);
      if (groups.containsKey(message.group())) {
        sorted.computeIfAbsent(message.group(), _ -> new ArrayList<>()).add(caller);
      } else {
        refused(RegistrationRefusal.WRONG_GROUP, message.toString(), caller);
      }
    } catch (MalformedMessage e) {
      refused(RegistrationRefusal.MALFORMED, String.valueOf(e.getMessage()), caller);
    }
  }

  private static List<Caller> callersOf(Distributor group, Map<Identity, List<Caller>> sorted) {
    return sorted.getOrDefault(group.manager().group(), List.of());
  }

  private void register(Distributor group, List<Caller> calling) throws VaultException {
    List<RegistrationOutcome> outcomes =
        group.manager().register(calling.stream().map(caller -> caller.octets).toList());
    for (int i = 0; i < calling.size(); i++) {
      follow(group, outcomes.get(i), calling.get(i));
    }
  }

  private void follow(Distributor group, RegistrationOutcome outcome, Caller caller) {
    switch (outcome) {
      case RegistrationOutcome.Followed followed -> {
        counters.countRegistration();
        caller.answer.complete(Optional.of(followed.answer()));
        group.reached(followed.ue());
        news.registered(group.manager().group(), followed);
        LOG.atInfo()
            .addKeyValue("group", group.manager().group().uri())
            .addKeyValue("member", followed.ue().uri())
            .addKeyValue("address", followed.address())
            .addKeyValue("verb", followed.verb())
            .log("registration");
      }
      case RegistrationOutcome.Refused(var reason, var detail) -> refused(reason, detail, caller);
    }
  }

  private void refused(RegistrationRefusal reason, String detail, Caller caller) {
    refused(reason, detail, caller.source);
    caller.answer.complete(Optional.empty());
  }

  /// Counts and tells a refusal. On the loop.
  void refused(RegistrationRefusal reason, String detail, SocketAddress source) {
    counters.countRefused(reason);
    news.refused(reason, source);
    long unlogged = ration.take(reason, clock.instant());
    if (unlogged != LogRation.SILENT) {
      LOG.atWarn()
          .addKeyValue("reason", reason)
          .addKeyValue("detail", detail)
          .addKeyValue("source", source)
          .addKeyValue("unlogged", unlogged)
          .log("registration refused");
    }
  }

  @Override
  public void close() {
    try {
      selector.close();
      channel.close();
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("the manager's port did not close well");
    }
  }
}
