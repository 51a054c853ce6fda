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
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.log.LogRation;
import parley.keys.manager.Distributor;
import parley.keys.manager.RegistrationOutcome;
import parley.keys.manager.RegistrationRefusal;
import parley.keys.vault.VaultException;
import parley.mikey.group.UnverifiedRegistration;
import parley.mikey.identity.Identity;
import parley.mikey.message.DataType;
import parley.mikey.message.MalformedMessage;

/// The one thread of a manager: takes what came to its port, lets each group's [Distributor] do
/// what is due, and sleeps until something is.
///
/// What came in a turn is noted in one write of the vault for each group, so ten thousand receipts
/// do not cost ten thousand of them. Whoever else has a receipt or a task hands it over.
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
  private final ManagerCounters counters = new ManagerCounters();
  private final LogRation<RegistrationRefusal> ration = new LogRation<>(RegistrationRefusal.class);
  private final Map<Identity, Distributor> groups = new LinkedHashMap<>();
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final Queue<byte[]> receipts = new ConcurrentLinkedQueue<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(MOST_OCTETS + 1);

  /// A registration and where its answer goes.
  private static final class Caller {
    private final byte[] octets;
    private final SocketAddress source;

    Caller(byte[] octets, SocketAddress source) {
      this.octets = octets;
      this.source = source;
    }
  }

  private ManagerLoop(DatagramChannel channel, Selector selector, InstantSource clock) {
    this.channel = channel;
    this.selector = selector;
    this.clock = clock;
  }

  /// Binds `address`; port 0 lets the system choose.
  public static ManagerLoop bind(InetSocketAddress address, InstantSource clock)
      throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_OCTETS);
      channel.bind(address);
      channel.configureBlocking(false);
      Selector selector = Selector.open();
      channel.register(selector, SelectionKey.OP_READ);
      return new ManagerLoop(channel, selector, clock);
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
      if (nanos > 0 && tasks.isEmpty() && receipts.isEmpty()) {
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
    Map<Identity, List<Caller>> callers = new HashMap<>();
    boolean more = drain(proofs, callers);
    for (byte[] octets = receipts.poll(); octets != null; octets = receipts.poll()) {
      proofs.add(octets);
      counters.countReceipt();
    }
    long wait = more ? 0 : Long.MAX_VALUE;
    for (Distributor group : groups.values()) {
      wait = Math.min(wait, turn(group, proofs, callersOf(group, callers)));
    }
    return wait;
  }

  private long turn(Distributor group, List<byte[]> proofs, List<Caller> callers) {
    try {
      if (!proofs.isEmpty()) {
        group.receipts(proofs);
      }
      if (!callers.isEmpty()) {
        register(group, callers);
      }
      return group.turn();
    } catch (VaultException | RuntimeException e) {
      LOG.atError()
          .addKeyValue("group", group.manager().group().uri())
          .addKeyValue("detail", e.getMessage())
          .setCause(e instanceof VaultException ? null : e)
          .log("the group waits, trying again in 5 s");
      return LOOK_AGAIN_NANOS;
    }
  }

  /// True when there may be more on the socket.
  private boolean drain(List<byte[]> proofs, Map<Identity, List<Caller>> callers) {
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
        sort(octets, source, proofs, callers);
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
      Map<Identity, List<Caller>> callers) {
    boolean isMikey = octets.length > 1 && octets.length <= MOST_OCTETS && octets[0] == VERSION;
    if (isMikey && octets[1] == DataType.PRE_SHARED_KEY_VERIFICATION.code()) {
      counters.countReceipt();
      proofs.add(octets);
    } else if (isMikey && UnverifiedRegistration.isOne(octets)) {
      sort(new Caller(octets, source), callers);
    } else {
      counters.countStray();
    }
  }

  /// To the group that a registration names.
  private void sort(Caller caller, Map<Identity, List<Caller>> callers) {
    try {
      UnverifiedRegistration message = UnverifiedRegistration.read(caller.octets);
      if (groups.containsKey(message.group())) {
        callers.computeIfAbsent(message.group(), _ -> new ArrayList<>()).add(caller);
      } else {
        refused(RegistrationRefusal.WRONG_GROUP, message.toString(), caller.source);
      }
    } catch (MalformedMessage e) {
      refused(RegistrationRefusal.MALFORMED, String.valueOf(e.getMessage()), caller.source);
    }
  }

  private static List<Caller> callersOf(Distributor group, Map<Identity, List<Caller>> callers) {
    return callers.getOrDefault(group.manager().group(), List.of());
  }

  private void register(Distributor group, List<Caller> callers) throws VaultException {
    List<RegistrationOutcome> outcomes =
        group.manager().register(callers.stream().map(caller -> caller.octets).toList());
    for (int i = 0; i < callers.size(); i++) {
      follow(group, outcomes.get(i), callers.get(i).source);
    }
  }

  private void follow(Distributor group, RegistrationOutcome outcome, SocketAddress source) {
    switch (outcome) {
      case RegistrationOutcome.Followed followed -> {
        counters.countRegistration();
        send(followed.answer(), source);
        group.reached(followed.ue());
        LOG.atInfo()
            .addKeyValue("group", group.manager().group().uri())
            .addKeyValue("member", followed.ue().uri())
            .addKeyValue("address", followed.address())
            .addKeyValue("verb", followed.verb())
            .log("registration");
      }
      case RegistrationOutcome.Refused(var reason, var detail) -> refused(reason, detail, source);
    }
  }

  private void refused(RegistrationRefusal reason, String detail, SocketAddress source) {
    counters.countRefused(reason);
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
