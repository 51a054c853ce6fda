package parley.keys.gba.ue;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import parley.keys.gba.BootstrappedKey;
import parley.keys.vault.VaultException;

/// The UE's key of now: the one it has while that is good, else a new one. Safe for use by many
/// threads, of which one bootstraps and the others wait for it.
public final class Bootstrap {
  /// A key that ends sooner is not begun with.
  private static final Duration LEAST_REST = Duration.ofMinutes(1);

  private final UbClient ub;
  private final BootstrapMemory memory;
  private final InstantSource clock;

  /// Both stay the caller's.
  public Bootstrap(UbClient ub, BootstrapMemory memory, InstantSource clock) {
    this.ub = ub;
    this.memory = memory;
    this.clock = clock;
  }

  /// The caller closes it.
  public synchronized BootstrappedKey current() throws BootstrapFailed, VaultException {
    Optional<BootstrappedKey> stored = memory.load();
    if (stored.isPresent() && stored.get().isGood(clock.instant().plus(LEAST_REST))) {
      return stored.get();
    }
    stored.ifPresent(BootstrappedKey::close);
    return renewed();
  }

  /// A new one, because a server did not take the one that was used; the caller closes it.
  public synchronized BootstrappedKey renewed() throws BootstrapFailed, VaultException {
    BootstrappedKey made = ub.bootstrap();
    boolean stored = false;
    try {
      memory.store(made);
      stored = true;
      return made;
    } finally {
      if (!stored) {
        made.close();
      }
    }
  }
}
