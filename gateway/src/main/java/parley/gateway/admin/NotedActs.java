package parley.gateway.admin;

import java.io.UncheckedIOException;
import java.util.List;
import parley.keys.audit.AuditTrail;

/// Notes every act twice: before it, so that nothing is done that cannot be noted, and after it,
/// with what came of it. Any thread.
final class NotedActs {
  /// What is done.
  interface Act<T> {
    T take() throws ControlRefused;
  }

  private final AuditTrail audit;

  NotedActs(AuditTrail audit) {
    this.audit = audit;
  }

  <T> T take(String actor, String act, String target, Act<T> doing) throws ControlRefused {
    note(actor, act, target, "begun", "nothing was done");
    T result;
    try {
      result = doing.take();
    } catch (ControlRefused e) {
      note(actor, act, target, "refused: " + e.getMessage(), "it was refused: " + e.getMessage());
      throw e;
    } catch (RuntimeException e) {
      note(actor, act, target, "failed: " + e, "it failed");
      throw e;
    }
    note(actor, act, target, "done", "it was done");
    return result;
  }

  private void note(String actor, String act, String target, String outcome, String but)
      throws ControlRefused {
    try {
      audit.note(actor, act, target, outcome);
    } catch (UncheckedIOException e) {
      throw new ControlRefused(
          ControlRefused.Kind.UNAVAILABLE, "%s; %s".formatted(e.getMessage(), but), List.of(), e);
    }
  }
}
