package parley.gateway.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import parley.keys.audit.AuditTrail;

/// An audit log in memory, with a disk that can be full.
final class KnownAudit implements AuditTrail {
  final List<String> lines = new CopyOnWriteArrayList<>();

  /// How many more notes fit.
  final AtomicInteger room = new AtomicInteger(Integer.MAX_VALUE);

  @Override
  public void note(String actor, String act, String target, String outcome) {
    if (room.getAndDecrement() <= 0) {
      throw new UncheckedIOException("the audit log is full", new IOException("full"));
    }
    lines.add("%s | %s | %s | %s".formatted(actor, act, target, outcome));
  }

  @Override
  public long failures() {
    return 3;
  }
}
