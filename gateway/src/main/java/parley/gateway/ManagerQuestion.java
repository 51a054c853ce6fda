package parley.gateway;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import parley.keys.manager.ManagerClient;
import parley.keys.member.KeysMissing;
import parley.keys.vault.VaultException;

/// What one group's manager is asked again and again over HTTPS.
interface ManagerQuestion {
  /// One word for logs and metrics.
  String what();

  /// How long between two of them.
  Duration every();

  /// Asks, and does with the answer what is to be done. May wait.
  ///
  /// @throws IOException with a sentence, when there is no answer, or none that is good
  void ask(ManagerClient manager)
      throws IOException, InterruptedException, KeysMissing, VaultException;

  /// When what is held is over, where that is worth a meter; null otherwise. Any thread.
  default @Nullable Instant heldUntil() {
    return null;
  }

  /// What goes on without an answer, for the log.
  String meanwhile();
}
