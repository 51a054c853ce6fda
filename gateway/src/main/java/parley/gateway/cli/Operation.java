package parley.gateway.cli;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import parley.gateway.admin.AuditedControl;
import parley.gateway.admin.ControlRefused;
import parley.gateway.admin.DrainStatus;
import parley.keys.audit.AuditLog;
import parley.keys.audit.Seal;

/// The time between the start of a gateway and its end: does what signals ask for, and seals the
/// audit log now and then. Confined to the command's thread.
final class Operation {
  private static final Logger LOG = LoggerFactory.getLogger(Operation.class);
  private static final long SEAL_SECONDS = 600;
  private static final long LOOK_SECONDS = 1;

  private final AuditedControl control;
  private final AuditLog audit;
  private final Seal.Signer signer;
  private final Supplier<Duration> drainOnStop;

  Operation(
      AuditedControl control, AuditLog audit, Seal.Signer signer, Supplier<Duration> drainOnStop) {
    this.control = control;
    this.audit = audit;
    this.signer = signer;
    this.drainOnStop = drainOnStop;
  }

  /// Returns when it is time to close everything.
  ///
  /// @throws CommandFailed when the start cannot be noted: then nothing else could be
  void run(Signals signals, String what) throws CommandFailed, InterruptedException {
    noteStart(what);
    audit.seal(signer);
    while (true) {
      Signals.@Nullable Signal asked = signals.await(SEAL_SECONDS);
      switch (asked) {
        case null -> audit.seal(signer);
        case RELOAD -> reload();
        case STOP -> {
          stop(signals);
          return;
        }
      }
    }
  }

  private void noteStart(String what) throws CommandFailed {
    try {
      audit.note("gateway", "start", "", "done: " + what);
    } catch (UncheckedIOException e) {
      throw new CommandFailed(
          ExitCode.MISSING_PREREQUISITE,
          e.getMessage() + "; make room, or set audit.file to where the gateway may write",
          e);
    }
  }

  private void reload() {
    try {
      control.reload("SIGHUP");
    } catch (ControlRefused e) {
      LOG.error("SIGHUP changed nothing: {}", e.getMessage());
    }
  }

  /// A gateway that is told to stop stops, even where that cannot be noted.
  private void stop(Signals signals) throws InterruptedException {
    LOG.info("stopping");
    Duration patience = drainOnStop.get();
    if (patience.isPositive()) {
      drain(signals, patience);
    }
    try {
      audit.note("SIGTERM", "stop", "", "begun");
    } catch (UncheckedIOException e) {
      LOG.error("{}; stopping nevertheless", e.getMessage());
    }
    audit.seal(signer);
  }

  private void drain(Signals signals, Duration patience) throws InterruptedException {
    try {
      control.drain("SIGTERM", patience);
      while (control.drainStatus().state() == DrainStatus.State.DRAINING) {
        var _ = signals.await(LOOK_SECONDS);
      }
    } catch (ControlRefused e) {
      LOG.error("not drained: {}", e.getMessage());
    }
  }
}
