package parley.gateway.manager;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import parley.keys.manager.RegistrationRefusal;

/// What a manager's port has seen. Any thread.
public final class ManagerCounters {
  private final LongAdder receipts = new LongAdder();
  private final LongAdder registrations = new LongAdder();
  private final LongAdder strays = new LongAdder();
  private final LongAdder pulls = new LongAdder();
  private final LongAdder lists = new LongAdder();
  private final LongAdder sent = new LongAdder();
  private final LongAdder unsent = new LongAdder();
  private final Map<RegistrationRefusal, LongAdder> refused =
      new EnumMap<>(RegistrationRefusal.class);

  ManagerCounters() {
    for (RegistrationRefusal reason : RegistrationRefusal.values()) {
      refused.put(reason, new LongAdder());
    }
  }

  void countReceipt() {
    receipts.increment();
  }

  void countRegistration() {
    registrations.increment();
  }

  void countPull() {
    pulls.increment();
  }

  void countList() {
    lists.increment();
  }

  void countStray() {
    strays.increment();
  }

  void countSent() {
    sent.increment();
  }

  void countUnsent() {
    unsent.increment();
  }

  void countRefused(RegistrationRefusal reason) {
    adder(reason).increment();
  }

  /// Receipts that came in, good or not.
  public long receipts() {
    return receipts.sum();
  }

  /// Registrations that were followed.
  public long registrations() {
    return registrations.sum();
  }

  /// Pulls that were answered, also by nothing.
  public long pulls() {
    return pulls.sum();
  }

  /// Signed lists of members that were handed out.
  public long lists() {
    return lists.sum();
  }

  /// Datagrams that are no message for a manager.
  public long strays() {
    return strays.sum();
  }

  /// Messages that went to a socket, a folder or an HTTP server.
  public long sent() {
    return sent.sum();
  }

  /// Messages that the system would not take at that moment; they go out again by themselves.
  public long unsent() {
    return unsent.sum();
  }

  public long refused(RegistrationRefusal reason) {
    return adder(reason).sum();
  }

  void bindTo(MeterRegistry registry) {
    count(registry, "receipts", "receipts that came in, good or not", receipts);
    count(registry, "registrations", "registrations that were followed", registrations);
    count(registry, "pulls", "pulls that were answered", pulls);
    count(registry, "member.lists", "signed lists of members handed out", lists);
    count(registry, "strays", "datagrams that are no message for a manager", strays);
    count(registry, "sent", "messages to a socket, a folder or an HTTP server", sent);
    count(registry, "unsent", "messages that could not be sent at that moment", unsent);
    refused.forEach((reason, adder) ->
        FunctionCounter.builder("parley.manager.refused", adder, LongAdder::sum)
            .description("registrations and questions that were refused")
            .tag("reason", reason.name().toLowerCase(Locale.ROOT))
            .register(registry));
  }

  private static void count(
      MeterRegistry registry, String name, String description, LongAdder adder) {
    FunctionCounter.builder("parley.manager." + name, adder, LongAdder::sum)
        .description(description)
        .register(registry);
  }

  private LongAdder adder(RegistrationRefusal reason) {
    LongAdder adder = refused.get(reason);
    if (adder == null) {
      throw new IllegalStateException("no counter for " + reason);
    }
    return adder;
  }
}
