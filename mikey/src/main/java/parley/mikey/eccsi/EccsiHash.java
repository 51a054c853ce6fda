package parley.mikey.eccsi;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The two hashes of RFC 6507, 5.1.1 and 5.2.1, 32 octets each. They may exceed q: scalars take
/// them mod q.
final class EccsiHash {
  private EccsiHash() {}

  /// `HS = hash(G || KPAK || ID || PVT)`: names signer, KMS and token in one value.
  static byte[] hs(EccsiPublicKey kpak, byte[] id, byte[] pvt) {
    var sha = sha256();
    sha.update(P256.G);
    sha.update(kpak.octets());
    sha.update(id);
    return sha.digest(pvt);
  }

  /// `HE = hash(HS || r || M)`, M being `length` octets at `offset`.
  static byte[] he(byte[] hs, byte[] r, byte[] octets, int offset, int length) {
    var sha = sha256();
    sha.update(hs);
    sha.update(r);
    sha.update(octets, offset, length);
    return sha.digest();
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}
