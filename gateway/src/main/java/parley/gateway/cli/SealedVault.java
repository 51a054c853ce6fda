package parley.gateway.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import parley.keys.vault.UnsealDoor;
import parley.keys.vault.Vault;

/// A vault that is opened by holders of shares while a process waits for them.
final class SealedVault {
  private static final long LOOK_SECONDS = 1;

  private SealedVault() {}

  /// Waits until it is open.
  ///
  /// @throws CommandFailed where the process was told to stop before
  static Vault await(Path file, Signals signals)
      throws IOException, InterruptedException, CommandFailed {
    try (UnsealDoor door = UnsealDoor.open(file)) {
      CompletableFuture<Vault> opened = door.opened();
      while (!opened.isDone()) {
        if (signals.await(LOOK_SECONDS) == Signals.Signal.STOP) {
          throw new CommandFailed(
              ExitCode.VAULT, "stopped before enough holders had brought their shares");
        }
      }
      return opened.join();
    }
  }
}
