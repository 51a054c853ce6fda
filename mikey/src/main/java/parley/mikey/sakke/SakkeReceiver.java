package parley.mikey.sakke;

import static parley.mikey.sakke.ParameterSet1.ENCAPSULATED_OCTETS;
import static parley.mikey.sakke.ParameterSet1.POINT_OCTETS;
import static parley.mikey.sakke.ParameterSet1.Q;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import parley.mikey.InvalidKey;
import parley.mikey.InvalidPoint;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// Opens what was encrypted to one identifier, with its Receiver Secret Key (RFC 6508, 6.2.2).
///
/// Thread-safe. The key lives on as the lines of its pairing (about 500 KB), which `close()` gives
/// to the garbage collector; numbers cannot be zeroed.
public final class SakkeReceiver implements AutoCloseable {
  private static final SecretAccess ACCESS = SecretAccess.token();

  private final SakkePublicKey z;
  private final byte[] id;
  private final BigInteger b;
  private volatile @Nullable PairingLines rsk;

  private SakkeReceiver(SakkePublicKey z, byte[] id, BigInteger b, PairingLines rsk) {
    this.z = z;
    this.id = id;
    this.b = b;
    this.rsk = rsk;
  }

  /// Checks the key against identifier and KMS, as every key must be when it arrives: `<[b]P + Z,
  /// K> = g` (6.1.2). Takes about a tenth of a second. `rsk`, 257 octets, stays the caller's.
  ///
  /// @throws InvalidKey if that does not hold, `rsk` is no point of order q, or `id` is out of
  ///   range
  public static SakkeReceiver of(SakkePublicKey z, byte[] id, SecretBytes rsk) throws InvalidKey {
    BigInteger b;
    try {
      b = SakkePublicKey.identifier(id);
    } catch (IllegalArgumentException _) {
      throw new InvalidKey("the identifier of a receiver secret key is no integer from 2 to q - 1");
    }
    PairingLines lines = lines(rsk);
    Optional<BigInteger> g = z.keyOf(b).toAffine().flatMap(lines::with);
    if (g.isEmpty() || !g.get().equals(ParameterSet1.G)) {
      throw new InvalidKey(
          "the receiver secret key was not issued by this KMS for this identifier");
    }
    return new SakkeReceiver(z, id.clone(), b, lines);
  }

  private static PairingLines lines(SecretBytes rsk) throws InvalidPoint {
    String what = "the receiver secret key";
    byte[] octets = rsk.lend(ACCESS, byte[]::clone);
    try {
      return PairingLines.of(AffinePoint.decode(octets, what), what);
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }

  /// The shared secret value, 16 octets, which the caller closes; absent if `data` is not what
  /// [SakkePublicKey#encapsulate] makes of it for this identifier, octet for octet.
  ///
  /// R is computed again from the opened value and compared before that value leaves: it is this
  /// which stops a sender of chosen points from learning about the key (step 5). No octets of
  /// `data`, of any length, lead to an exception.
  ///
  /// @throws IllegalStateException once closed
  public Optional<SecretBytes> decapsulate(byte[] data) {
    PairingLines lines = rsk;
    if (lines == null) {
      throw new IllegalStateException("this receiver is closed");
    }
    if (data.length != ENCAPSULATED_OCTETS) {
      return Optional.empty();
    }
    byte[] r = Arrays.copyOf(data, POINT_OCTETS);
    byte[] hint = Arrays.copyOfRange(data, POINT_OCTETS, ENCAPSULATED_OCTETS);
    try {
      return lines.with(AffinePoint.decode(r, "R")).flatMap(w -> opened(r, hint, w));
    } catch (InvalidPoint _) {
      return Optional.empty();
    }
  }

  private Optional<SecretBytes> opened(byte[] r, byte[] hint, BigInteger w) {
    byte[] ssv = SakkePublicKey.masked(hint, w);
    try {
      return z.point(b, HashToIntegerRange.of(Q, ssv, id))
          .filter(test -> MessageDigest.isEqual(test, r))
          .map(_ -> SecretBytes.copyOf(ssv, "SSV"));
    } finally {
      Arrays.fill(ssv, (byte) 0);
    }
  }

  @Override
  public void close() {
    rsk = null;
  }

  @Override
  public String toString() {
    return "SakkeReceiver[identifier " + HexFormat.of().formatHex(id) + "]";
  }
}
