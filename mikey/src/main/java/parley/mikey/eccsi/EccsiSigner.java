package parley.mikey.eccsi;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import parley.mikey.InvalidKey;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// Signs as one identity in one key period (RFC 6507, 5.2.1). Thread-safe until closed.
public final class EccsiSigner implements AutoCloseable {
  /// `r || s || PVT`.
  public static final int SIGNATURE_OCTETS = 2 * P256.SCALAR_OCTETS + P256.POINT_OCTETS;

  private static final int TOKEN_WIDTH = 5;
  private static final SecretAccess ACCESS = SecretAccess.token();

  private final SecretBytes ssk;
  private final byte[] pvt;
  private final byte[] hs;

  EccsiSigner(SecretBytes ssk, byte[] pvt, byte[] hs) {
    this.ssk = ssk;
    this.pvt = pvt;
    this.hs = hs;
  }

  /// Checks the key against identifier and KMS, as every key must be before its first use (5.1.2).
  /// Copies `ssk`, which stays the caller's.
  ///
  /// @throws InvalidKey if `KPAK = [SSK]G - [HS]PVT` does not hold, or a value is out of range
  public static EccsiSigner of(EccsiPublicKey kpak, byte[] id, SecretBytes ssk, byte[] pvt)
      throws InvalidKey {
    long[] token = P256.decode(pvt, "the PVT");
    byte[] hs = EccsiHash.hs(kpak, id, pvt);
    if (ssk.length() != P256.SCALAR_OCTETS
        || !ssk.lend(ACCESS, k -> matches(k, kpak, Scalars.reduced(hs), token))) {
      throw new InvalidKey("the signing key was not issued by this KMS for this identifier");
    }
    return new EccsiSigner(ssk.duplicate(), pvt.clone(), hs);
  }

  private static boolean matches(byte[] ssk, EccsiPublicKey kpak, byte[] hs, long[] pvt) {
    if (!P256.isScalar(ssk, 0) || !P256.isScalar(hs, 0)) {
      return false;
    }
    try (var sum = new PointSum()) {
      PointTable.narrow(pvt, TOKEN_WIDTH).addMultiple(sum, hs);
      sum.plus(kpak.point(), 0, 0);
      return sum.isDefined() && Arrays.equals(P256.encode(sum), P256.multiplyG(ssk));
    }
  }

  /// Signs `length` octets at `offset`: 129 octets, which differ at each call.
  ///
  /// The fresh scalar j is the first 32 octets that `random` gives from 1 to q - 1. A j that leads
  /// to r = 0 or HE + r SSK = 0 is drawn again.
  public byte[] sign(byte[] octets, int offset, int length, SecureRandom random) {
    return sign(octets, offset, length, SigningNonce.draw(random), random);
  }

  /// The same with a nonce drawn ahead, which is used up whatever becomes of the signature: one
  /// hash, one inverse and two products are left to do. `random` is asked only where HE + r SSK =
  /// 0.
  ///
  /// @throws IllegalStateException if `nonce` was used before; nothing was computed with it then
  public byte[] sign(
      byte[] octets, int offset, int length, SigningNonce nonce, SecureRandom random) {
    Objects.checkFromIndexSize(offset, length, octets.length);
    Optional<byte[]> signature = sign(octets, offset, length, nonce);
    while (signature.isEmpty()) {
      signature = sign(octets, offset, length, SigningNonce.draw(random));
    }
    return signature.get();
  }

  private Optional<byte[]> sign(byte[] octets, int offset, int length, SigningNonce nonce) {
    try (SecretBytes j = nonce.spend()) {
      byte[] r = nonce.unsafeR();
      byte[] he = EccsiHash.he(hs, r, octets, offset, length);
      byte[] e = ssk.lend(ACCESS, k -> Scalars.productPlus(r, k, he));
      if (!P256.isScalar(e, 0)) {
        return Optional.empty();
      }
      byte[] s = quotient(j, e);
      return Optional.of(ByteBuffer.allocate(SIGNATURE_OCTETS).put(r).put(s).put(pvt).array());
    }
  }

  /// `j / e`; zeroes `e`, which would give the key away.
  private static byte[] quotient(SecretBytes j, byte[] e) {
    byte[] inverse = Scalars.inverse(e);
    try {
      return j.lend(ACCESS, scalar -> Scalars.product(inverse, scalar));
    } finally {
      Arrays.fill(e, (byte) 0);
      Arrays.fill(inverse, (byte) 0);
    }
  }

  @Override
  public void close() {
    ssk.close();
  }

  @Override
  public String toString() {
    return "EccsiSigner[PVT " + HexFormat.of().formatHex(pvt) + "]";
  }
}
