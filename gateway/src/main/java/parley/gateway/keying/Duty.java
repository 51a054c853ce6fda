package parley.gateway.keying;

import java.util.function.BooleanSupplier;

/// What all groups of a gateway may do now: take new bursts, and announce keys of their own.
///
/// Written by whoever operates the gateway, read by every loop and the pool.
public final class Duty {
  private volatile boolean draining;
  private volatile BooleanSupplier clock = () -> true;

  /// Takes no burst that does not run already, and stands by at every bridge.
  public void drain() {
    draining = true;
  }

  public void resume() {
    draining = false;
  }

  /// Announces only while `isTrusted` answers yes; asked on the pool before every announcement.
  public void announceWhile(BooleanSupplier isTrusted) {
    clock = isTrusted;
  }

  boolean takesBursts() {
    return !draining;
  }

  boolean mayAnnounce() {
    return clock.getAsBoolean();
  }
}
