package parley.mikey.eccsi;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import parley.mikey.secret.SecretBytes;

/// The half of one signature that does not depend on what is signed, nor on who signs: the secret
/// scalar j and r, the x of `[j]G` (RFC 6507, 5.2.1, steps 1 and 2).
///
/// For one signature. Two under one j give the signing key away to whoever sees both, so the first
/// use empties it and every other is refused, whichever thread comes first. It lives in memory
/// alone: a copy of a running machine (a snapshot that is resumed twice) holds the same j, so keep
/// few and not for long. Zeroed by its use or by `close`. Thread-safe.
public final class SigningNonce implements AutoCloseable {
  private final byte[] r;
  private final SecretBytes j;
  private final AtomicBoolean isSpent = new AtomicBoolean();

  private SigningNonce(byte[] r, SecretBytes j) {
    this.r = r;
    this.j = j;
  }

  /// Of the first 32 octets that `random` gives from 1 to q - 1 and whose r is no 0.
  public static SigningNonce draw(SecureRandom random) {
    while (true) {
      byte[] j = P256.randomScalar(random);
      byte[] r = Arrays.copyOfRange(P256.multiplyG(j), 1, 1 + P256.SCALAR_OCTETS);
      SecretBytes secret = SecretBytes.take(j, "signing nonce");
      if (P256.isScalar(r, 0)) {
        return new SigningNonce(r, secret);
      }
      secret.close();
    }
  }

  /// Hands j over for its one use; the caller closes it.
  ///
  /// @throws IllegalStateException if it was used or closed
  SecretBytes spend() {
    if (!isSpent.compareAndSet(false, true)) {
      throw new IllegalStateException("a signing nonce was used up; twice would give the key away");
    }
    return j;
  }

  /// Public once the signature is; must not be changed.
  byte[] unsafeR() {
    return r;
  }

  /// Still owned by this object; to be read by way of [#spend] alone.
  SecretBytes j() {
    return j;
  }

  /// Whether nothing can be signed with it any more.
  public boolean isSpent() {
    return isSpent.get();
  }

  /// Zeroes j. One that is being signed with at this moment completes its signature or fails; it
  /// signs nothing else.
  @Override
  public void close() {
    isSpent.set(true);
    j.close();
  }

  @Override
  public String toString() {
    return isSpent() ? "SigningNonce[spent]" : "SigningNonce[fresh]";
  }
}
