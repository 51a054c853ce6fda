package parley.gateway.manager;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import parley.keys.manager.RegistrationRefusal;

/// What a manager's port has seen. Any thread.
public final class ManagerCounters {
  private final LongAdder receipts = new LongAdder();
  private final LongAdder registrations = new LongAdder();
  private final LongAdder strays = new LongAdder();
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

  private LongAdder adder(RegistrationRefusal reason) {
    LongAdder adder = refused.get(reason);
    if (adder == null) {
      throw new IllegalStateException("no counter for " + reason);
    }
    return adder;
  }
}
