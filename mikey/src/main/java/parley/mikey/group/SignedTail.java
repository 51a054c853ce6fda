package parley.mikey.group;

import java.security.SecureRandom;
import java.util.Arrays;
import parley.mikey.eccsi.EccsiSigner;
import parley.mikey.eccsi.EccsiVerifier;
import parley.mikey.identity.KmsCertificate;

/// The ECCSI signature at the end of a message, over everything before it.
final class SignedTail {
  static final int OCTETS = EccsiSigner.SIGNATURE_OCTETS;

  private SignedTail() {}

  /// Puts the signature into the last octets of a complete message.
  static void put(byte[] octets, EccsiSigner signer, SecureRandom random) {
    int signed = octets.length - OCTETS;
    System.arraycopy(signer.sign(octets, 0, signed, random), 0, octets, signed, OCTETS);
  }

  /// Whether whoever has this identifier at `kms` signed the message.
  static boolean isBy(
      byte[] identifier, KmsCertificate kms, byte[] octets, EccsiVerifier verifier) {
    int signed = octets.length - OCTETS;
    return verifier.verify(
        kms.authKey(),
        identifier,
        octets,
        0,
        signed,
        Arrays.copyOfRange(octets, signed, octets.length));
  }
}
