package parley.gateway.keying;

import java.time.Duration;
import java.util.Optional;

/// A message that was taken by HTTP: with its receipt, or without a word.
public final class MikeyHttpDelivery {
  private static final byte[] NONE = {};

  private final byte[] receipt;
  private final Duration again;

  private MikeyHttpDelivery(byte[] receipt, Duration again) {
    this.receipt = receipt;
    this.again = again;
  }

  static MikeyHttpDelivery received(byte[] receipt) {
    return new MikeyHttpDelivery(receipt.clone(), Duration.ZERO);
  }

  static MikeyHttpDelivery taken(Duration again) {
    return new MikeyHttpDelivery(NONE, again);
  }

  /// The body `application/mikey` of the answer, unverified.
  public Optional<byte[]> receipt() {
    return receipt.length == 0 ? Optional.empty() : Optional.of(receipt.clone());
  }

  /// After how long the receiver would have the same message again, because it keeps it for
  /// somebody who is away; zero where it does not say.
  public Duration again() {
    return again;
  }

  @Override
  public String toString() {
    return "MikeyHttpDelivery[%d octets, again after %s]".formatted(receipt.length, again);
  }
}
