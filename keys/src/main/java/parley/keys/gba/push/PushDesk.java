package parley.keys.gba.push;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.keys.gba.push.GpiOutcome.Called;
import parley.keys.gba.push.GpiOutcome.Reason;
import parley.keys.gba.push.GpiOutcome.Refused;
import parley.keys.gba.zn.NafKey;

/// Judges what came, hands over what is good, counts the rest. Confined to the thread of its ear.
final class PushDesk {
  private static final Logger LOG = LoggerFactory.getLogger(PushDesk.class);

  private final GpiReceiver receiver;
  private final Consumer<NafKey> called;
  private final LongAdder good = new LongAdder();
  private final Map<Reason, LongAdder> refused = new EnumMap<>(Reason.class);

  PushDesk(GpiReceiver receiver, Consumer<NafKey> called) {
    this.receiver = receiver;
    this.called = called;
    for (Reason reason : Reason.values()) {
      refused.put(reason, new LongAdder());
    }
  }

  void take(byte[] gpi) {
    try {
      switch (receiver.receive(gpi)) {
        case Called call -> hand(call);
        case Refused(Reason reason) -> refuse(reason);
      }
    } catch (IOException e) {
      LOG.atError()
          .setMessage("the memory of the SIM cannot be written; pushes are not taken")
          .addKeyValue("reason", String.valueOf(e.getMessage()))
          .log();
    }
  }

  private void hand(Called call) {
    good.increment();
    try (NafKey key = call.key()) {
      LOG.atInfo()
          .setMessage("called by a push")
          .addKeyValue("server", key.naf().fqdn().name())
          .addKeyValue("tid", key.tid().text())
          .log();
      called.accept(key);
    } catch (RuntimeException e) {
      LOG.atError().setMessage("a push was taken and what it asks for failed").setCause(e).log();
    }
  }

  /// Nothing is logged: strangers send as many as they like.
  void refuse(Reason reason) {
    LongAdder count = refused.get(reason);
    if (count != null) {
      count.increment();
    }
  }

  long good() {
    return good.sum();
  }

  long refused(Reason reason) {
    LongAdder count = refused.get(reason);
    return count == null ? 0 : count.sum();
  }
}
