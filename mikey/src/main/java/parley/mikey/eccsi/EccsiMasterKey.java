package parley.mikey.eccsi;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
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
    this.kpak = new EccsiPublicKey(ksak.lend(ACCESS, k -> P256.multiplyG(new BigInteger(1, k))));
  }

  public static EccsiMasterKey generate(SecureRandom random) {
    byte[] octets = P256.encode(P256.randomScalar(random));
    return new EccsiMasterKey(SecretBytes.take(octets, "KSAK"));
  }

  /// Copies `ksak`, which stays the caller's.
  ///
  /// @throws IllegalArgumentException if it is not 32 octets from 1 to q - 1
  public static EccsiMasterKey of(SecretBytes ksak) {
    if (ksak.length() != P256.SCALAR_OCTETS
        || !ksak.lend(ACCESS, k -> P256.isScalar(new BigInteger(1, k)))) {
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
    return ksak.lend(ACCESS, k -> issue(new BigInteger(1, k), id, deviceId));
  }

  private EccsiUserKey issue(BigInteger k, byte[] id, byte[] deviceId) {
    var generator = new HMacDSAKCalculator(new SHA256Digest());
    generator.init(P256.Q, k, subject(id, deviceId));
    while (true) {
      BigInteger v = generator.nextK();
      byte[] pvt = P256.encode(P256.multiplyG(v));
      BigInteger hs = new BigInteger(1, EccsiHash.hs(kpak, id, pvt)).mod(P256.Q);
      BigInteger ssk = hs.multiply(v).add(k).mod(P256.Q);
      if (hs.signum() != 0 && ssk.signum() != 0) {
        return new EccsiUserKey(SecretBytes.take(P256.encode(ssk), "SSK"), pvt);
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
