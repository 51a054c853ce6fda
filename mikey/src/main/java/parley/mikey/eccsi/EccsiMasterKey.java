package parley.mikey.eccsi;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import parley.mikey.InvalidPoint;
import parley.mikey.secret.SecretAccess;
import parley.mikey.secret.SecretBytes;

/// The KMS Secret Authentication Key, KSAK, and what it issues (RFC 6507, 5.1). Thread-safe until
/// closed.
public final class EccsiMasterKey implements AutoCloseable {
  private static final SecretAccess ACCESS = SecretAccess.token();
  private static final byte[] V_LABEL = "parley-eccsi-v-1".getBytes(StandardCharsets.US_ASCII);

  private final SecretBytes ksak;
  private final EccsiPublicKey kpak;

  private EccsiMasterKey(SecretBytes ksak) {
    this.ksak = ksak;
    this.kpak = publicKey(ksak.lend(ACCESS, P256::multiplyG));
  }

  private static EccsiPublicKey publicKey(byte[] point) {
    try {
      return EccsiPublicKey.of(point);
    } catch (InvalidPoint e) {
      throw new IllegalStateException("a multiple of G is a point", e);
    }
  }

  public static EccsiMasterKey generate(SecureRandom random) {
    return new EccsiMasterKey(SecretBytes.take(P256.randomScalar(random), "KSAK"));
  }

  /// Copies `ksak`, which stays the caller's.
  ///
  /// @throws IllegalArgumentException if it is not 32 octets from 1 to q - 1
  public static EccsiMasterKey of(SecretBytes ksak) {
    if (ksak.length() != P256.SCALAR_OCTETS || !ksak.lend(ACCESS, k -> P256.isScalar(k, 0))) {
      throw new IllegalArgumentException("a KSAK is 32 octets from 1 to q - 1");
    }
    return new EccsiMasterKey(ksak.duplicate());
  }

  /// The KSAK, 32 octets, for storage. It closes with this object.
  public SecretBytes secret() {
    return ksak;
  }

  public EccsiPublicKey publicKey() {
    return kpak;
  }

  /// The key of one device: the same whenever it is asked for, another for each device of a user
  /// (RFC 6509, 2.3), because v comes from (KSAK, identifier, device id) by the generator of RFC
  /// 6979, 3.2.
  public EccsiUserKey issue(byte[] id, byte[] deviceId) {
    return ksak.lend(ACCESS, k -> issue(k, id, deviceId));
  }

  private EccsiUserKey issue(byte[] k, byte[] id, byte[] deviceId) {
    var generator = new HMacDSAKCalculator(new SHA256Digest());
    generator.init(P256.Q, new BigInteger(1, k), subject(id, deviceId));
    while (true) {
      byte[] v = P256.encode(generator.nextK());
      byte[] pvt = P256.multiplyG(v);
      byte[] hs = Scalars.reduced(EccsiHash.hs(kpak, id, pvt));
      byte[] ssk = Scalars.productPlus(hs, v, k);
      Arrays.fill(v, (byte) 0);
      if (P256.isScalar(hs, 0) && P256.isScalar(ssk, 0)) {
        return new EccsiUserKey(SecretBytes.take(ssk, "SSK"), pvt);
      }
    }
  }

  /// Both strings with their lengths, so that no two pairs run together.
  private static byte[] subject(byte[] id, byte[] deviceId) {
    var sha = EccsiHash.sha256();
    sha.update(V_LABEL);
    sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(id.length).array());
    sha.update(id);
    sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(deviceId.length).array());
    return sha.digest(deviceId);
  }

  @Override
  public void close() {
    ksak.close();
  }

  @Override
  public String toString() {
    return "EccsiMasterKey[" + kpak + "]";
  }
}
